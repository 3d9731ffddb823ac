"""Reads of the rhythm: what is late, how organizations stand, completion by kind and month, forecast."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.api import today
from jiceng.api.database import current_tenant, fetch, fetch_row, fetch_value
from jiceng.api.pages import PAGE, Page, nearest
from jiceng.api.roster import seen_arguments
from jiceng_points.claims.queries import labelled
from jiceng_points.rhythm import sql
from jiceng_points.rhythm.forecast import ItemOutlook, Outlook, Task, item_outlook, outlook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from jiceng_points.claims.schemas import ClaimRow
    from jiceng_points.people.schemas import Claimer

WHY = {"overdue": "过期未完成", "waiting": "报完成后久未核验", "rejected": "退回后未重报"}


class DispatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """One month's list."""

    id: UUID
    month: date
    day: date
    made_at: Any


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How one organization stands in a part of the year; counts of claims, points of verified ones."""

    organization: UUID
    place: str
    people: int
    claimed: int
    verified: int
    waiting: int
    late: int
    points: int


class ItemDone(msgspec.Struct, frozen=True):
    """An item's verified claims: by how many members, and how many in each of the twelve months."""

    item: UUID
    kind: str
    members: int
    months: tuple[int, ...]


async def dispatches() -> list[DispatchRow]:
    """The months that have a list, newest first."""
    return [DispatchRow(**dict(row)) for row in await fetch(sql.DISPATCHES, current_tenant())]


async def dispatch(dispatch_id: UUID) -> list[dict[str, Any]]:
    """A month's list by organization, in the order of their numbers; `still`: how many are open even now."""
    rows = await fetch(sql.DISPATCH, current_tenant(), *await seen_arguments(today()), dispatch_id)
    return [dict(row) for row in rows]


async def dispatch_lines(
    dispatch_id: UUID, organization: UUID | None = None, page: int = 1
) -> Page[dict[str, Any]]:
    """A month's late claims, longest late first."""
    asked = (current_tenant(), *await seen_arguments(today()), dispatch_id, organization)
    total: int = await fetch_value(f"select count(*) from ({labelled(sql.LINES)}) found", *asked)  # noqa: S608 - constants
    page = nearest(page, total)
    rows = await fetch(
        f"{labelled(sql.LINES)} order by l.days desc, c.number limit $6 offset $7",
        *(*asked, PAGE, (page - 1) * PAGE),
    )
    return Page([dict(row) for row in rows], total, page, PAGE)


async def standings(year: int, span: tuple[date, date] | None = None) -> list[Standing]:
    """Every organization seen here with claims of the year, or of days of it, by their numbers."""
    seen = await seen_arguments(today())
    if span is None:
        rows = await fetch(sql.within(sql.YEAR_STANDING, seen), current_tenant(), *seen, year, today())
    else:
        rows = await fetch(sql.within(sql.STANDING, seen), current_tenant(), *seen, year, *span, today())
    return [Standing(**dict(row)) for row in rows]


async def items_done(year: int) -> list[ItemDone]:
    """The items of the year with verified claims that may be seen here."""
    firsts = [date(year + month // 12, month % 12 + 1, 1) for month in range(13)]
    months = ", ".join(
        f"count(*) filter (where c.done_on >= '{first}' and c.done_on < '{following}')"
        for first, following in pairwise(firsts)
    )
    seen = await seen_arguments(today())
    statement = sql.within(sql.ITEMS_DONE.format(months=months), seen)
    rows = await fetch(statement, current_tenant(), *seen, year)
    return [ItemDone(row["item"], row["kind"], row["members"], tuple(row["months"])) for row in rows]


def by_month(done: Iterable[ItemDone]) -> dict[tuple[str, int], int]:
    """Verified claims by kind and month (1 to 12)."""
    found: Counter[tuple[str, int]] = Counter()
    for one in done:
        found.update({(one.kind, month): count for month, count in enumerate(one.months, 1) if count})
    return dict(found)


async def required_outlook(year: int, done: Iterable[ItemDone]) -> list[ItemOutlook]:
    """For every required item how many of those who should do it will have done it by its deadline."""
    seen = await seen_arguments(today())
    eligible = {
        row["category"]: row["n"] for row in await fetch(sql.ELIGIBLE, current_tenant(), *seen, today(), year)
    }
    members = {one.item: one.members for one in done}
    return [
        item_outlook(
            Task(row["number"], row["title"], row["deadline"]),
            eligible=sum(
                n
                for category, n in eligible.items()
                if not row["categories"] or category in row["categories"]
            ),
            done=members.get(row["id"], 0),
            opens=row["opens"],
            today=today(),
        )
        for row in await fetch(sql.REQUIRED, current_tenant(), year)
    ]


async def member_outlook(claimer: Claimer, claims: Sequence[ClaimRow], year: int) -> list[Outlook]:
    """The required items a member has not done, with the forecast at the member's own pace."""
    done = {row.item for row in claims if row.state == "verified" and row.kind == "必选"}
    rows = await fetch(sql.REQUIRED, current_tenant(), year)
    left = [
        Task(row["number"], row["title"], row["deadline"])
        for row in rows
        if row["id"] not in done and (not row["categories"] or claimer.category in row["categories"])
    ]
    days = [row.done_on for row in claims if row.item in done and row.done_on and row.state == "verified"]
    return outlook(left, days, year, today())


async def year_end_checks(year: int) -> dict[str, int]:
    """What stands in the way of a year-end run: how many of each."""
    row = await fetch_row(
        sql.YEAR_END,
        *(current_tenant(), year),
    )
    return dict(row)
