"""The year's facts of every project, handed in from the ledger: new ones, changed ones, those that are gone.

A fact that a person handed in, corrected or withdrew by hand stays as it is: the ledger never writes over it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
import polars as pl

from jiceng.api import NotFound, today
from jiceng.api.database import joined
from jiceng.api.facts import correct_fact, facts_of, rulebook_for, schemes, submit_facts
from jiceng_project_ledger.assessment.measured import Ledger, Measured, measured
from jiceng_project_ledger.certification import queries as certification
from jiceng_project_ledger.costs import queries as costing
from jiceng_project_ledger.costs.schemas import deviation
from jiceng_project_ledger.followup.standing import reported
from jiceng_project_ledger.library import queries as library
from jiceng_project_ledger.library.queries import Wanted
from jiceng_project_ledger.planning import queries as planning
from jiceng_project_ledger.states import LED, Act

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiceng.api.facts import FactShown
    from jiceng_project_ledger.library.schemas import Project

CHINA = ZoneInfo("Asia/Shanghai")
SCHEME = "project_ledger"
SOURCE, CHANGED = "项目台账", "项目台账有变化"
OURS = frozenset({SOURCE, f"更正：{CHANGED}"})
"""Sources of facts that the ledger handed in or corrected itself."""
NAMED = {"phase": "name", "finding": "matter"}
"""Kinds that come as rows, with the field that tells them apart; of the others there is one."""
QUARTERLY = frozenset({"black", "met"})
Key = tuple[str, str]


async def offered() -> bool:
    """Whether the tenant has the scheme, with a rulebook in force today."""
    if not any(one.key == SCHEME and one.available for one in await schemes()):
        return False
    try:
        await rulebook_for(SCHEME, today())
    except NotFound:
        return False
    return True


async def hand_in(year: int) -> tuple[int, int, int]:
    """Hand in what changed since the last time; returns (new, corrected, withdrawn). All or nothing.

    Raises as `submit_facts`: then nothing is handed in, and the next try does it all.
    """
    async with joined():
        projects = [one for one in await library.projects(Wanted(states=tuple(LED))) if counts(one, year)]
        months = await reported(projects, year)
        kinds = set((await rulebook_for(SCHEME, today())).book.facts)
        new: dict[str, list[tuple[str, Measured]]] = {}
        corrected = withdrawn = 0
        for project in projects:
            ledger = await read(project, months.get(project.id, (0, 0)), year)
            wanted = [one for one in measured(ledger, year, today()) if one.kind in kinds]
            standing = await recorded(project, year)
            added, changed, gone = compared(wanted, standing)
            for one in added:
                new.setdefault(one.kind, []).append((str(project.subject), one))
            for seq, one in changed:
                await correct_fact(seq, {"date": one.day, **one.values}, reason=CHANGED)
            for seq in gone:
                await correct_fact(seq, None, reason=CHANGED)
            corrected, withdrawn = corrected + len(changed), withdrawn + len(gone)
        for kind, rows in new.items():
            await submit_facts(SCHEME, kind, frame_of(rows), source=SOURCE, anew=True)
    return sum(len(rows) for rows in new.values()), corrected, withdrawn


def counts(project: Project, year: int) -> bool:
    """Whether a project is a subject of the year: begun by then, not over before it."""
    if project.subject is None or project.began is None or project.began.year > year:
        return False
    return project.ended is None or project.ended.year >= year


async def read(project: Project, months: tuple[int, int], year: int) -> Ledger:
    """Everything that a year's facts of a project are made of."""
    costs = await costing.costs(project.id)
    spent = costs.spent_by(date(year, 12, 31))
    moves = await library.moves(project.id)
    return Ledger(
        project=project,
        plan=await planning.plan(project.id),
        findings=await certification.findings(project.id),
        acceptances=await certification.acceptances(project.id),
        extended=[
            (one.at.astimezone(CHINA).date(), one.deadline)
            for one in moves
            if one.act == Act.EXTEND and one.deadline
        ],
        reported=months,
        deviation=deviation(costs.measure(project.budget), spent) if spent else None,
    )


async def recorded(project: Project, year: int) -> list[FactShown]:
    """The facts of the year that stand for a project, after those that a person withdrew."""
    if project.subject is None:
        return []
    found = await facts_of(project.subject)
    mine = {one.seq: one for one in found if one.scheme == SCHEME and one.occurred.year == year}
    withdrawn = [
        msgspec.structs.replace(mine[one.corrects], source=one.source)
        for one in mine.values()
        if one.state == "withdrawn" and one.source not in OURS and one.corrects in mine
    ]
    return [*withdrawn, *(one for one in mine.values() if one.state == "")]


def compared(
    wanted: Sequence[Measured], standing: Sequence[FactShown]
) -> tuple[list[Measured], list[tuple[int, Measured]], list[int]]:
    """What is to be handed in, corrected (number, what it should say), withdrawn (numbers). Pure."""
    known: dict[Key, FactShown] = {_key(one.kind, one.values, one.occurred): one for one in standing}
    added, changed, kept = [], [], set()
    for one in wanted:
        key = _key(one.kind, one.values, one.day)
        there = known.get(key)
        kept.add(key)
        if there is None:
            added.append(one)
        elif there.source in OURS and not _same(there, one):
            changed.append((there.seq, one))
    computed = {"phase", "finding", "black", "met", "year_met", "breach", "deviation"}
    gone = [
        one.seq
        for key, one in known.items()
        if key not in kept and one.source in OURS and one.kind in computed
    ]
    return added, changed, gone


def frame_of(rows: Sequence[tuple[str, Measured]]) -> pl.DataFrame:
    """Facts of one kind as rows: subject, date, fields."""
    fields = list(rows[0][1].values)
    columns: dict[str, list[Any]] = {"subject": [subject for subject, _ in rows]}
    columns["date"] = [one.day for _, one in rows]
    for field in fields:
        columns[field] = [one.values[field] for _, one in rows]
    exact = {name: pl.Decimal(38, 2) for name in fields if isinstance(rows[0][1].values[name], Decimal)}
    return pl.DataFrame(columns, schema_overrides=exact)


def _key(kind: str, values: Any, day: date) -> Key:  # noqa: ANN401 - values by field
    if kind in NAMED:
        return kind, str(values[NAMED[kind]])
    return kind, f"{(day.month + 2) // 3}" if kind in QUARTERLY else ""


def _same(there: FactShown, one: Measured) -> bool:
    moved = one.kind in NAMED and there.occurred != one.day
    return not moved and all(there.values.get(name) == value for name, value in one.values.items())
