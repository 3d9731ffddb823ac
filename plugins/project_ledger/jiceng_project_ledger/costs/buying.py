"""From asking for quotes to the award: rounds, quotes with their files, the choice by a named person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Conflict, Invalid, NotFound, now, today
from jiceng.api.database import current_tenant, execute, joined, new_id
from jiceng.api.files import store
from jiceng_project_ledger.costs import queries
from jiceng_project_ledger.costs.budget import buying_project, purchase, reason_faults, refuse, told
from jiceng_project_ledger.costs.judging import award_faults, counted
from jiceng_project_ledger.costs.rules import Route, thresholds
from jiceng_project_ledger.library.powers import refuse_from_below
from jiceng_project_ledger.library.vocabulary import LONGEST_TEXT, LONGEST_TITLE
from jiceng_project_ledger.money import LARGEST

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import date
    from uuid import UUID

    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.costs.schemas import Purchase, Quote

_ASK = """
insert into ledger_inquiry
  (tenant_id, id, project, line, version, route, notice, opened, closes, reason, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_QUOTE = """
insert into ledger_quote (tenant_id, id, project, line, inquiry, supplier, amount, received, valid_until,
  file, replaces, withdrawn, reason, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""
_AWARD = """
insert into ledger_award
  (tenant_id, id, project, line, version, quote, amount, lowest, day, reason, decided_by, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A round as it is entered; the reason only when it takes the place of an earlier one."""

    route: Route
    notice: str
    opened: date
    closes: date
    reason: str = ""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A quote as it is entered; `pieces` its file, None for none; `replaces` needs a reason."""

    supplier: str
    amount: int
    received: date
    valid_until: date
    pieces: AsyncIterator[bytes] | None = None
    file_name: str = ""
    replaces: UUID | None = None
    reason: str = ""


async def ask(project_id: UUID, line: int, asked: Asked, by: UUID | None) -> None:
    """Begin a round of quotes or a tender for a line. Raises NotFound, Conflict, Invalid."""
    async with joined():
        await buying_project(project_id)
        before = await purchase(project_id, line)
        faults = [] if asked.route is not Route.DIRECT else ["请选比价或招标"]
        if asked.closes < asked.opened:
            faults.append(f"截止日期 {asked.closes} 早于发出日期 {asked.opened}")
        if asked.opened > today():
            faults.append("发出日期不能晚于今天")
        if asked.route is Route.TENDER and not asked.notice.strip():
            faults.append("请填招标公告编号")
        if len(asked.notice) > LONGEST_TITLE:
            faults.append(f"公告编号最多 {LONGEST_TITLE} 字")
        if before.inquiry is not None:
            faults += reason_faults(asked.reason)
        refuse(faults, "询价（招标）")
        version = before.inquiry.version + 1 if before.inquiry else 1
        await execute(
            _ASK,
            *(current_tenant(), new_id(), project_id, line, version, asked.route.value),
            *(asked.notice.strip(), asked.opened, asked.closes),
            *(asked.reason.strip() if before.inquiry else "", by, now()),
        )
        told(project_id, "inquiry", line)


async def offer(project_id: UUID, line: int, said: Offer, by: UUID | None) -> UUID:
    """Keep a quote with its file; returns its id. A late one is kept too, it cannot be awarded.

    Raises NotFound, Conflict, Invalid, and as the file store for a wrong file: then nothing is kept.
    """
    async with joined():
        await buying_project(project_id)
        bought = await purchase(project_id, line)
        replaced = _replaced(bought, said.replaces)
        refuse(_offer_faults(said), "报价")
        _refuse_awarded(bought, replaced)
        quote, file = new_id(), None
        if said.pieces is not None:
            file = (await store(said.pieces, said.file_name, about=("ledger_quote", quote), by=by)).id
        elif replaced is not None:
            file = replaced.file
        inquiry = bought.inquiry.id if bought.inquiry else None
        await execute(
            _QUOTE,
            *(current_tenant(), quote, project_id, line, inquiry, said.supplier.strip(), said.amount),
            *(said.received, said.valid_until, file, said.replaces, False),
            *(said.reason.strip() if replaced else "", by, now()),
        )
        told(project_id, "quote", line)
    return quote


async def withdraw(project_id: UUID, line: int, quote: UUID, reason: str, by: UUID | None) -> None:
    """Say that a quote does not count, with the reason; it stays in the history."""
    async with joined():
        await buying_project(project_id)
        bought = await purchase(project_id, line)
        gone = _replaced(bought, quote)
        refuse(reason_faults(reason), "报价")
        _refuse_awarded(bought, gone)
        if gone is None:
            raise NotFound("没有这份报价")
        await execute(
            _QUOTE,
            *(current_tenant(), new_id(), project_id, line, gone.inquiry, gone.supplier, gone.amount),
            *(gone.received, gone.valid_until, gone.file, gone.id, True, reason.strip(), by, now()),
        )
        told(project_id, "quote", line)


async def award(project_id: UUID, line: int, quote: UUID, reason: str, by: SignedIn) -> None:
    """Choose a quote: by a named person above the owner, who did not enter it.

    Raises NotFound, Forbidden, Conflict, Invalid with everything that speaks against it: the rule is unmet,
    the quote late or expired, not the lowest without a reason, dearer than the budget.
    """
    async with joined():
        project = await buying_project(project_id)
        bought = await purchase(project_id, line)
        chosen = next((one for one in bought.quotes if one.id == quote), None)
        if chosen is None:
            raise NotFound("没有这份报价")
        await refuse_from_below(project, by.id)
        if chosen.by == by.id:
            raise Conflict("登记报价的人不能自己定标", todo_zh="请由另一位同志定标")
        faults = award_faults(bought, chosen, today(), reason, await thresholds())
        if len(reason) > LONGEST_TEXT:
            faults.append(f"理由最多 {LONGEST_TEXT} 字")
        if bought.standing():
            faults.append("这条明细已经有支出，不能改定")
        if faults:
            raise Invalid(faults, "没有定标", where=f"第 {line} 条明细")
        version = bought.award.version + 1 if bought.award else 1
        lowest = counted(bought, today())[0].amount
        await execute(
            _AWARD,
            *(current_tenant(), new_id(), project_id, line, version, quote, chosen.amount, lowest),
            *(today(), reason.strip(), by.name, by.id, now()),
        )
        told(project_id, "award", line)


async def quote_of(project_id: UUID, quote: UUID) -> Quote:
    """One quote of a project, also one replaced; raises NotFound."""
    found = next((one for one in await queries.all_quotes(project_id) if one.id == quote), None)
    if found is None:
        raise NotFound("没有这份报价")
    return found


def _replaced(bought: Purchase, quote: UUID | None) -> Quote | None:
    """The quote that holds and is to be replaced; raises NotFound when it is none of this line."""
    if quote is None:
        return None
    found = next((one for one in bought.quotes if one.id == quote), None)
    if found is None:
        raise NotFound("没有这份报价")
    return found


def _refuse_awarded(bought: Purchase, replaced: Quote | None) -> None:
    if replaced is not None and bought.award is not None and bought.award.quote == replaced.id:
        raise Conflict("这份报价已经中标，不能更正或作废", todo_zh="请先改定其他报价")


def _offer_faults(said: Offer) -> list[str]:
    faults = []
    if not said.supplier.strip() or len(said.supplier.strip()) > LONGEST_TITLE:
        faults.append(f"供应商不能为空，最多 {LONGEST_TITLE} 字")
    if not 0 < said.amount <= LARGEST:
        faults.append("报价不能是负数" if said.amount < 0 else "报价应大于 0")
    if said.received > today():
        faults.append("收到日期不能晚于今天")
    if said.valid_until < said.received:
        faults.append("有效期不能早于收到日期")
    if said.replaces is not None:
        faults += reason_faults(said.reason)
    return faults
