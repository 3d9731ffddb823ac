"""Closing and re-opening periods, and what a closed one refuses.

A longer period closes after the shorter ones in it; a shorter one opens again only after the longer one.
Re-opened for one organization, a period takes facts of that organization and those below it, of nobody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from jiceng.accounts.second_person import Act, guarded
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now, today
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_row, joined
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.roster.queries import names, whole_tree
from jiceng.schemes.periods.opening import open_period
from jiceng.schemes.schemas import PeriodInfo

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

ORDER = ("day", "month", "quarter", "half", "year")
"""Kinds of periods, shortest first."""
LONGEST_REASON = 500
ACTS = {"opened": "开放", "closed": "关闭", "reopened": "重新开放"}
_LOCKED = """
select id, kind, first_day, last_day, title, state from period where tenant_id = $1 and id = $2 for update
"""
_INSIDE = """
select id, kind, first_day, last_day, title, state from period
where tenant_id = $1 and first_day >= $2 and last_day <= $3 and id <> $4 and state = 'open'
order by first_day, kind
"""
_AROUND = """
select id, kind, first_day, last_day, title, state from period
where tenant_id = $1 and first_day <= $2 and last_day >= $3 and id <> $4 and state = 'closed'
order by first_day, kind
"""
_OVERLAPPING = """
select id, kind, first_day, last_day, title, state from period
where tenant_id = $1 and kind = any($2) and first_day <= $4 and last_day >= $3
order by first_day, kind for share
"""
"""Open ones are locked too: whoever closes one waits for what is coming in."""
_REOPENED = """
select c.period, c.organization from period_change c
where c.tenant_id = $1 and c.period = any($2) and c.act = 'reopened' and c.organization is not null
and c.at > (select max(d.at) from period_change d
            where d.tenant_id = $1 and d.period = c.period and d.act = 'closed')
"""
_CHANGES = """
select period, act, organization, reason, by, at from period_change where tenant_id = $1
order by at desc, id desc
"""
_ADD_CHANGE = """
insert into period_change (tenant_id, id, period, act, organization, reason, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_SET = "update period set state = $3 where tenant_id = $1 and id = $2"
_ACCOUNTS = "select id, name from account where tenant_id = $1 and id = any($2)"


class Change(msgspec.Struct, frozen=True):
    """One act on a period: `place` is the organization it was for, or empty; `by` a name, or empty."""

    act: str
    place: str
    reason: str
    by: str
    at: datetime

    @property
    def in_words(self) -> str:
        """The act as a page says it."""
        return ACTS[self.act]


class PeriodShown(msgspec.Struct, frozen=True):
    """A period with its history, newest act first; `reopened` names the organizations it is open for."""

    period: PeriodInfo
    reopened: tuple[str, ...]
    changes: tuple[Change, ...]


class Closed(msgspec.Struct, frozen=True):
    """A closed period and the organizations (with those below) that may still hand in facts for it."""

    period: PeriodInfo
    reopened: tuple[UUID, ...]


async def open_by_hand(kind: str, day: date, *, by: UUID | None) -> PeriodInfo:
    """Open the period of a kind that a day lies in; nothing happens when it is there already.

    Raises Conflict inside a longer period that is closed.
    """
    if kind not in ORDER[1:]:
        raise Invalid([f"没有“{kind}”这种期间"], "期间没有开放", where="期间种类")
    async with joined():
        known = {one.id for one in await periods()}
        period = await open_period(kind, day)
        if period.id in known:
            return period
        await _refuse_inside_closed(period)
        await _tell(period, "opened", None, "", by)
    return period


async def close(period_id: UUID, reason: str, *, by: UUID | None) -> None:
    """Close a period for everybody; every re-opening ends with it.

    Raises NotFound, Conflict while shorter periods in it are open, Invalid without a reason.
    """
    _reasoned(reason)
    async with joined():
        period = await _locked(period_id)
        if period.state == "closed" and not (await reopened([period.id]))[period.id]:
            raise Conflict("期间已经关闭", where=period.title)
        rows = await fetch(_INSIDE, current_tenant(), period.first_day, period.last_day, period.id)
        shorter = [row["title"] for row in rows if ORDER.index(row["kind"]) < ORDER.index(period.kind)]
        if shorter:
            raise Conflict("其中还有没关闭的期间", where="、".join(shorter[:8]), todo_zh="请先关闭较短的期间")
        await execute(_SET, current_tenant(), period.id, "closed")
        await _tell(period, "closed", None, reason, by)


async def reopen(period_id: UUID, reason: str, organization: UUID | None, *, by: UUID | None) -> None:
    """Open a closed period again, at once or as soon as a second person approves.

    Raises as `_reopen`, and Awaiting where the tenant wants a second person.
    """
    told = {"period": period_id, "reason": reason, "organization": organization}
    title = next((one.title for one in await periods() if one.id == period_id), "")
    about = str(period_id)
    if organization is not None:  # a thing of its own for each, and whoever approves sees for which
        place = (await names([organization])).get(organization, "")
        title, about = f"{title}：{place}", f"{about}:{organization}"
    async with guarded(Act.REOPEN_PERIOD, about, title, told, reason, by):
        await _reopen(period_id, reason, organization, by=by)


async def reopen_approved(told: Mapping[str, Any], by: UUID) -> None:
    """Re-open what a second person approved."""
    place = UUID(told["organization"]) if told["organization"] else None
    await reopen(UUID(told["period"]), told["reason"], place, by=by)


async def _reopen(period_id: UUID, reason: str, organization: UUID | None, *, by: UUID | None) -> None:
    """Open a closed period again, for one organization with those below it or (None) for everybody.

    Raises NotFound (no such period or organization), Conflict when it is open already or inside a longer
    closed one, Invalid without a reason.
    """
    _reasoned(reason)
    async with joined():
        period = await _locked(period_id)
        line = await _line(organization, min(period.last_day, today())) if organization else set()
        if period.state != "closed" or line.intersection((await reopened([period.id]))[period.id]):
            raise Conflict("期间本来就开放着", where=period.title)
        await _refuse_inside_closed(period, line)
        if organization is None:
            await execute(_SET, current_tenant(), period.id, "open")
        await _tell(period, "reopened", organization, reason, by)


async def closed_over(kind: str, first: date, last: date) -> list[Closed]:
    """Closed periods of this kind or longer that touch these days; none is closed or opened until commit."""
    kinds = list(ORDER[ORDER.index(kind) :])
    asked = [PeriodInfo(*row) for row in await fetch(_OVERLAPPING, current_tenant(), kinds, first, last)]
    found = [period for period in asked if period.state == "closed"]
    open_for = await reopened([period.id for period in found])
    return [Closed(period, open_for[period.id]) for period in found]


async def reopened(period_ids: list[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """The organizations each period was opened again for since it was last closed."""
    found: dict[UUID, list[UUID]] = {period: [] for period in period_ids}
    for row in await fetch(_REOPENED, current_tenant(), period_ids):
        found[row["period"]].append(row["organization"])
    return {period: tuple(dict.fromkeys(some)) for period, some in found.items()}


async def periods() -> list[PeriodInfo]:
    """Every period of the tenant, newest first, longer ones before those inside them."""
    rows = await fetch(
        "select id, kind, first_day, last_day, title, state from period where tenant_id = $1",
        current_tenant(),
    )
    found = [PeriodInfo(*row) for row in rows]
    return sorted(found, key=lambda one: (one.last_day, ORDER.index(one.kind)), reverse=True)


async def shown() -> list[PeriodShown]:
    """Every period with who opened and closed it, and why."""
    found = await periods()
    rows = await fetch(_CHANGES, current_tenant())
    open_for = await reopened([one.id for one in found])
    places = await names({*(row["organization"] for row in rows if row["organization"])})
    people = await accounts_named({row["by"] for row in rows if row["by"]})
    return [
        PeriodShown(
            one,
            tuple(places.get(place, "") for place in open_for[one.id]) if one.state == "closed" else (),
            tuple(_change(row, places, people) for row in rows if row["period"] == one.id),
        )
        for one in found
    ]


async def accounts_named(ids: set[UUID]) -> dict[UUID, str]:
    """Names of accounts by id."""
    rows = await fetch(_ACCOUNTS, current_tenant(), list(ids))
    return {row["id"]: row["name"] for row in rows}


def _change(row: Any, places: dict[UUID, str], people: dict[UUID, str]) -> Change:  # noqa: ANN401 - a row
    place, person = places.get(row["organization"], ""), people.get(row["by"], "")
    return Change(row["act"], place, row["reason"], person, row["at"])


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise Invalid(["请写明理由"], "没有写理由，什么都没有改", where="理由")
    if len(reason) > LONGEST_REASON:
        raise Invalid([f"理由最多 {LONGEST_REASON} 字"], "什么都没有改", where="理由")


async def _locked(period_id: UUID) -> PeriodInfo:
    row = await fetch_row(_LOCKED, current_tenant(), period_id)
    if row is None:
        raise NotFound("没有这个期间", where=str(period_id))
    return PeriodInfo(*row)


async def _line(organization: UUID, at: date) -> set[UUID]:
    """The organization and all above it: what is open for one of them is open for it too.

    Raises NotFound for one that is neither there on the day nor today.
    """
    above = {one.id: one.parent for day in (today(), at) for one in await whole_tree(day)}
    if organization not in above:
        raise NotFound("没有这个组织", where=str(organization))
    found: set[UUID] = set()
    place: UUID | None = organization
    while place is not None and place not in found:
        found.add(place)
        place = above.get(place)
    return found


async def _refuse_inside_closed(period: PeriodInfo, line: Collection[UUID] = ()) -> None:
    """Raise Conflict unless each longer period around is open, or open for one of the `line`."""
    rows = await fetch(_AROUND, current_tenant(), period.first_day, period.last_day, period.id)
    around = [row for row in rows if ORDER.index(row["kind"]) > ORDER.index(period.kind)]
    open_for = await reopened([row["id"] for row in around])
    still = [row["title"] for row in around if not set(line).intersection(open_for[row["id"]])]
    if still:
        raise Conflict("它所在的较长期间已经关闭", where="、".join(still), todo_zh="请先重新开放较长的期间")


async def _tell(
    period: PeriodInfo, act: str, organization: UUID | None, reason: str, by: UUID | None
) -> None:
    await execute(
        _ADD_CHANGE,
        current_tenant(),
        new_id(),
        period.id,
        act,
        organization,
        reason.strip(),
        by,
        now(),
    )
    record(Event.PERIOD_CHANGED, ("period", period.id), state=act, day=today())
