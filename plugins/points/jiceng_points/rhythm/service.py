"""What may be done in the rhythm: the monthly list, rewards and penalties, and the run at the year's end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jiceng.api import Conflict, Forbidden, Invalid, NotFound, now, today
from jiceng.api.database import (
    bulk_insert,
    current_tenant,
    execute,
    fetch,
    fetch_row,
    fetch_value,
    joined,
    new_id,
)
from jiceng.api.facts import open_run, schemes
from jiceng.api.pages import PAGE, Event, Page, nearest, record
from jiceng.api.roster import cleared, seen_arguments
from jiceng_points.claims.sealing import in_clear, sealed
from jiceng_points.claims.verifying import post_later
from jiceng_points.people import claimers
from jiceng_points.rhythm.posting import SCHEMES, post_all
from jiceng_points.rhythm.sql import LATE
from jiceng_points.rhythm.tables import GROUND, PointsDispatchLine
from jiceng_points.shelf.service import PLUGIN

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.api.facts import RunInfo
    from jiceng_points.people.schemas import Actor

ADJUSTMENTS = ("奖励加分", "处分扣分")
ADJUSTMENT_STATES = {"proposed": "待确认", "confirmed": "已确认", "refused": "未同意"}
MOST_ADJUSTED = 30
_LINE = {"claim": pl.String, "organization": pl.String, "why": pl.String, "days": pl.Int32}
_OPEN_DISPATCH = """
insert into points_dispatch (tenant_id, id, month, day, made_at) values ($1, $2, $3, $4, $5)
on conflict (tenant_id, month) do nothing returning id
"""
_ADD = """
insert into points_adjustment (tenant_id, id, year, member, kind, worth, day, reason, state, proposed_by,
  posted)
values ($1, $2, $3, $4, $5, $6, $7, $8, 'proposed', $9, false)
"""
_SAME = """
select 1 from points_adjustment where tenant_id = $1 and member = $2 and kind = $3 and worth = $4 and day = $5
and state <> 'refused'
"""
_ADJUSTMENTS = """
select a.id, a.year, a.member, a.kind, a.worth, a.day, a.reason, a.state, a.proposed_by, m.name as who,
  m.number, coalesce(p.name, '') as proposed_name
from points_adjustment a
join member m on m.tenant_id = $1 and m.id = a.member
join lateral (
  select k.organization from membership k where k.tenant_id = $1 and k.member = a.member and k.since <= $4
  order by k.since desc limit 1
) b on true
left join account p on p.tenant_id = $1 and p.id = a.proposed_by
where a.tenant_id = $1 and ($2::uuid[] is null or b.organization = any($2) or a.member = $3)
"""
"""Of a member who has left, the last organization counts."""
_LAPSE = """
update points_claim set state = 'lapsed'
where tenant_id = $1 and year = $2 and state in ('claimed', 'rejected') and due < $3 returning id, item
"""
_GIVE_BACK = """
update points_item i set taken = taken - g.n
from (select item, count(*) as n from unnest($2::uuid[]) as g(item) group by item) g
where i.tenant_id = $1 and i.id = g.item
"""


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """A reward or penalty as pages show it."""

    id: UUID
    year: int
    member: UUID
    kind: str
    worth: int
    day: date
    reason: str
    state: str
    proposed_by: UUID | None
    who: str
    number: str
    proposed_name: str

    @property
    def state_title(self) -> str:
        """What pages call its state."""
        return ADJUSTMENT_STATES[self.state]


async def make_dispatch(month: date, day: date) -> UUID | None:
    """Make the month's list of what is late as of `day`; None when the month has one already."""
    async with joined():
        made: UUID | None = await fetch_value(
            _OPEN_DISPATCH, current_tenant(), new_id(), month.replace(day=1), day, now()
        )
        if made is None:
            return None
        rows = await fetch(LATE, current_tenant(), day)
        frame = pl.DataFrame(
            {
                "claim": [str(row["claim"]) for row in rows],
                "organization": [str(row["organization"]) for row in rows],
                "why": [row["why"] for row in rows],
                "days": [row["days"] for row in rows],
            },
            schema_overrides={
                "claim": pl.String,
                "organization": pl.String,
                "why": pl.String,
                "days": pl.Int32,
            },
        ).with_columns(pl.lit(str(made)).alias("dispatch"))
        await bulk_insert(PointsDispatchLine, frame)
        record(Event.WORK_MOVED, ("points_dispatch", made), plugin=PLUGIN, state="made", count=len(rows))
    return made


async def propose(member: UUID, kind: str, worth: int, day: date, reason: str, *, by: Actor) -> UUID:
    """Propose a reward or penalty; it counts once another person has confirmed it.

    Raises NotFound, Invalid with every fault, Conflict for the same one twice.
    """
    await claimers.member(member)
    faults = []
    if kind not in ADJUSTMENTS:
        faults.append(f"类别应为：{'、'.join(ADJUSTMENTS)}")
    if not 1 <= worth <= MOST_ADJUSTED:
        faults.append(f"分值应在 1 到 {MOST_ADJUSTED} 之间；扣分也填正数，类别选“处分扣分”")
    if day > today():
        faults.append("日期不能晚于今天")
    if not reason.strip() or len(reason) > 500:  # noqa: PLR2004 - as the field on the page
        faults.append("请写明依据，最长 500 字")
    if faults:
        raise Invalid(faults, "没有保存", where="奖惩")
    async with joined():
        await claimers.hold(member)
        if await fetch_value(_SAME, current_tenant(), member, kind, worth, day):
            raise Conflict("同一天已经有一条同样的奖惩", where=str(day), todo_zh="请核对是不是重复了")
        added = new_id()
        ground = await sealed(GROUND, added, reason.strip())
        await execute(
            _ADD, *(current_tenant(), added, day.year, member, kind, worth, day), ground, by.account
        )
        record(Event.WORK_MOVED, ("points_adjustment", added), plugin=PLUGIN, state="proposed")
    return added


async def decide(adjustment_id: UUID, *, agreed: bool, by: Actor) -> int:
    """Confirm or refuse a proposed reward or penalty: not one's own proposal, not about oneself.

    Returns its year.
    """
    async with joined():
        await fetch_row(
            "select id from points_adjustment where tenant_id = $1 and id = $2 for update",
            *(current_tenant(), adjustment_id),
        )
        found = await _adjustment(adjustment_id)
        if found is None:
            raise NotFound("没有这条奖惩")
        if found.state != "proposed":
            raise Conflict(f"这条奖惩{found.state_title}", todo_zh="请刷新页面")
        if by.ids & {found.proposed_by, found.member}:
            raise Forbidden("确认的人不能是提出人或本人", todo_zh="请由另一位同事确认")
        state = "confirmed" if agreed else "refused"
        await execute(
            "update points_adjustment set state = $3, decided_by = $4, decided_at = $5"
            " where tenant_id = $1 and id = $2",
            *(current_tenant(), adjustment_id, state, by.account, now()),
        )
        record(Event.WORK_MOVED, ("points_adjustment", adjustment_id), plugin=PLUGIN, state=state)
        if agreed:
            await post_later()
    return found.year


async def adjustments(year: int | None = None, page: int = 1) -> Page[Adjustment]:
    """Rewards and penalties that may be seen here: those that wait for somebody first, newest first."""
    wanted = f"{_ADJUSTMENTS} {cleared('m')} and ($5::int is null or a.year = $5)"
    asked = (current_tenant(), *await seen_arguments(today()), today(), year)
    total: int = await fetch_value(f"select count(*) from ({wanted}) found", *asked)  # noqa: S608 - constants
    page = nearest(page, total)
    rows = await fetch(
        f"{wanted} order by a.state <> 'proposed', a.day desc, a.id desc limit $6 offset $7",
        *(*asked, PAGE, (page - 1) * PAGE),
    )
    return Page([Adjustment(**row) for row in await in_clear(rows, GROUND)], total, page, PAGE)


async def _adjustment(adjustment_id: UUID) -> Adjustment | None:
    row = await fetch_row(
        f"{_ADJUSTMENTS} {cleared('m')} and a.id = $5",
        *(current_tenant(), *await seen_arguments(today()), today(), adjustment_id),
    )
    return Adjustment(**(await in_clear([row], GROUND))[0]) if row else None


async def close_year(year: int, *, by: UUID) -> RunInfo:
    """The year's end: what is overdue lapses, everything verified is handed in, and the runs are opened.

    Members' always, organizations' where the tenant has that scheme; returns the members'. All in one
    transaction; raises Invalid for a year to come, and as `open_run`: then nothing has changed.
    """
    if year > today().year:
        raise Invalid([f"{year} 年还没有到"], "没有开始", where="年终评定")
    async with joined():
        rows = await fetch(_LAPSE, current_tenant(), year, today())
        await execute(_GIVE_BACK, current_tenant(), [row["item"] for row in rows])
        await post_all()
        record(Event.WORK_MOVED, plugin=PLUGIN, state="lapsed", count=len(rows))
        opened = {one.key for one in await schemes()} & set(SCHEMES.values())
        runs = {key: await open_run(key, date(year, 12, 31), by=by) for key in sorted(opened)}
    return runs[SCHEMES["member"]]
