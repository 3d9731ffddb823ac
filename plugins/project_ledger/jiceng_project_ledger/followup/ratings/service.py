"""Half-year and year-end ratings: several raters, none of the owner; a named person confirms."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from jiceng.api import Conflict, Invalid, now, today
from jiceng.api.database import current_tenant, execute, fetch_value, joined, new_id
from jiceng.api.pages import Event, record
from jiceng_project_ledger.followup import queries
from jiceng_project_ledger.followup.due import KIND_WORDS, Kind
from jiceng_project_ledger.followup.standing import carried_out
from jiceng_project_ledger.library.powers import refuse_from_below, refuse_owner
from jiceng_project_ledger.library.queries import project as read_project
from jiceng_project_ledger.library.vocabulary import LONGEST_TEXT, PLUGIN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.followup.schemas import Rating
    from jiceng_project_ledger.library.schemas import Project

RATED = (Kind.HALF, Kind.YEAR)
OPENS = {Kind.HALF: (6, 1), Kind.YEAR: (11, 1)}
"""From which day of the year (month, day) its projects are rated."""
FEWEST = 2
"""So many raters at least: one opinion is no rating."""
MOST = Decimal(100)
_LOCK = "select id from ledger_project where tenant_id = $1 and id = $2 for update"
_RATE = """
insert into ledger_rating (tenant_id, id, project, year, kind, rater, rater_name, score, comment, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (tenant_id, project, year, kind, rater) do update
set score = excluded.score, comment = excluded.comment, at = excluded.at, rater_name = excluded.rater_name
"""
_CONFIRM = """
insert into ledger_verdict (tenant_id, id, project, year, kind, score, raters, reason, confirmed_name, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (tenant_id, project, year, kind) do nothing
"""


def mean(given: Sequence[Rating]) -> Decimal:
    """The mean of the scores, two places, half up. There must be one at least."""
    whole = sum((one.score for one in given), Decimal(0))
    return (whole / len(given)).quantize(Decimal("0.01"), ROUND_HALF_UP)


async def rate(
    project_id: UUID, year: int, kind: Kind, score: Decimal | None, comment: str, by: SignedIn
) -> None:
    """Give a project one's score, or another one until it is confirmed.

    Raises NotFound; Forbidden (of the owner); Conflict (confirmed, not yet time); Invalid with every fault.
    """
    async with joined():
        project = await _ready(project_id, year, kind)
        await refuse_owner(project, by.id, "给自己单位的项目评分")
        faults = []
        if score is None or not 0 <= score <= MOST:
            faults.append("请填评分，0 到 100，最多两位小数")
        if len(comment) > LONGEST_TEXT:
            faults.append(f"评语最多 {LONGEST_TEXT} 字")
        if faults:
            raise Invalid(faults, "没有保存", where=KIND_WORDS[kind])
        given = (by.id, by.name[:60], score, comment.strip(), now())
        await execute(_RATE, current_tenant(), new_id(), project_id, year, kind.value, *given)
        _record(project_id, "rated", year)


async def confirm(project_id: UUID, year: int, kind: Kind, reason: str, by: SignedIn) -> None:
    """Confirm the mean of the raters, by name; it stands from then on.

    Raises NotFound, Forbidden (not from above), Conflict (too few raters, confirmed), Invalid (no words).
    """
    async with joined():
        project = await _ready(project_id, year, kind)
        await refuse_from_below(project, by.id)
        given = (await queries.ratings([project_id], year, kind.value)).get(project_id, [])
        if len(given) < FEWEST:
            raise Conflict(
                f"只有 {len(given)} 人评分，不能确认",
                where=KIND_WORDS[kind],
                todo_zh=f"请至少 {FEWEST} 人评分后再确认",
            )
        if not reason.strip() or len(reason) > LONGEST_TEXT:
            raise Invalid([f"请写明意见，最多 {LONGEST_TEXT} 字"], "没有确认", where=KIND_WORDS[kind])
        found = (mean(given), len(given), reason.strip(), by.name[:60], by.id, now())
        await execute(_CONFIRM, current_tenant(), new_id(), project_id, year, kind.value, *found)
        _record(project_id, "confirmed", year)


def begun(year: int, kind: Kind) -> bool:
    """Whether the year's projects are rated already."""
    return today() >= date(year, *OPENS[kind])


async def _ready(project_id: UUID, year: int, kind: Kind) -> Project:
    """The project, locked; it was started, the time has come, nobody has confirmed yet."""
    await fetch_value(_LOCK, current_tenant(), project_id)
    project = await read_project(project_id)
    if not carried_out(project, year, kind):
        when = f"{year} 年上半年" if kind is Kind.HALF else f"{year} 年"
        raise Conflict(f"项目 {when}没有实施，不参加评议", where=project.title, todo_zh="只评实施过的项目")
    if not begun(year, kind):
        opens = date(year, *OPENS[kind])
        raise Conflict(f"{KIND_WORDS[kind]}从 {opens} 开始", where=f"{year} 年度", todo_zh="到时再评")
    confirmed = (await queries.verdicts([project_id])).get(project_id, {})
    if (year, kind.value) in confirmed:
        raise Conflict(
            f"{year} 年{KIND_WORDS[kind]}已经确认，不能再改", where=project.title, todo_zh="以确认的结果为准"
        )
    return project


def _record(project_id: UUID, state: str, year: int) -> None:
    about = ("ledger_project", project_id)
    record(Event.WORK_MOVED, about, plugin=PLUGIN, kind="rating", state=state, number=year)
