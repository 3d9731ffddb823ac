"""The Gantt chart as numbers for SVG: planned and actual bars on one scale of days, today's line. Pure.

Places are whole SVG units from the upper left. The actual bar of a step runs from its planned start (or the
project's actual start, if later) to the day it was done, or to today while it is being worked on.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jiceng_project_ledger.library.schemas import Project
    from jiceng_project_ledger.planning.schemas import Phase, Plan, Step

NAMES, TIME = 300, 960
"""Width of the column of names and of the whole time."""
HEAD, LINE = 34, 30
_PLANNED, _ACTUAL, _INSET = 10, 10, 4
_MONTHS_SHOWN = 18
_NARROW = 3


class Span(msgspec.Struct, frozen=True):
    """A bar from `x` on."""

    x: int
    width: int


class Line(msgspec.Struct, frozen=True):
    """A phase, a step or a project. `late`: days past its end; `percent`: None for a step."""

    name: str
    y: int
    starts: date
    ends: date
    planned: Span
    actual: Span | None
    done: date | None
    late: int
    heading: bool
    percent: int | None = None

    @property
    def y_planned(self) -> int:
        """Where the planned bar begins."""
        return self.y + _INSET

    @property
    def y_actual(self) -> int:
        """Where the actual bar begins."""
        return self.y + _INSET + _PLANNED + 1


class Month(msgspec.Struct, frozen=True):
    """A line of the grid: the first of a month, with its words where they fit."""

    x: int
    words: str


class Chart(msgspec.Struct, frozen=True):
    """The whole chart; `today` and `deadline` are places on the scale, None when outside of it."""

    lines: tuple[Line, ...]
    months: tuple[Month, ...]
    today: int | None
    deadline: int | None

    @property
    def width(self) -> int:
        """Its width."""
        return NAMES + TIME + 10

    @property
    def height(self) -> int:
        """Its height."""
        return HEAD + LINE * len(self.lines) + 6


class _Scale(msgspec.Struct, frozen=True):
    """Days to places: from the first day's beginning to the last day's end."""

    first: date
    last: date

    def at(self, day: date) -> int:
        """Where a day begins."""
        return NAMES + TIME * (day - self.first).days // ((self.last - self.first).days + 1)

    def span(self, first: date, last: date) -> Span:
        """Both days included; one day is never too narrow to be seen."""
        x = self.at(max(first, self.first))
        return Span(x, max(_NARROW, self.at(min(last, self.last) + timedelta(days=1)) - x))

    def place(self, day: date | None) -> int | None:
        """Where a day begins, if it is on the scale."""
        return self.at(day) if day is not None and self.first <= day <= self.last else None


def of_plan(project: Project, plan: Plan, day: date) -> Chart:
    """Phases with their steps."""
    days = [*(one.starts for one in plan.phases), *(one.ends for one in plan.phases)]
    days += [step.done for step in plan.steps if step.done]
    days += _reached(project, day, undone=any(step.done is None for step in plan.steps))
    scale = _scale([*days, *_given(project.starts, project.deadline, project.began)], day)
    lines: list[Line] = []
    for number, phase in enumerate(plan.phases, 1):
        inside = [step for _, step in plan.of(number)]
        lines.append(_of_phase(phase, inside, scale, day, _y(lines)))
        for step in inside:
            actual = _actual(step.starts, project.began, step.done, project.ended or day)
            lines.append(
                Line(
                    step.name,
                    _y(lines),
                    step.starts,
                    step.ends,
                    scale.span(step.starts, step.ends),
                    scale.span(*actual) if actual else None,
                    step.done,
                    step.days_late(day),
                    heading=False,
                )
            )
    return Chart(tuple(lines), _months(scale), scale.place(day), scale.place(project.deadline))


def of_projects(rows: Sequence[tuple[Project, int]], day: date) -> Chart:
    """Many projects, a line each, with what is done of each in percent; those without dates are left out."""
    days = [found for one, _ in rows for found in _given(one.starts, one.deadline, one.began, one.ended)]
    days += [reached for one, _ in rows for reached in _reached(one, day, undone=one.ended is None)]
    scale = _scale(days, day)
    lines: list[Line] = []
    for project, done in rows:
        if project.starts is None or project.deadline is None:
            continue
        began = project.began
        lines.append(
            Line(
                project.title,
                _y(lines),
                project.starts,
                project.deadline,
                scale.span(project.starts, project.deadline),
                scale.span(began, max(began, project.ended or day)) if began else None,
                project.ended,
                project.days_late(day),
                heading=False,
                percent=done,
            )
        )
    return Chart(tuple(lines), _months(scale), scale.place(day), None)


def _of_phase(phase: Phase, steps: Sequence[Step], scale: _Scale, day: date, y: int) -> Line:
    """A phase's line: done when all its steps are, on the day of the last."""
    weight, done = sum(step.weight for step in steps), sum(step.weight for step in steps if step.done)
    last = max((step.done for step in steps if step.done), default=None)
    finished = last if done == weight else None
    return Line(
        phase.name,
        y,
        phase.starts,
        phase.ends,
        scale.span(phase.starts, phase.ends),
        None,
        finished,
        max(0, ((finished or day) - phase.ends).days),
        heading=True,
        percent=done * 100 // weight if weight else 0,
    )


def _actual(starts: date, began: date | None, done: date | None, until: date) -> tuple[date, date] | None:
    if began is None:
        return None
    first = max(starts, began)
    if done is not None:
        return min(first, done), done
    return (first, until) if first <= until else None


def _reached(project: Project, day: date, *, undone: bool) -> tuple[date, ...]:
    """The day to which bars of a project reach that is late: what runs past its dates stays on the chart."""
    if project.began is None or not undone:
        return ()
    return (project.ended or day,)


def _scale(days: Iterable[date], day: date) -> _Scale:
    known = list(days) or [day]
    return _Scale(min(known).replace(day=1), _end_of_month(max(known)))


def _months(scale: _Scale) -> tuple[Month, ...]:
    found, month = [], scale.first
    while month <= scale.last:
        found.append(month)
        month = _end_of_month(month) + timedelta(days=1)
    every = 1 if len(found) <= _MONTHS_SHOWN else 3
    return tuple(
        Month(scale.at(one), f"{one:%Y-%m}" if not place % every else "") for place, one in enumerate(found)
    )


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _given(*days: date | None) -> list[date]:
    return [day for day in days if day is not None]


def _y(lines: Sequence[Line]) -> int:
    return HEAD + LINE * len(lines)
