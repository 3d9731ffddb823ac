"""Reads where organizations stand, from the results of the scheme's runs: what is seen here only."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from jiceng.api import organizations, today
from jiceng.api.results import FinalResult, grades_of, latest_results
from jiceng_classification.plans.vocabulary import PROGRAMMES, REMEDY, SCHEME
from jiceng_classification.standing.schemas import Board, Standing

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID


async def board(year: int) -> Board | None:
    """The year's classes, or None when none were computed, or none of those that are seen here."""
    found = await latest_results(SCHEME, since=date(year - 1, 1, 1), until=date(year, 12, 31))
    now = [one for one in found if one.last_day.year == year and one.grade]
    if not now:
        return None
    before = {one.subject: one for one in found if one.last_day.year == year - 1 and one.grade}
    places = {place.id: place for place in await organizations(min(today(), date(year, 12, 31)))}
    rows = tuple(
        Standing(
            organization=one.subject,
            number=places[one.subject].number,
            name=places[one.subject].name,
            town=places[one.subject].town,
            grade=one.grade or "",
            before=_grade(before.get(one.subject)),
            programme=str(one.outputs.get("programme") or ""),
            movement=str(one.outputs.get("movement") or ""),
            score=one.score,
            final=one.final,
        )
        for one in now
        if one.subject in places
    )
    if not rows:
        return None
    return _counted(year, await grades_of(now[0].run), rows, before)


async def with_planned(board: Board | None, year: int, planned: Collection[UUID]) -> list[Standing]:
    """The year's rows, then the organizations that have a plan though they were not classified."""
    rows = list(board.rows) if board else []
    others = set(planned) - {row.organization for row in rows}
    if not others:
        return rows
    return rows + [
        Standing(
            organization=place.id,
            number=place.number,
            name=place.name,
            town=place.town,
            grade="",
            before="",
            programme="",
            movement="",
            score=None,
            final=False,
        )
        for place in await organizations(min(today(), date(year, 12, 31)))
        if place.id in others
    ]


async def years() -> list[int]:
    """The years that were classified, the latest first."""
    return sorted({one.last_day.year for one in await latest_results(SCHEME)}, reverse=True)


def programme_of(rows: Sequence[Standing], organization: UUID) -> str:
    """The programme an organization belongs to; raising (提升) for one that was not classified."""
    found = next((row.programme for row in rows if row.organization == organization), "")
    return found if found in PROGRAMMES else PROGRAMMES[1]


def _counted(
    year: int, grades: tuple[str, ...], rows: tuple[Standing, ...], before: dict[UUID, FinalResult]
) -> Board:
    seen = {row.organization: row for row in rows}
    weak_before = [
        subject
        for subject, one in before.items()
        if one.outputs.get("programme") == REMEDY and subject in seen
    ]
    return Board(
        year=year,
        grades=grades,
        rows=rows,
        matrix=dict(Counter((row.before, row.grade) for row in rows if row.before)),
        weak_before=len(weak_before),
        turned=sum(seen[subject].programme != REMEDY for subject in weak_before),
        final=all(row.final for row in rows),
    )


def _grade(one: FinalResult | None) -> str:
    return "" if one is None or one.grade is None else one.grade
