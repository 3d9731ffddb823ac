"""What redemption takes and tells; points are Decimal with two places."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 - msgspec reads the annotations
from decimal import Decimal  # noqa: TC003 - msgspec reads the annotations
from uuid import UUID  # noqa: TC003 - msgspec reads the annotations

import msgspec

from jiceng_points.redemption.vocabulary import STANDINGS, STATE_WORDS, STOCK_WORDS


class Gift(msgspec.Struct, frozen=True, kw_only=True):
    """A thing of the catalogue; `version` counts its changes."""

    id: UUID
    title: str
    details: str
    price: Decimal
    stock: int
    each_year: int | None
    offered: bool
    version: int
    held: int = 0
    """How many are put aside for pick-up."""


class GiftGiven(msgspec.Struct, frozen=True, kw_only=True):
    """A gift as somebody typed it in."""

    title: str
    details: str
    price: Decimal
    each_year: int | None
    offered: bool


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """Who may redeem and how many days a gift is held."""

    number: int = 0
    opened: bool = True
    qualifies: str = "grade"
    least: Decimal
    grades: tuple[str, ...]
    days: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a member may redeem today, and why (vocabulary.STANDINGS); `told`: what the result says."""

    may: bool
    why: str
    period: str = ""
    told: str = ""

    @property
    def pattern(self) -> str:
        """Why or why not, in Chinese, with places for period and told."""
        return STANDINGS[self.why]

    @property
    def words(self) -> str:
        """Why or why not, in Chinese."""
        return self.pattern % {"period": self.period, "told": self.told}


class Redemption(msgspec.Struct, frozen=True, kw_only=True):
    """One redemption as pages show it; `code` only while it is held."""

    id: UUID
    gift: UUID
    title: str
    member: UUID
    price: Decimal
    state: str
    code: str | None
    until: date
    held_at: datetime
    ended_at: datetime | None
    overdue: bool

    @property
    def words(self) -> str:
        """Its state in Chinese."""
        return STATE_WORDS[self.state]


class StockMove(msgspec.Struct, frozen=True, kw_only=True):
    """One change of stock with what was left after it."""

    change: int
    kind: str
    at: datetime
    left: int

    @property
    def words(self) -> str:
        """Its kind in Chinese."""
        return STOCK_WORDS[self.kind]


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """A member who may not redeem for the time being."""

    id: UUID
    member: UUID
    since: date
