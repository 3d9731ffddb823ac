"""Rating an enterprise as one party: six marks at once, with a reason, by whom the party allows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from jiceng.api import Conflict, Forbidden, Invalid, today
from jiceng.api.database import joined
from jiceng_double_strong_six_good.firms.queries import firm, hold, refuse_from_below, sees_everything
from jiceng_double_strong_six_good.forms import number
from jiceng_double_strong_six_good.history.service import told
from jiceng_double_strong_six_good.ratings.recording import put_marks
from jiceng_double_strong_six_good.vocabulary import (
    CRITERIA,
    DEPARTMENT,
    LONGEST_TEXT,
    MOST,
    PARTIES,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from jiceng.api.facts import FactShown

SATISFACTION = "satisfaction"


async def rate(
    unit: UUID, year: int, party: str, typed: Mapping[str, str], reason: str, by: UUID | None
) -> int:
    """Record one party's marks of the year; again, those that differ are corrected. How many changed.

    Raises Invalid with every fault, NotFound for a unit out of sight, Conflict for one that is not rated,
    Forbidden for whoever may not speak for the party.
    """
    found = await firm(unit)
    marks = _marks(party, typed, year, reason)
    await refuse_from_below(found)
    if party == DEPARTMENT and not await sees_everything():
        raise Forbidden("部门评价由组织部门录入", todo_zh="请联系组织部门")
    if not found.takes_part:
        raise Conflict("这家单位不参加评定", where=found.name, todo_zh="已建党组织的企业和社会组织才参加")
    async with joined():
        await hold(unit)
        changed = await put_marks(unit, year, party, marks, f"{party}评价：{reason.strip()}", by)
        await told(("six_good_rating", unit), "rate", ("", "rated"), f"{year} {party}：{reason}", by)
    return changed


def satisfaction(facts: Sequence[FactShown]) -> Decimal | None:
    """What a counted ballot of the employees says in percent, among a unit's facts; None without one."""
    values = [one.values.get("value") for one in facts if one.kind == SATISFACTION]
    return next((value for value in values if isinstance(value, Decimal)), None)


def _marks(party: str, typed: Mapping[str, str], year: int, reason: str) -> dict[str, Decimal]:
    faults: list[str] = []
    if party not in PARTIES:
        faults.append(f"评价方“{party[:20]}”不在 {'、'.join(PARTIES)} 之中")
    if not today().year - 1 <= year <= today().year:
        faults.append(f"年度应是 {today().year - 1} 或 {today().year}")
    if not reason.strip() or len(reason) > LONGEST_TEXT:
        faults.append("请写明依据，如会议、票决编号")
    marks = {
        title: number(typed.get(name, ""), f"“{title}”评分", MOST, 1, faults)
        for name, title in CRITERIA.items()
    }
    if faults:
        raise Invalid(faults, "没有保存", where="评价")
    return marks
