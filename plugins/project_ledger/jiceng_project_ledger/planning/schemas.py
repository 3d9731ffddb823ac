"""A plan: phases and steps with their weights; what is done of it; changes asked for; templates."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 - msgspec reads the annotations
from uuid import UUID  # noqa: TC003 - msgspec reads the annotations

import msgspec

WHOLE = 100


class Phase(msgspec.Struct, frozen=True):
    """A phase of a plan; phases are counted from 1 in their order."""

    name: str
    starts: date
    ends: date


class Step(msgspec.Struct, frozen=True):
    """A step of phase number `phase`; `weight` is its part of the project in whole percent.

    `done` is the day it was completed, `proof` what came of it, `file` a stored file that shows it.
    """

    phase: int
    name: str
    starts: date
    ends: date
    weight: int
    deliverable: str = ""
    done: date | None = None
    proof: str = ""
    file: UUID | None = None

    @property
    def planned(self) -> tuple[object, ...]:
        """What was planned of it, without what was done."""
        return (self.phase, self.name, self.starts, self.ends, self.weight, self.deliverable)

    def days_late(self, day: date) -> int:
        """Days past its end, on the day or when it was done; 0 when in time."""
        return max(0, ((self.done or day) - self.ends).days)


class Plan(msgspec.Struct, frozen=True):
    """Phases and steps in their order; empty while nothing is planned."""

    phases: tuple[Phase, ...] = ()
    steps: tuple[Step, ...] = ()

    def of(self, phase: int) -> list[tuple[int, Step]]:
        """The steps of a phase, each with its number in the plan (from 1)."""
        return [(number, step) for number, step in enumerate(self.steps, 1) if step.phase == phase]

    def weight(self, phase: int) -> int:
        """The weight of a phase: that of its steps."""
        return sum(step.weight for step in self.steps if step.phase == phase)

    @property
    def done(self) -> int:
        """Percent that is done, by weight."""
        return sum(step.weight for step in self.steps if step.done)

    def due(self, day: date) -> int:
        """Percent that should be done by the end of the day, by weight."""
        return sum(step.weight for step in self.steps if step.ends <= day)

    @property
    def current(self) -> str:
        """The phase the project is in: the first with a step left; "" without a plan or when all is done."""
        ahead = next((step.phase for step in self.steps if step.done is None), 0)
        return self.phases[ahead - 1].name if ahead else ""

    def late(self, day: date) -> list[Step]:
        """Steps not done by the day although they should be."""
        return [step for step in self.steps if step.done is None and step.ends < day]


class PlanChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change of the plan asked for while the project runs; `state` is asked, granted or refused."""

    id: UUID
    seq: int
    reason: str
    before: Plan
    after: Plan
    state: str
    asked_by: UUID | None
    asked_at: datetime
    decision: str
    decided_by: str
    decided_at: datetime | None
