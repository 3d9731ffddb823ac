"""How far a campaign is: every subject's state, coverage and lateness by organization, the differences."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from jiceng.facts.campaigns.rubric import read
from jiceng.facts.campaigns.sheets import all_writable, book_of, rubric, sheets_of
from jiceng.facts.campaigns.stages import RATING
from jiceng.facts.campaigns.standing import places
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, fetch
from jiceng.kernel.spreadsheets.values import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jiceng.facts.campaigns.rubric import Line
    from jiceng.facts.campaigns.schemas import CampaignInfo, SheetInfo
    from jiceng.facts.campaigns.standing import Place
    from jiceng_sdk.rulebook import Rulebook

_ALL = """
select s.subject::text as subject, s.stage, e.line, e.value
from rating_sheet s join rating_entry e on e.tenant_id = s.tenant_id and e.sheet = s.id
where s.tenant_id = $1 and s.campaign = $2 and s.handed_at is not null
"""
HANDED, LATE, DRAFT, OVERDUE, NOTHING = "handed", "late", "draft", "overdue", "nothing"
STATE_NAMES = {HANDED: "已交", LATE: "迟交", DRAFT: "在填", OVERDUE: "逾期未交", NOTHING: "未交"}


class Standing(msgspec.Struct, frozen=True):
    """One subject and the state of each of its sheets, by stage."""

    place: Place
    states: dict[str, str]


class Coverage(msgspec.Struct, frozen=True):
    """An organization with those below it: its subjects; by stage how many are in, and late or overdue."""

    town: str
    subjects: int
    handed: dict[str, int]
    late: dict[str, int]


class Difference(msgspec.Struct, frozen=True):
    """A line that stages rated differently; `values` as typed by stage, `gap` the numbers' span or None."""

    place: Place
    line: Line
    values: dict[str, str]
    gap: Decimal | None


async def overview(info: CampaignInfo, *, own: bool, review: bool) -> tuple[list[Standing], dict[str, int]]:
    """Every subject that may be seen here, and how many sheets wait for the person at work, by way.

    `own`, `review`: the ways he may write sheets; one by which none waits is left out.
    """
    seen = await places(info.subject, today())
    sheets = await sheets_of(info.id)
    waiting = {}
    for way, may_write in (("own", own), ("review", review)):
        opened = await all_writable(info, review=way == "review", seen=seen) if may_write else []
        keys = [(one.place.subject, one.stage) for one in opened]
        waiting[way] = sum(key not in sheets or sheets[key].handed_at is None for key in keys)
    return _standings(info, seen, sheets), {way: count for way, count in waiting.items() if count}


def _standings(
    info: CampaignInfo, seen: Mapping[str, Place], sheets: Mapping[tuple[str, str], SheetInfo]
) -> list[Standing]:
    return [
        Standing(
            place,
            {stage: state_of(info, sheets.get((subject, stage)), stage) for stage in info.dates.stages()},
        )
        for subject, place in seen.items()
    ]


def state_of(info: CampaignInfo, sheet: SheetInfo | None, stage: str) -> str:
    """How far one sheet is: handed in (in time or late), a draft, nothing; overdue after the last day."""
    if sheet is not None and sheet.handed_at is not None:
        return LATE if sheet.late else HANDED
    if today() > info.dates.last_day(stage):
        return OVERDUE
    return NOTHING if sheet is None else DRAFT


def coverage(stages: Iterable[str], found: Iterable[Standing]) -> list[Coverage]:
    """The standings counted by the organization just below the root."""
    towns: dict[str, list[Standing]] = {}
    for one in found:
        towns.setdefault(one.place.town, []).append(one)
    rated = tuple(stages)
    return [
        Coverage(
            town,
            len(some),
            {stage: _count(some, stage, (HANDED, LATE)) for stage in rated},
            {stage: _count(some, stage, (LATE, OVERDUE)) for stage in rated},
        )
        for town, some in towns.items()
    ]


async def differences(info: CampaignInfo) -> list[Difference]:
    """Lines on which the stages that handed in do not agree, the widest gap first."""
    seen = await places(info.subject, today())
    given: dict[tuple[str, str], dict[str, str]] = {}
    for row in await fetch(_ALL, current_tenant(), info.id):
        given.setdefault((row["subject"], row["line"]), {})[row["stage"]] = row["value"].strip()
    book, lines = await book_of(info.rulebook), {line.name: line for line in await rubric(info)}
    found = [
        Difference(
            seen[subject], lines[name], {stage: values[stage] for stage in RATING if stage in values}, gap
        )
        for (subject, name), values in given.items()
        if subject in seen and name in lines
        for differs, gap in [apart(lines[name], book, values)]
        if differs
    ]
    return sorted(found, key=lambda one: (-(one.gap or 0), one.place.number, one.line.name))


def apart(line: Line, book: Rulebook, values: Mapping[str, str]) -> tuple[bool, Decimal | None]:
    """Whether the values (as typed, by stage) differ in what they mean, and how far numbers lie apart."""
    meant = [meant_by(line, book, text) for text in values.values()]
    if all(one == meant[0] for one in meant):
        return False, None
    numbers = [one for one in meant if isinstance(one, Decimal)]
    return True, max(numbers) - min(numbers) if len(numbers) > 1 else None


def meant_by(line: Line, book: Rulebook, text: str) -> object:
    """A typed value as a value where it can be read, else the text itself."""
    try:
        return read(line, book.facts[line.name], text or line.usual)
    except UnreadableError:
        return text


def _count(found: Iterable[Standing], stage: str, states: tuple[str, ...]) -> int:
    return sum(one.states.get(stage) in states for one in found)


def total(lines: Iterable[Line], book: Rulebook, values: Mapping[str, str]) -> Decimal:
    """The sum of the numbers filled in: what the sheet says at its foot; not the score."""
    meant = [meant_by(line, book, values.get(line.name, "")) for line in lines if line.kind == "number"]
    return sum((one for one in meant if isinstance(one, Decimal)), Decimal())
