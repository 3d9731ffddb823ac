"""What pages see of assessment: a project's result, a proposal of accountability with its decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

    from jiceng_project_ledger.assessment.life import State
    from jiceng_project_ledger.library.schemas import Project


class Decision(msgspec.Struct, frozen=True):
    """What a named person decided about a proposal, and why."""

    act: str
    reason: str
    until: date | None
    decided_by: str
    at: datetime


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A project proposed for accountability in a year; `own`: the person looking is the one it is about.

    `person` is who answered for the project when it was proposed.
    """

    id: UUID
    project: Project
    year: int
    person: UUID | None
    person_name: str
    grounds: tuple[str, ...]
    state: State
    until: date | None
    objection: str
    objected: datetime | None
    at: datetime
    own: bool
    decisions: tuple[Decision, ...] = ()


class Rated(msgspec.Struct, frozen=True, kw_only=True):
    """A project with its result of a year; `final` False while it is not in effect."""

    project: Project
    run: UUID
    run_number: int
    status: str
    score: Decimal | None
    grade: str | None
    outputs: dict[str, Any]
    final: bool
