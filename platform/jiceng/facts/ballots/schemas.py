"""What pages and other modules see of ballots."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal
from uuid import UUID

import msgspec

from jiceng.roster.queries import SubjectKind

State = Literal["draft", "open", "closed", "counted", "withdrawn"]
Measure = Literal["votes", "rate", "mark", "choice"]
"""What is handed on: votes by option, the rate of satisfaction, a mean, the option most voted for."""
Way = Literal["", "online", "paper"]

QUORUMS = ("0", "1/2", "2/3", "3/4", "4/5", "1")
"""Shares of a party's roll that may be demanded."""
LEAST_OPTIONS, MOST_OPTIONS, MOST_SUBJECTS, MOST_VOTERS = 2, 10, 100, 2000
MOST_DROPPED = 10
LEAST_MINIMUM, MOST_MINIMUM = 2, 50


class Option(msgspec.Struct, frozen=True):
    """One answer; `points` for a mark, `satisfied` for the rate of satisfaction."""

    name: str
    points: Decimal | None = None
    satisfied: bool = False


class BallotInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot without its parties."""

    id: UUID
    number: int
    title: str
    kind: SubjectKind
    scheme: str
    fact: str
    measure: Measure
    day: date
    options: tuple[Option, ...]
    drop_high: int
    drop_low: int
    quorum: str
    minimum: int
    note: str
    closes_at: datetime | None
    state: State
    opened_at: datetime | None
    counted_at: datetime | None
    withdrawn_at: datetime | None = None
    withdrawn_name: str = ""
    withdrawn_reason: str = ""

    def demanded(self, entitled: int, *, small: bool) -> int:
        """How many papers a party must return to count: its quorum, and never fewer than the minimum."""
        share = Fraction(self.quorum) * entitled
        needed = -(-share.numerator // share.denominator)
        return max(needed, 1) if small else max(needed, self.minimum)


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on the paper."""

    id: UUID
    place: int
    subject: UUID
    name: str
    pledge: str
    took_part: bool
    decided: str = ""
    reason: str = ""


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A group of voters with its turnout: entitled, papers given out by link and by hand."""

    id: UUID
    place: int
    word: str
    title: str
    weight: int
    small: bool
    rates: tuple[UUID, ...]
    entitled: int = 0
    linked: int = 0
    online: int = 0
    paper: int = 0

    def of(self, subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
        """The subjects this party rates."""
        return tuple(one for one in subjects if not self.rates or one.subject in self.rates)


class Voter(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a roll."""

    id: UUID
    party: UUID
    place: int
    label: str
    linked: bool
    way: Way


Tally = dict[tuple[UUID, UUID], dict[str, int]]
"""(party, subject) → option → votes."""
