"""What a project's costs are made of, as read; money in whole fen."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import msgspec

from jiceng_project_ledger.money import yuan

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from jiceng_project_ledger.costs.rules import Route

HUNDRED = Decimal(100)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the budget as it holds, or as it held in an earlier version."""

    line: int
    version: int
    name: str
    amount: int
    dropped: bool
    reason: str
    at: datetime


class Inquiry(msgspec.Struct, frozen=True, kw_only=True):
    """A round of quotes or a tender: from when, until when, under which notice."""

    id: UUID
    line: int
    version: int
    route: str
    notice: str
    opened: date
    closes: date
    reason: str


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a supplier asks; `inquiry` None for a direct purchase."""

    id: UUID
    line: int
    inquiry: UUID | None
    supplier: str
    amount: int
    received: date
    valid_until: date
    file: UUID | None
    replaces: UUID | None
    withdrawn: bool
    reason: str
    by: UUID | None


class Award(msgspec.Struct, frozen=True, kw_only=True):
    """Which quote was chosen; `lowest` is what the cheapest that counted asked."""

    id: UUID
    line: int
    version: int
    quote: UUID
    amount: int
    lowest: int
    day: date
    reason: str
    decided_by: str


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """The contract of a line in one version."""

    line: int
    version: int
    award: UUID
    number: str
    amount: int
    signed: date
    file: UUID | None
    reason: str


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """Money paid; one that `reverses` another takes it back."""

    id: UUID
    seq: int
    line: int
    amount: int
    paid: date
    voucher: str
    reverses: UUID | None
    reason: str


class Purchase(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one line that holds: how it is to be bought and how far that is.

    `inquiry` is the round that holds, `earlier` those whose place it took.
    """

    line: Line
    route: Route
    inquiry: Inquiry | None = None
    earlier: tuple[Inquiry, ...] = ()
    quotes: tuple[Quote, ...] = ()
    award: Award | None = None
    contract: Contract | None = None
    payments: tuple[Payment, ...] = ()

    @property
    def spent(self) -> int:
        """What was paid and not taken back, in fen."""
        return sum(one.amount for one in self.standing())

    def standing(self) -> tuple[Payment, ...]:
        """Payments that stand: neither taken back nor taking back."""
        gone = {one.reverses for one in self.payments}
        return tuple(one for one in self.payments if one.reverses is None and one.id not in gone)

    def chosen(self) -> Quote | None:
        """The quote that was awarded."""
        return next((one for one in self.quotes if self.award and one.id == self.award.quote), None)

    def awarded_in(self) -> Inquiry | None:
        """The round in which the awarded quote was made; None without one. A later round changes nothing."""
        chosen = self.chosen()
        rounds = (*self.earlier, self.inquiry) if self.inquiry else self.earlier
        return next((one for one in rounds if chosen and one.id == chosen.inquiry), None)

    def on_time(self) -> tuple[Quote, ...]:
        """Quotes of the round that holds, in by its last day; without a round, those of a direct purchase."""
        if self.inquiry is None:
            return tuple(one for one in self.quotes if one.inquiry is None)
        mine, last = self.inquiry.id, self.inquiry.closes
        return tuple(one for one in self.quotes if one.inquiry == mine and one.received <= last)


class Costs(msgspec.Struct, frozen=True, kw_only=True):
    """A project's costs: the purchases that hold, and every earlier version of a line."""

    purchases: tuple[Purchase, ...]
    earlier: tuple[Line, ...] = ()

    @property
    def planned(self) -> int:
        """The budget lines together, in fen."""
        return sum(one.line.amount for one in self.purchases)

    def measure(self, approved: int) -> int:
        """The budget that actual cost is measured by, in fen: the approved one, its lines where it is 0.

        Lines may be raised while a project runs; what was approved stays.
        """
        return approved or self.planned

    @property
    def spent(self) -> int:
        """What was paid for all lines, in fen."""
        return sum(one.spent for one in self.purchases)

    def spent_by(self, day: date) -> int:
        """What of it was paid up to a day, in fen."""
        return sum(paid.amount for one in self.purchases for paid in one.standing() if paid.paid <= day)

    def of(self, line: int) -> Purchase | None:
        """One purchase by the number of its line."""
        return next((one for one in self.purchases if one.line.line == line), None)


def deviation(budget: int, spent: int) -> Decimal | None:
    """How much dearer than its budget, in percent with two places, half up; None without a budget."""
    if budget == 0:
        return None
    return ((yuan(spent) - yuan(budget)) * HUNDRED / yuan(budget)).quantize(Decimal("0.01"), ROUND_HALF_UP)
