"""Contracts and payments: a contract never dearer than its award, payments never more than the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api import NotFound, now, today
from jiceng.api.database import current_tenant, execute, fetch_value, joined, new_id
from jiceng.api.files import store
from jiceng_project_ledger.costs import queries
from jiceng_project_ledger.costs.budget import buying_project, purchase, reason_faults, refuse, told
from jiceng_project_ledger.costs.judging import rule_met
from jiceng_project_ledger.library.vocabulary import LONGEST_NAME
from jiceng_project_ledger.money import LARGEST, yuan

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import date
    from uuid import UUID

    from jiceng_project_ledger.costs.schemas import Purchase

_SIGN = """
insert into ledger_contract
  (tenant_id, id, project, line, version, award, number, amount, signed, file, reason, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
_PAY = """
insert into ledger_payment
  (tenant_id, id, project, seq, line, amount, paid, voucher, reverses, reason, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_LAST = "select coalesce(max(seq), 0) from ledger_payment where tenant_id = $1 and project = $2"


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A contract as it is entered; the reason only when it takes the place of an earlier one."""

    number: str
    amount: int
    signed: date
    reason: str = ""
    pieces: AsyncIterator[bytes] | None = None
    file_name: str = ""


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as it is entered."""

    amount: int
    paid: date
    voucher: str


async def sign(project_id: UUID, line: int, said: Signed, by: UUID | None) -> None:
    """Keep the contract of a line, or its next version with a reason.

    Raises NotFound, Conflict, Invalid with every fault, and as the file store: then nothing is kept.
    """
    async with joined():
        await buying_project(project_id)
        bought = await purchase(project_id, line)
        refuse(_contract_faults(bought, said), "合同")
        contract, file = new_id(), None
        if said.pieces is not None:
            file = (await store(said.pieces, said.file_name, about=("ledger_contract", contract), by=by)).id
        before = bought.contract
        await execute(
            _SIGN,
            *(current_tenant(), contract, project_id, line, before.version + 1 if before else 1),
            *(bought.award.id if bought.award else None, said.number.strip(), said.amount, said.signed),
            *(file, said.reason.strip() if before else "", by, now()),
        )
        told(project_id, "contract", line)


async def pay(project_id: UUID, line: int, said: Paid, by: UUID | None) -> int:
    """Keep what was really paid; returns its number. Raises NotFound, Conflict, Invalid."""
    async with joined():
        await buying_project(project_id)
        bought = await purchase(project_id, line)
        refuse(_payment_faults(bought, said), "实际支出")
        return await _keep(project_id, line, said, None, "", by)


async def reverse(project_id: UUID, payment: UUID, reason: str, by: UUID | None) -> None:
    """Take back a payment entered wrongly: it stays, but does not count. Raises NotFound, Invalid."""
    async with joined():
        await buying_project(project_id)
        costs = await queries.costs(project_id)
        standing = [one for bought in costs.purchases for one in bought.standing()]
        found = next((one for one in standing if one.id == payment), None)
        if found is None:
            raise NotFound("没有这笔支出，或已经冲销")
        refuse(reason_faults(reason), "冲销")
        said = Paid(amount=found.amount, paid=found.paid, voucher=found.voucher)
        await _keep(project_id, found.line, said, payment, reason.strip(), by)


async def _keep(
    project_id: UUID, line: int, said: Paid, reverses: UUID | None, reason: str, by: UUID | None
) -> int:
    seq: int = await fetch_value(_LAST, current_tenant(), project_id) + 1
    row = (seq, line, said.amount, said.paid, said.voucher.strip(), reverses, reason, by, now())
    await execute(_PAY, current_tenant(), new_id(), project_id, *row)
    told(project_id, "payment", line)
    return seq


def _contract_faults(bought: Purchase, said: Signed) -> list[str]:
    faults = _amount_faults(said.amount, "合同价")
    if bought.award is None:
        faults.append("还没有定标，不能登记合同")
    elif said.amount > bought.award.amount:
        faults.append(f"合同价 {yuan(said.amount):,.2f} 元超过中标价 {yuan(bought.award.amount):,.2f} 元")
    elif said.signed < bought.award.day:
        faults.append(f"签订日期早于定标日期 {bought.award.day}")
    if said.amount < bought.spent:
        faults.append(f"已经支出 {yuan(bought.spent):,.2f} 元，合同价不能再少")
    if said.signed > today():
        faults.append("签订日期不能晚于今天")
    if not said.number.strip() or len(said.number.strip()) > LONGEST_NAME:
        faults.append(f"合同编号不能为空，最多 {LONGEST_NAME} 字")
    if bought.contract is not None:
        faults += reason_faults(said.reason)
    return faults


def _payment_faults(bought: Purchase, said: Paid) -> list[str]:
    faults = _amount_faults(said.amount, "支出金额")
    if not said.voucher.strip() or len(said.voucher.strip()) > LONGEST_NAME:
        faults.append(f"凭证号不能为空，最多 {LONGEST_NAME} 字")
    if said.paid > today():
        faults.append("支付日期不能晚于今天")
    if not rule_met(bought):
        return [*faults, "这条明细还没有按规定定标，不能支出"]
    bound = bought.award.amount if bought.award else 0
    if bought.awarded_in() is not None:
        if bought.contract is None:
            return [*faults, "这条明细还没有登记合同，不能支出"]
        if bought.award is None or bought.contract.award != bought.award.id:
            return [*faults, "登记的合同是改定以前的，请先登记新的合同，再登记支出"]
        bound = bought.contract.amount
    told = (said.amount, said.paid, said.voucher.strip())
    if any((one.amount, one.paid, one.voucher) == told for one in bought.standing()):
        faults.append("金额、日期、凭证号都相同的一笔支出已经登记过，没有再登记")
    if bought.spent + said.amount > bound:
        faults.append(
            f"合计 {yuan(bought.spent + said.amount):,.2f} 元超过合同（定标）价 {yuan(bound):,.2f} 元"
        )
    return faults


def _amount_faults(amount: int, title: str) -> list[str]:
    if 0 < amount <= LARGEST:
        return []
    return [f"{title}不能是负数" if amount < 0 else f"{title}应大于 0"]
