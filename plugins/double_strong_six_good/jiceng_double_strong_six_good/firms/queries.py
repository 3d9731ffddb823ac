"""Reads of units: those the person at work may see, each with its town."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Forbidden, NotFound, organizations, today, units
from jiceng.api.database import current_tenant, fetch_row
from jiceng.api.roster import subject_name
from jiceng_double_strong_six_good.firms.schemas import Firm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from jiceng.api.roster import OrganizationRow

_LOCK = "select id from unit where tenant_id = $1 and id = $2 for no key update"


async def firms(at: date) -> dict[UUID, Firm]:
    """The units on the day that may be seen here, by id, in the order of their numbers."""
    towns = {place.id: place.town or place.short_name or place.name for place in await organizations(at)}
    return {
        row.id: Firm(
            id=row.id,
            number=row.number,
            name=row.name,
            kind=row.kind,
            employees=row.employees,
            should_have=row.should_have,
            coverage=row.coverage,
            organization=row.organization,
            town=towns.get(row.organization, "") if row.organization else "",
        )
        for row in await units(at)
    }


async def firm(unit: UUID) -> Firm:
    """One unit today; raises NotFound for one that is not there or may not be seen."""
    return among(await firms(today()), unit)


def among(seen: Mapping[UUID, Firm], unit: UUID) -> Firm:
    """One of the units that may be seen; raises NotFound for any other."""
    if unit not in seen:
        raise NotFound("没有这家单位")
    return seen[unit]


async def may_be_seen(unit: UUID) -> bool:
    """Whether a unit may be seen here; asks for less than `firms`."""
    return await subject_name(unit, today()) is not None


async def hold(unit: UUID) -> None:
    """Keep the unit until the open transaction ends: whoever does the same at once waits, and sees it."""
    await fetch_row(_LOCK, current_tenant(), unit)


async def own(found: Iterable[Firm]) -> list[Firm]:
    """Those of these units whose superior organization is out of sight: whoever asks stands in them."""
    seen = {row.id: row for row in await organizations(today())}
    return [one for one in found if _from_below(one, seen)]


def _from_below(found: Firm, seen: Mapping[UUID, OrganizationRow]) -> bool:
    place = seen.get(found.organization) if found.organization else None
    return found.covered and place is not None and place.parent is not None and place.parent not in seen


async def towns_in_sight() -> frozenset[str]:
    """Towns seen as a whole: whose own organization is in sight, not only one below it."""
    return frozenset(
        row.town
        for row in await organizations(today())
        if row.town and row.town in (row.short_name, row.name)
    )


async def refuse_from_below(found: Firm) -> None:
    """Whoever decides about a unit sees what stands above its organization; nobody decides about his own.

    Raises Forbidden. A unit without an organization is decided on by whoever looks after it.
    """
    if await own((found,)):
        raise Forbidden(
            "这一步由上级组织办理",
            todo_zh="请联系镇街或组织部门",
            what_en="this is done by a superior organization",
            todo_en="ask the town or the department",
        )


async def sees_everything() -> bool:
    """Whether the person at work sees the topmost organization: the department does, a town does not."""
    return any(row.parent is None for row in await organizations(today()))
