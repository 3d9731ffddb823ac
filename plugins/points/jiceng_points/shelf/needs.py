"""What may be done with residents' needs: take in, turn into items or decline, erase contacts on time."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from jiceng.api import Conflict, Invalid, now, today
from jiceng.api.crypto import keyring
from jiceng.api.database import current_tenant, execute, fetch_value, joined, new_id, next_block
from jiceng.api.pages import Event, Limit, allow, record
from jiceng_points.shelf import queries
from jiceng_points.shelf.service import PLUGIN, add_item
from jiceng_points.shelf.tables import CONTACT
from jiceng_points.shelf.words import NEED_STATES

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from jiceng_points.shelf.schemas import NeedRow, NewItem

LONGEST_NEED, LONGEST_CONTACT = 300, 60
KEPT_DAYS = 90
"""A contact nobody answered is erased after so many days."""
KEPT_AFTER_ANSWER = 30
"""And after the answer it is kept so many days, to reach the resident about the outcome."""
SENDING = Limit("points_need", burst=5, every=120.0)
"""One address: five needs at once, then one every two minutes."""
ONE_FORM = Limit("points_need_form", burst=60, every=10.0)
"""One form, whoever sends."""
_ADD = """
insert into points_need (tenant_id, id, number, organization, what, contact, source, state, received, reason,
  erase_on) values ($1, $2, $3, $4, $5, $6, $7, 'new', $8, '', $9)
"""
_ANSWER = """
update points_need set state = $3, reason = $4, answered_by = $5, answered_at = $6, erase_on = $7
where tenant_id = $1 and id = $2 and state = 'new' returning id
"""
_ERASE = """
update points_need set contact = '', what = case when state = 'declined' then '' else what end, erased_at = $3
where tenant_id = $1 and erase_on <= $2 and erased_at is null
"""


async def enter_need(what: str, contact: str, organization: UUID | None) -> int:
    """A need as the clerk noted it; returns its number. Raises Invalid with every fault."""
    async with joined():
        number, need = await _add(what, contact, organization, "clerk")
        record(Event.WORK_MOVED, ("points_need", need), plugin=PLUGIN, state="new", number=number)
    return number


async def send_need(code: str, what: str, contact: str, *, caller: str) -> int:
    """A need sent by a public form; nothing shows before a clerk has reviewed it. Returns its number.

    `caller` is the sender's address, counted and kept only as a digest.

    Raises:
        NotFound: no open form with the code. TooMany: sent too often. Invalid: every fault.
    """
    form = await queries.open_form(code)
    await allow(SENDING, caller)
    await allow(ONE_FORM, str(form.id))
    async with joined():
        number, _ = await _add(what, contact, form.organization, "form")
        record(Event.WORK_MOVED, ("points_need_form", form.id), plugin=PLUGIN, state="new", number=number)
    return number


async def shelve(need_id: UUID, item: NewItem, *, by: UUID) -> UUID:
    """Turn a need into an item that waits for review; returns the item. Raises as `add_item`, Conflict."""
    async with joined():
        added = await add_item(item, by=by)
        await _answer(need_id, "shelved", "", by)
        await execute(
            "update points_item set need = $3 where tenant_id = $1 and id = $2",
            *(current_tenant(), added, need_id),
        )
    return added


async def decline(need_id: UUID, reason: str, *, by: UUID) -> None:
    """Say no to a need, with the reason."""
    if not reason.strip():
        raise Invalid(["请写明理由"], "没有办理", where="理由")
    async with joined():
        await _answer(need_id, "declined", reason.strip()[:500], by)


async def open_form(organization: UUID, *, by: UUID) -> UUID:
    """Open a public form for one community and return its id."""
    async with joined():
        made = new_id()
        await execute(
            "insert into points_need_form (tenant_id, id, organization, code, is_open, made_by, made_at)"
            " values ($1, $2, $3, $4, true, $5, $6)",
            *(current_tenant(), made, organization, secrets.token_urlsafe(9), by, now()),
        )
        record(Event.WORK_MOVED, ("points_need_form", made), plugin=PLUGIN, state="open")
    return made


async def close_form(form_id: UUID) -> None:
    """Close a public form: from now on its address answers like one that never was."""
    async with joined():
        form = await queries.form(form_id)
        await execute(
            "update points_need_form set is_open = false where tenant_id = $1 and id = $2",
            *(current_tenant(), form.id),
        )
        record(Event.WORK_MOVED, ("points_need_form", form_id), plugin=PLUGIN, state="closed")


async def erase_due(day: date) -> int:
    """Empty the contacts (and what was asked, where it was declined) whose time is over; returns how many."""
    async with joined():
        count = await execute(_ERASE, current_tenant(), day, now())
        if count:
            record(Event.WORK_MOVED, plugin=PLUGIN, state="erased", count=count)
    return count


async def _add(what: str, contact: str, organization: UUID | None, source: str) -> tuple[int, UUID]:
    faults = []
    if not what.strip():
        faults.append("请写明需要什么")
    if len(what) > LONGEST_NEED:
        faults.append(f"需求最长 {LONGEST_NEED} 字")
    if len(contact) > LONGEST_CONTACT:
        faults.append(f"联系方式最长 {LONGEST_CONTACT} 字")
    if faults:
        raise Invalid(faults, "没有提交", where="需求登记")
    number, need = await next_block("points needs"), new_id()
    given = contact.strip()
    sealed = (await keyring()).seal(CONTACT, need, given) if given else ""
    await execute(
        _ADD,
        *(current_tenant(), need, number, organization, what.strip(), sealed, source, now()),
        today() + timedelta(days=KEPT_DAYS),
    )
    return number, need


async def _answer(need_id: UUID, state: str, reason: str, by: UUID) -> NeedRow:
    need = await queries.need(need_id)
    until = today() + timedelta(days=KEPT_AFTER_ANSWER)
    values = (current_tenant(), need_id, state, reason, by, now(), until)
    if await fetch_value(_ANSWER, *values) is None:
        raise Conflict(f"这条需求{NEED_STATES[need.state]}", where=f"第 {need.number} 号")
    record(Event.WORK_MOVED, ("points_need", need_id), plugin=PLUGIN, state=state)
    return need
