"""What the forms of redemption send, read strictly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng_points.ledger.forms import count_of, id_of, points_of
from jiceng_points.redemption.schemas import GiftGiven, Rule

if TYPE_CHECKING:
    from uuid import UUID


class WhomForm(msgspec.Struct, frozen=True):
    """Whom somebody acts for, by number."""

    number: str = ""


class RedeemForm(msgspec.Struct, frozen=True):
    """A gift for `member` (empty: for oneself); `redemption` makes a form sent twice count once."""

    redemption: str = ""
    member: str = ""

    def made(self) -> UUID:
        """The redemption's id; Refusal when the form was not the page's own."""
        return id_of(self.redemption)

    def whom(self) -> UUID | None:
        """The member; None for oneself."""
        return id_of(self.member) if self.member else None


class CodeForm(msgspec.Struct, frozen=True):
    """A pick-up code as typed."""

    code: str = ""


class GiftForm(msgspec.Struct, frozen=True):
    """A gift as typed in; `version` is the one that was on the page."""

    title: str = ""
    details: str = ""
    price: str = ""
    each_year: str = ""
    offered: str = ""
    version: str = "0"

    def given(self) -> GiftGiven:
        """The gift; Refusal for a number that is none."""
        return GiftGiven(
            title=self.title.strip(),
            details=self.details.strip(),
            price=points_of(self.price, "所需积分"),
            each_year=count_of(self.each_year, "每人每年限兑") if self.each_year.strip() else None,
            offered=self.offered == "yes",
        )


class StockForm(msgspec.Struct, frozen=True):
    """Pieces that came in, or what was counted."""

    act: str = ""
    count: str = ""


class RuleForm(msgspec.Struct, frozen=True):
    """The rule of redemption as typed in."""

    number: str = "0"
    opened: str = ""
    qualifies: str = ""
    least: str = ""
    grades: str = ""
    days: str = ""

    def rule(self) -> Rule:
        """The rule; Refusal for a number that is none."""
        return Rule(
            number=count_of(self.number, "版本"),
            opened=self.opened == "yes",
            qualifies=self.qualifies,
            least=points_of(self.least, "最低分数"),
            grades=tuple(self.grades.replace(",", "、").replace("，", "、").split("、")),
            days=count_of(self.days, "保留天数"),
        )
