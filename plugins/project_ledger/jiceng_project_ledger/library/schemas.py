"""A project as pages and other parts see it, its moves; and a project as it is proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng_project_ledger.money import yuan
from jiceng_project_ledger.states import RUNNING, State

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

    from jiceng_project_ledger.library.vocabulary import Kind


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What is proposed; `budget` in fen. Only title, kind and owner must be said before it is submitted."""

    title: str
    kind: Kind
    organization: UUID
    year: int
    proposer: str = ""
    responsible: UUID | None = None
    goal: str = ""
    content: str = ""
    measures: str = ""
    benchmark: str = ""
    benchmark_measure: str = ""
    benchmark_unit: str = ""
    benchmark_figure: Decimal | None = None
    start_figure: Decimal | None = None
    budget: int = 0
    starts: date | None = None
    deadline: date | None = None


class Project(Proposal, frozen=True, kw_only=True):
    """One project; `organization_name`, `town` and `responsible_name` as they are called today.

    `subject` is its id on the roster once approved; `began` and `ended` the days it was started and closed.
    """

    id: UUID
    number: str
    state: State
    round: int
    subject: UUID | None
    made_by: UUID | None
    handed_in_by: UUID | None
    began: date | None
    ended: date | None
    organization_name: str
    town: str
    responsible_name: str
    responsible_number: str

    @property
    def budget_yuan(self) -> Decimal:
        """The budget in yuan."""
        return yuan(self.budget)

    @property
    def running(self) -> bool:
        """Whether the plan is being carried out."""
        return self.state in RUNNING

    def days_late(self, day: date) -> int:
        """How many days past its deadline, on the day or when it was closed; 0 when in time."""
        if self.deadline is None or self.began is None:
            return 0
        return max(0, ((self.ended or day) - self.deadline).days)


class Handover(msgspec.Struct, frozen=True):
    """Another person came to answer for a project; `before` and `after` are names, "" for nobody before."""

    before: str
    after: str
    reason: str
    decided_by: str
    at: datetime


class Move(msgspec.Struct, frozen=True):
    """What was done to a project; `by` is an account, `decided_by` the name of who decided."""

    seq: int
    act: str
    before: str
    after: str
    reason: str
    deadline: date | None
    by: UUID | None
    decided_by: str
    at: datetime
