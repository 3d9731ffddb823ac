"""What may be done to declarations: begin, write, hand in, decide. Each act is one transaction, audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Conflict, Invalid, NotFound, now, today
from jiceng.api.database import current_tenant, execute, fetch_row, fetch_value, joined, new_id
from jiceng_double_strong_six_good.declarations import queries
from jiceng_double_strong_six_good.declarations.content import kept, read
from jiceng_double_strong_six_good.declarations.states import DECIDED_ABOVE, LIFE, STATE_WORDS, Act, State
from jiceng_double_strong_six_good.firms.queries import firm, refuse_from_below
from jiceng_double_strong_six_good.history.service import told
from jiceng_double_strong_six_good.limits import limits
from jiceng_double_strong_six_good.ratings.recording import put_values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from jiceng_double_strong_six_good.declarations.schemas import Declaration

KIND = "six_good_declaration"
_BEGIN = """
insert into six_good_declaration (tenant_id, id, unit, year, typed, state)
values ($1, $2, $3, $4, '{}', 'draft')
on conflict (tenant_id, unit, year) do nothing
"""
_THERE = "select id from six_good_declaration where tenant_id = $1 and unit = $2 and year = $3"
_LOCK = "select id from six_good_declaration where tenant_id = $1 and id = $2 for update"
_WRITE = "update six_good_declaration set typed = $3 where tenant_id = $1 and id = $2"
_MOVE = """
update six_good_declaration set state = $3,
    handed_in_at = case when $4 = 'hand_in' then $5 else handed_in_at end,
    handed_in_by = case when $4 = 'hand_in' then $6 else handed_in_by end
where tenant_id = $1 and id = $2
"""


async def begin(unit: UUID, year: int, by: UUID | None) -> UUID:
    """The declaration of a unit for a year: the one there is, or a new draft.

    Raises NotFound for a unit out of sight, Conflict for one that does not take part or after the last day.
    """
    found = await firm(unit)
    async with joined():
        there: UUID | None = await fetch_value(_THERE, current_tenant(), unit, year)
        if there is not None:
            return there
        if not found.takes_part:
            raise Conflict("这家单位不参加评定", where=found.name, todo_zh="已建党组织的企业和社会组织才申报")
        await _refuse_late(year)
        made = new_id()
        if not await execute(_BEGIN, current_tenant(), made, unit, year):  # somebody else was faster
            meanwhile: UUID = await fetch_value(_THERE, current_tenant(), unit, year)
            return meanwhile
        await told((KIND, made), "begin", ("", State.DRAFT), "", by)
    return made


async def write(declaration_id: UUID, typed: Mapping[str, str]) -> list[str]:
    """Keep what was typed, however it reads; returns what is still missing or wrong, in plain Chinese.

    Raises Conflict once it is handed in.
    """
    async with joined():
        found = await locked(declaration_id)
        _refuse_closed(found)
        fields = kept(typed)
        await execute(_WRITE, current_tenant(), declaration_id, msgspec.json.encode(fields).decode())
    return missing(fields)


def missing(typed: Mapping[str, str]) -> list[str]:
    """What keeps a declaration from being handed in."""
    faults: list[str] = []
    read(typed, faults)
    return faults


async def hand_in(declaration_id: UUID, by: UUID | None) -> None:
    """Hand a declaration in; raises Invalid with everything that is missing, Conflict after the last day."""
    async with joined():
        found = await locked(declaration_id)
        after = LIFE.after(found.state, Act.HAND_IN)
        if found.state is State.DRAFT:
            await _refuse_late(found.year)
        if faults := missing(found.typed):
            raise Invalid(faults, "没有提交", where="申报")
        await _moved(found, Act.HAND_IN, after, "", by)


async def take_back(declaration_id: UUID, by: UUID | None) -> None:
    """Take a declaration back that nobody decided on yet.

    Raises Conflict after the last day: it could not be handed in again.
    """
    async with joined():
        found = await locked(declaration_id)
        after = LIFE.after(found.state, Act.TAKE_BACK)
        last = (await limits()).last_day(found.year)
        if today() > last:
            raise Conflict(
                f"{found.year} 年度的申报已于 {last} 截止，撤回以后不能再提交",
                todo_zh="要改的请联系审核的人退回",
            )
        await _moved(found, Act.TAKE_BACK, after, "", by)


async def decide(declaration_id: UUID, wanted: Act, reason: str, by: UUID | None) -> None:
    """Accept, return or reopen, with a reason; what is accepted becomes facts of the year.

    Raises Forbidden for whoever stands below, Conflict for the one who handed it in himself.
    """
    async with joined():
        found = await locked(declaration_id)
        if wanted not in DECIDED_ABOVE:
            raise Invalid(["请选采信、退回或重报"], "没有办理", where="办理")
        after = LIFE.after(found.state, wanted)
        await refuse_from_below(await firm(found.unit))
        if not reason.strip():
            raise Invalid(["请写明理由"], "没有办理", where="理由")
        if by is not None and by == found.handed_in_by:
            raise Conflict("提交申报的人不能自己审核", todo_zh="请由镇街或部门的另一位同志审核")
        if wanted is Act.ACCEPT:
            answers = read(found.typed, []).answers  # nothing is missing: it could not be handed in else
            await put_values(found.unit, found.year, answers, f"申报采信：{reason.strip()}", by)
        await _moved(found, wanted, after, reason, by)


async def locked(declaration_id: UUID) -> Declaration:
    """The declaration, its row locked until commit; raises NotFound like for any that may not be seen."""
    if await fetch_row(_LOCK, current_tenant(), declaration_id) is None:
        raise NotFound("没有这份申报")
    return await queries.declaration(declaration_id)


async def _moved(found: Declaration, act: Act, after: State, reason: str, by: UUID | None) -> None:
    await execute(_MOVE, current_tenant(), found.id, after, act, now(), by)
    await told((KIND, found.id), act, (found.state, after), reason, by)


def _refuse_closed(found: Declaration) -> None:
    if not found.writable:
        raise Conflict(f"申报{STATE_WORDS[found.state]}，不能再改", todo_zh="可以先撤回，或请审核的人退回")


async def _refuse_late(year: int) -> None:
    """A year is declared for from its first day to the last day of the settings."""
    last = (await limits()).last_day(year)
    if today() > last:
        raise Conflict(f"{year} 年度的申报到 {last} 为止，已经截止", todo_zh="请联系组织部门")
    if year > today().year:
        raise Conflict(f"{year} 年度还没有开始申报", todo_zh="请选本年度")
