"""一事一议: a special case applies, the branch studies it, the committee files an own list for the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Conflict, Forbidden, Invalid, NotFound, today
from jiceng.api.database import current_tenant, execute, fetch, fetch_row, fetch_value, joined, new_id
from jiceng.api.pages import PAGE, Event, Page, nearest, record
from jiceng.api.roster import cleared, seen_arguments
from jiceng_points.claims.sealing import in_clear, sealed
from jiceng_points.claims.tables import OWN_LIST
from jiceng_points.claims.verifying import post_later
from jiceng_points.people import claimers
from jiceng_points.shelf.service import PLUGIN

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from jiceng_points.people.schemas import Actor

_REASON, _OPINION, _RULING, _TASKS = OWN_LIST
STATES = {"applied": "支部研究中", "studied": "待党委备案", "filed": "已备案", "refused": "未同意"}
LONGEST = 500
_ADD = """
insert into points_own_list (tenant_id, id, year, member, organization, state, reason, opinion, ruling, tasks,
  applied_on, entered_by, posted, turn)
values ($1, $2, $3, $4, $5, 'applied', $6, '', '', $7, $8, $9, false, $10)
on conflict (tenant_id, year, member, turn) do nothing returning id
"""
_LISTS = """
select l.id, l.year, l.member, l.organization, l.state, l.reason, l.opinion, l.ruling, l.tasks, l.applied_on,
  l.entered_by, l.studied_by, l.filed_on, m.name as who, m.number,
  coalesce(s.short_name, s.name, '') as place, l.turn
from points_own_list l
join member m on m.tenant_id = $1 and m.id = l.member
left join organization_state s on s.tenant_id = $1 and s.organization = l.organization and s.until is null
where l.tenant_id = $1 and ($2::uuid[] is null or l.organization = any($2) or l.member = $3)
"""


class OwnList(msgspec.Struct, frozen=True, kw_only=True):
    """One special case as pages show it; `tasks` are agreed things to do, one a line."""

    id: UUID
    year: int
    member: UUID
    organization: UUID
    state: str
    reason: str
    opinion: str
    ruling: str
    tasks: str
    applied_on: date
    entered_by: UUID | None
    studied_by: UUID | None
    filed_on: date | None
    who: str
    number: str
    place: str
    turn: int

    @property
    def state_title(self) -> str:
        """What pages call its state."""
        return STATES[self.state]


async def apply(member: UUID, year: int, reason: str, tasks: str, *, by: Actor) -> UUID:
    """Apply for a member; again in the same year once refused, with another reason.

    The refused application stays as it is. Raises Invalid, Conflict, NotFound.
    """
    claimer = await claimers.member(member)
    _filled({"申请理由": reason, "约定事项": tasks})
    async with joined():
        before = await own_list(member, year)
        if before is not None and before.state == "refused":
            _another_reason(before.reason, reason)
        elif before is not None:
            raise _applied_already(year)
        made, turn = new_id(), before.turn + 1 if before else 1
        why, agreed = (
            await sealed(_REASON, made, reason.strip()),
            await sealed(_TASKS, made, tasks.strip()),
        )
        added: UUID | None = await fetch_value(
            _ADD,
            *(current_tenant(), made, year, member, claimer.organization, why, agreed, today(), by.account),
            turn,
        )
        if added is None:
            raise _applied_already(year)
        record(Event.WORK_MOVED, ("points_own_list", added), plugin=PLUGIN, state="applied")
    return added


async def study(list_id: UUID, opinion: str, *, agreed: bool, by: Actor) -> int:
    """What the branch says; agreed, it goes to the committee. Returns the year."""
    _filled({"支部意见": opinion})
    async with joined():
        found = await _locked(list_id, "applied")
        if found.member in by.ids:
            raise Forbidden("不能研究本人的申请", todo_zh="请由支部其他委员办理")
        said = await sealed(_OPINION, list_id, opinion.strip())
        await execute(
            "update points_own_list set state = $3, opinion = $4, studied_by = $5"
            " where tenant_id = $1 and id = $2",
            *(current_tenant(), list_id, "studied" if agreed else "refused", said, by.account),
        )
        _tell(list_id, "studied" if agreed else "refused")
    return found.year


async def file(list_id: UUID, ruling: str, *, agreed: bool, by: Actor) -> int:
    """What the committee says; agreed, the own list is on file and the member is judged by it alone.

    Returns the year.
    """
    _filled({"党委意见": ruling})
    async with joined():
        found = await _locked(list_id, "studied")
        if (await seen_arguments(today()))[0] is not None:
            raise Forbidden("备案由党委的同事办理", todo_zh="请联系党委")
        if found.member in by.ids or found.studied_by == by.account:
            raise Forbidden("备案的人不能是申请人或支部经办人", todo_zh="请由党委的同事办理")
        said = await sealed(_RULING, list_id, ruling.strip())
        await execute(
            "update points_own_list set state = $3, ruling = $4, filed_by = $5, filed_on = $6"
            " where tenant_id = $1 and id = $2",
            *(current_tenant(), list_id, "filed" if agreed else "refused", said, by.account),
            today() if agreed else None,
        )
        _tell(list_id, "filed" if agreed else "refused")
        if agreed:
            await post_later()
    return found.year


async def own_lists(year: int, page: int = 1) -> Page[OwnList]:
    """The year's special cases that may be seen here: those that wait for somebody first, newest first."""
    wanted = f"{_LISTS} {cleared('m')} and l.year = $4"
    asked = (current_tenant(), *await seen_arguments(today()), year)
    total: int = await fetch_value(f"select count(*) from ({wanted}) found", *asked)  # noqa: S608 - constants
    page = nearest(page, total)
    rows = await fetch(
        f"{wanted} order by l.state in ('filed', 'refused'), l.applied_on desc, l.id desc limit $5 offset $6",
        *(*asked, PAGE, (page - 1) * PAGE),
    )
    return Page([OwnList(**row) for row in await in_clear(rows, *OWN_LIST)], total, page, PAGE)


async def own_list(member: UUID, year: int) -> OwnList | None:
    """A member's latest own list of the year; who asks has proved that he may see it."""
    row = await fetch_row(
        f"{_LISTS} and l.member = $4 and l.year = $5 order by l.turn desc limit 1",
        *(current_tenant(), None, None, member, year),
    )
    return OwnList(**(await in_clear([row], *OWN_LIST))[0]) if row else None


async def _locked(list_id: UUID, state: str) -> OwnList:
    await fetch_row(
        "select id from points_own_list where tenant_id = $1 and id = $2 for update",
        current_tenant(),
        list_id,
    )
    row = await fetch_row(
        f"{_LISTS} {cleared('m')} and l.id = $4", current_tenant(), *await seen_arguments(today()), list_id
    )
    if row is None:
        raise NotFound("没有这个申请")
    found = OwnList(**(await in_clear([row], *OWN_LIST))[0])
    if found.state != state:
        raise Conflict(f"这个申请{found.state_title}", where=found.number, todo_zh="请刷新页面")
    return found


def _applied_already(year: int) -> Conflict:
    return Conflict("这位党员今年已经申请过", where=f"{year} 年度", todo_zh="请在名单里办理原来的申请")


def _another_reason(before: str, now: str) -> None:
    """A refused application is not sent in again word by word."""
    if "".join(before.split()) == "".join(now.split()):
        raise Invalid(
            ["申请理由和未同意的那一次一样，请写新的理由或补充的情况"], "没有办理", where="一事一议"
        )


def _filled(texts: dict[str, str]) -> None:
    faults = [f"请填写{title}" for title, text in texts.items() if not text.strip()]
    faults += [f"{title}最长 {LONGEST} 字" for title, text in texts.items() if len(text) > LONGEST]
    if faults:
        raise Invalid(faults, "没有办理", where="一事一议")


def _tell(list_id: UUID, state: str) -> None:
    record(Event.WORK_MOVED, ("points_own_list", list_id), plugin=PLUGIN, state=state)
