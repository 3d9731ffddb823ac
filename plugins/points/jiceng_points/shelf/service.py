"""What may be done with the shelf: enter and offer items, review them and give points, change, take off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Conflict, Forbidden, Invalid, now
from jiceng.api.database import current_tenant, execute, fetch_row, fetch_value, joined, new_id
from jiceng.api.pages import Event, record
from jiceng_points.shelf import queries
from jiceng_points.shelf.checking import faults_of, points_fault
from jiceng_points.shelf.words import STATES

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from jiceng_points.shelf.schemas import ItemRow, NewItem

PLUGIN = "points"
_ADD = """
insert into points_item (tenant_id, id, year, number, title, kind, source, side, categories, worth, capacity,
  taken, times, opens, deadline, place, proof, online, details, owner, offered_by, need, state, entered_by,
  reason)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
  'draft', $22, '')
on conflict (tenant_id, year, number) do nothing returning id
"""
_LOCK = "select id from points_item where tenant_id = $1 and id = $2 for update"


async def add_item(item: NewItem, *, by: UUID | None) -> UUID:
    """Keep an item for review; it shows on the shelf once another person has given it its points.

    Raises Invalid with every fault, Conflict when the year has the number already.
    """
    if faults := faults_of(item):
        raise Invalid(faults, "事项没有保存", where=item.number)
    async with joined():
        added: UUID | None = await fetch_value(
            _ADD,
            *(current_tenant(), new_id(), item.year, item.number, item.title.strip(), item.kind),
            *(item.source, item.side, list(item.categories), item.worth, item.capacity, item.times),
            *(item.opens, item.deadline, item.place.strip(), item.proof.strip(), item.online),
            *(item.details.strip(), item.owner, item.offered_by, item.need, by),
        )
        if added is None:
            raise Conflict(
                "这个编号已经用过", where=f"{item.year} 年度，{item.number}", todo_zh="请换一个编号"
            )
        record(Event.WORK_MOVED, ("points_item", added), plugin=PLUGIN, state="draft")
    return added


async def approve(item_id: UUID, worth: int | None, *, by: UUID) -> None:
    """Put an item on the shelf with its points: by somebody else than who entered it.

    Raises Invalid for points outside 0 to 20, Forbidden for who entered it, Conflict in a wrong state.
    """
    if fault := points_fault(worth):
        raise Invalid([fault], "没有上架", where="分值")
    async with joined():
        item = await _locked(item_id, "draft", "审核")
        if item.entered_by == by:
            raise Forbidden("审核的人不能是录入的人", where=item.number, todo_zh="请由另一位同事审核赋分")
        await _move(item, "shelf", "", by, worth)


async def send_back(item_id: UUID, reason: str, *, by: UUID) -> None:
    """Return an item to who entered it, with the reason."""
    async with joined():
        await _move(await _locked(item_id, "draft", "审核"), "returned", _reasoned(reason), by)


async def take_off(item_id: UUID, reason: str, *, by: UUID) -> None:
    """Take an item off the shelf: nobody can claim it any more, claims that are open go on."""
    async with joined():
        await _move(await _locked(item_id, "shelf", "下架"), "off", _reasoned(reason), by)


async def enter_again(item_id: UUID, *, by: UUID) -> None:
    """Hand a returned item in for review once more, or one that was taken off."""
    async with joined():
        await fetch_row(_LOCK, current_tenant(), item_id)
        item = await queries.item(item_id)
        if item.state not in ("returned", "off"):
            raise Conflict(f"事项{STATES[item.state]}，不用重新送审", where=item.number)
        await _move(item, "draft", "", by)


async def change_limits(item_id: UUID, capacity: int | None, deadline: date, *, by: UUID) -> None:
    """Give an item more or fewer places or another deadline; never fewer places than are taken."""
    async with joined():
        item = await _locked(item_id, "shelf", "调整")
        faults = []
        if capacity is not None and capacity < max(item.taken, 1):
            faults.append(f"已有 {item.taken} 个名额被认领，名额不能再少")
        if deadline < item.opens or deadline.year != item.year:
            faults.append(f"截止日期应在 {item.opens} 到 {item.year}-12-31 之间")
        if faults:
            raise Invalid(faults, "没有调整", where=item.number)
        await execute(
            "update points_item set capacity = $3, deadline = $4 where tenant_id = $1 and id = $2",
            *(current_tenant(), item_id, capacity, deadline),
        )
        await execute(
            "update points_claim set due = $3 where tenant_id = $1 and item = $2"
            " and state in ('claimed', 'rejected')",
            *(current_tenant(), item_id, deadline),
        )
        record(Event.WORK_MOVED, ("points_item", item_id), plugin=PLUGIN, state="changed", account=by)


def _reasoned(reason: str) -> str:
    if not reason.strip():
        raise Invalid(["请写明理由"], "没有办理", where="理由")
    return reason.strip()[:500]


async def _locked(item_id: UUID, state: str, act: str) -> ItemRow:
    await fetch_row(_LOCK, current_tenant(), item_id)
    item = await queries.item(item_id)
    if item.state != state:
        raise Conflict(
            f"事项{STATES[item.state]}，不能{act}", where=item.number, todo_zh="请刷新页面，看看它现在的状态"
        )
    return item


async def _move(item: ItemRow, state: str, reason: str, by: UUID, worth: int | None = None) -> None:
    await execute(
        "update points_item set state = $3, reason = $4, reviewed_by = $5, reviewed_at = $6,"
        " worth = coalesce($7, worth) where tenant_id = $1 and id = $2",
        *(current_tenant(), item.id, state, reason, by, now(), worth),
    )
    record(Event.WORK_MOVED, ("points_item", item.id), plugin=PLUGIN, state=state)
