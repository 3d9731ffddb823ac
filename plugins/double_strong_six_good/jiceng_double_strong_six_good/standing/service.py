"""Confirming a tier: a named person takes over what was computed, with a reason; nothing else may be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Conflict, Invalid, now, today
from jiceng.api.database import current_tenant, execute, joined, new_id
from jiceng_double_strong_six_good.firms.queries import among, firms, hold, refuse_from_below
from jiceng_double_strong_six_good.history.service import told
from jiceng_double_strong_six_good.standing.queries import board
from jiceng_double_strong_six_good.vocabulary import LONGEST_TEXT, TIERS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from jiceng_double_strong_six_good.standing.schemas import Standing

_ADD = """
insert into six_good_verdict (tenant_id, id, unit, year, run, tier, reason, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


async def confirm(unit: UUID, year: int, tier: str, reason: str, by: UUID | None) -> None:
    """Confirm the tier a unit was computed in a year; `tier` is the one the person saw.

    Raises NotFound for a unit out of sight, Forbidden from below, Conflict while there is no tier, when
    another was computed meanwhile, or when it is confirmed already, Invalid without a reason.
    """
    seen = await firms(today())
    found = among(seen, unit)
    await refuse_from_below(found)
    if not reason.strip() or len(reason) > LONGEST_TEXT:
        raise Invalid(["请写明理由"], "没有确认", where="理由")
    async with joined():
        await hold(unit)
        year_of = await board(year, seen)
        row = next((one for one in year_of.rows if one.firm.id == unit), None) if year_of else None
        if row is None or row.tier not in TIERS:
            raise Conflict(f"{found.name} {year} 年度还没有评出档次", todo_zh="请先完成评定")
        if row.tier != tier:
            raise Conflict(f"最近一次评定是{TIERS[row.tier]}，与看到的不同", todo_zh="请重新打开页面核对")
        if row.settled:
            raise Conflict(f"已经确认为{TIERS[row.tier]}", todo_zh="不用再确认")
        await _keep(row, year, reason, by)


async def confirm_all(year: int, reasons: Mapping[str, str], by: UUID) -> int:
    """Confirm the computed tier of every enterprise of the year that has one of these and is not confirmed.

    `reasons`: why, by tier. Returns how many; 0 while the year was not evaluated.
    """
    async with joined():
        found = await board(year, await firms(today()))
        rows = [row for row in found.rows if row.tier in reasons and not row.settled] if found else []
        for row in rows:
            await _keep(row, year, reasons[row.tier], by)
    return len(rows)


async def _keep(row: Standing, year: int, reason: str, by: UUID | None) -> None:
    kept = (row.firm.id, year, row.run, row.tier, reason.strip(), by, now())
    await execute(_ADD, current_tenant(), new_id(), *kept)
    about = ("six_good_verdict", row.firm.id)
    await told(about, "confirm", ("", "confirmed"), f"{year} 年度{TIERS[row.tier]}：{reason}", by)
