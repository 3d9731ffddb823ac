"""What pages see of publication: where a run stands, its notice, confirmations and objections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.publication.flow.states import ACT_WORDS, NOTICE_AHEAD, NOTICE_OVER, STATE_WORDS, Act, State

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID


class PublicationInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Where the results of a run stand; the notice's fields are empty until it opens."""

    id: UUID | None
    run: UUID
    state: State
    grades: tuple[str, ...] = ()
    document: str = ""
    first_day: date | None = None
    last_day: date | None = None
    working_days: int = 0
    office: str = ""
    phone: str = ""
    place: str = ""
    masked: bool = True

    def in_words(self, day: date) -> str:
        """The state as a page says it on that day."""
        if self.over_on(day):
            return NOTICE_OVER
        ahead = self.state is State.NOTICE and self.first_day is not None and day < self.first_day
        return NOTICE_AHEAD if ahead else STATE_WORDS[self.state]

    @property
    def shown(self) -> bool:
        """Whether there is a notice to read: it runs or ran to its end, was not withdrawn or stopped."""
        return self.state in (State.NOTICE, State.FINAL)

    def runs_on(self, day: date) -> bool:
        """Whether the notice runs on that day, from its first to its last."""
        if self.state is not State.NOTICE or self.first_day is None or self.last_day is None:
            return False
        return self.first_day <= day <= self.last_day

    def over_on(self, day: date) -> bool:
        """Whether the notice is over on that day and the results wait to take effect."""
        return self.state is State.NOTICE and self.last_day is not None and self.last_day < day


class Move(msgspec.Struct, frozen=True):
    """One move, by a person named."""

    act: str
    before: str
    after: str
    reason: str
    person: str
    at: datetime

    @property
    def in_words(self) -> str:
        """The act as a page says it."""
        return ACT_WORDS[Act(self.act)]


class ConfirmationShown(msgspec.Struct, frozen=True):
    """One act of confirming: for whom, by whom, why; how many, and the exceptions by name."""

    about: str
    reason: str
    person: str
    at: datetime
    confirmed: int
    exceptions: tuple[str, ...]


class ObjectionShown(msgspec.Struct, frozen=True, kw_only=True):
    """An objection with its answer, if there is one."""

    id: UUID
    number: int
    about: str
    text: str
    received: date
    person: str
    answer: str
    answered_by: str
    answered_at: datetime | None


class NoticeRow(msgspec.Struct, frozen=True):
    """One line of a notice; the name is masked already where it is to be."""

    organization: str
    name: str
    score: Decimal | None
    grade: str


class Standing(msgspec.Struct, frozen=True):
    """How many results wait for a named person: `rated` may take effect, `confirmed` and `held` are decided.

    `unrated` have no result (waiting for a ruling or a fact) and never take effect.
    """

    rated: int
    unrated: int
    confirmed: int
    held: int

    @property
    def waiting(self) -> int:
        """Rated ones that nobody has confirmed or listed as an exception."""
        return self.rated - self.confirmed - self.held
