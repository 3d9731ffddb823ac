"""What the tests of every route send to costs, certification and assessment: a thing for every act."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.plugins.project_ledger.world import PROJECT, PROPOSER, YEAR, P, a_project
from tests.support.enrolling import ASKING
from tests.support.projects import somebody
from tests.support.sample_files import pdf

from jiceng.kernel.clock import now, today
from jiceng.kernel.database import execute, fetch, fetch_value, joined, tenant_scope, transaction
from jiceng.kernel.ids import new_id
from jiceng_project_ledger.certification import accepting, queries, supervising
from jiceng_project_ledger.certification.life import Verdict
from jiceng_project_ledger.costs import budget, buying, spending
from jiceng_project_ledger.course.moving import Hand, carry_out
from jiceng_project_ledger.library import queries as library
from jiceng_project_ledger.states import Act, State

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from jiceng.tenancy.schemas import TenantInfo

_COSTS = f"{PROJECT}/costs"
_LINE = f"{_COSTS}/lines/{{cost_line:int}}"
_CERTIFICATION = f"{PROJECT}/certification"
_PROPOSAL = f"{P}/accountability/{{proposal:uuid}}"
_DAY, _LATER = f"{today()}", f"{today() + timedelta(days=30)}"
_LINE_SAID = {"name": "桌椅", "amount": "5000", "reason": "测试"}
_WHY = {"reason": "测试"}
_DONE = {"words": "做好了"}
FORMS = {
    f"{_COSTS}/lines": _LINE_SAID,
    f"{_LINE}/change": _LINE_SAID,
    f"{_LINE}/drop": _WHY,
    f"{_LINE}/inquiry": {"route": "quotes", "opened": _DAY, "closes": _LATER},
    f"{_LINE}/quotes": {"supplier": "甲", "amount": "4000", "received": _DAY, "valid_until": _LATER},
    f"{_LINE}/contract": {"number": "HT-1", "amount": "4000", "signed": _DAY, "reason": "测试"},
    f"{_LINE}/payments": {"amount": "100", "paid": _DAY, "voucher": "记-1"},
    f"{_COSTS}/quotes/{{quote:uuid}}/withdraw": _WHY,
    f"{_COSTS}/payments/{{payment:uuid}}/reverse": _WHY,
    f"{P}/cost-rules": {"quotes_from": "10000", "tender_above": "200000", "quotes": "3", "window_days": "90"},
    f"{_CERTIFICATION}/findings": {
        "sort": "quality",
        "matter": "门没装",
        "found": _DAY,
        "deadline": _LATER,
    },
    f"{_CERTIFICATION}/findings/{{finding:uuid}}/answer": _DONE,
    f"{_CERTIFICATION}/findings/{{finding:uuid}}/recheck": _DONE | {"act": "pass"},
    f"{_CERTIFICATION}/acceptances": {
        "held": _DAY,
        "verdict": "passed",
        "opinion": "好",
    },
    f"{_CERTIFICATION}/conditions/{{condition:uuid}}/met": _DONE,
    f"{_CERTIFICATION}/conditions/{{condition:uuid}}/inspect": {"met": "yes"},
    f"{_PROPOSAL}/decision": {"act": "drop", "reason": "测试"},
    f"{_PROPOSAL}/objection": _DONE,
}
ANSWERED = {
    f"{_CERTIFICATION}/findings/{{finding:uuid}}/answer": {403},  # only the owner organization
    f"{_CERTIFICATION}/conditions/{{condition:uuid}}/met": {403},  # only the owner organization
    f"{_PROPOSAL}/objection": {403, 404},  # only the responsible person himself; others do not see it
    f"GET {_PROPOSAL}": {404},  # seen by who decides and by whom it is about
}
NO_ID = {"cost_line", "signed"}
FIXED = {"cost_line": "1", "signed": "1"}
_OUTSIDE = """
select m.number from member m join membership b on b.tenant_id = $1 and b.member = m.id and b.until is null
where m.tenant_id = $1 and b.organization <> $2 order by m.number limit 4
"""
_PROPOSE = """
insert into ledger_accountability
  (tenant_id, id, project, year, person, grounds, state, until, objection, objected, at)
select $1, $2, $3, $4, m.id, array['逾期'], 'proposed', null, '', null, $5
from member m where m.tenant_id = $1 and m.number = $6
"""


async def values(tenant: TenantInfo) -> dict[str, str]:
    """One of everything, each of a project of its own."""
    found: dict[str, str] = {}
    for path in (_COSTS, f"{_CERTIFICATION}/findings/of", f"{_CERTIFICATION}/conditions", _PROPOSAL):
        found |= await prepared(tenant, path)
    del found["project"]
    return found


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """A project with what the act at `path` uses up, made in one transaction."""
    if not path.startswith((_COSTS, _PROPOSAL, _CERTIFICATION)):
        return {}
    with tenant_scope(tenant.id):
        async with transaction():
            return await _made(tenant, path)


async def _made(tenant: TenantInfo, path: str) -> dict[str, str]:
    if path.startswith(_COSTS):
        return await _bought(tenant, path)
    if path.startswith(_PROPOSAL):
        return await _proposed(tenant)
    if path.startswith((f"{_CERTIFICATION}/acceptances", f"{_CERTIFICATION}/conditions")):
        return await _accepted(tenant, path)
    return await _looked_after(tenant, path)


async def _bought(tenant: TenantInfo, path: str) -> dict[str, str]:
    """A line of 5,000 yuan bought directly: quote, award, contract, a payment, as far as `path` needs."""
    project = await a_project(tenant, State.IN_PROGRESS)
    with tenant_scope(tenant.id):
        line = await budget.add(project, "桌椅", 5_000_00, None)
        offer = buying.Offer(
            supplier="甲",
            amount=4_000_00,
            received=today(),
            valid_until=today(),
            pieces=_pieces(),
            file_name="报价.pdf",
        )
        quote = await buying.offer(project, line, offer, None)
        found = {"project": str(project), "quote": str(quote)}
        if path.endswith("/award"):
            return found | {"=quote": str(quote)}
        if path.endswith(("/drop", "/withdraw")):
            return found
        await buying.award(project, line, quote, "", somebody())
        signed = spending.Signed(
            number="HT", amount=4_000_00, signed=today(), pieces=_pieces(), file_name="合同.pdf"
        )
        await spending.sign(project, line, signed, None)
        paid = spending.Paid(amount=50_00, paid=today(), voucher="记-1")
        await spending.pay(project, line, paid, None)
        payment = await fetch_value("select id from ledger_payment where project = $1", project)
    return found | {"payment": str(payment)}


async def _looked_after(tenant: TenantInfo, path: str) -> dict[str, str]:
    """A supervisor, and a finding in the state the act at `path` begins in."""
    project = await a_project(tenant, State.IN_PROGRESS)
    with tenant_scope(tenant.id):
        first, second, *_ = await _outside(tenant, project)
        if path.endswith("/supervisors"):
            return {"project": str(project), "=member": second}
        supervisor = await supervising.appoint(project, first, new_id())
        if path.endswith("/findings"):
            return {"project": str(project), "=supervisor": str(supervisor)}
        seen = supervising.Seen(
            supervisor=supervisor, sort="quality", matter="门没装", found=today(), deadline=today()
        )
        finding = await supervising.find(project, seen, new_id())
        if path.endswith("/recheck"):
            await supervising.answer(project, finding, "装好了", PROPOSER)
    return {"project": str(project), "supervisor": str(supervisor), "finding": str(finding)}


async def _accepted(tenant: TenantInfo, path: str) -> dict[str, str]:
    """A project up for acceptance; accepted with a condition where `path` is about one."""
    project = await a_project(tenant, State.IN_PROGRESS)
    with tenant_scope(tenant.id):
        async with joined():
            hand = Hand("测试", "测试", None, now(), today())
            await carry_out(await library.project(project), Act.HAND_IN, hand)
        chair, *others = await _outside(tenant, project)
        if path.endswith("/acceptances"):
            return {"project": str(project), "=chair": chair, "=others": "、".join(others)}
        meeting = accepting.Meeting(
            held=today(),
            chair=chair,
            others=tuple(others),
            verdict=Verdict.CONDITIONAL,
            opinion="好",
            conditions=(("补台账", today()),),
        )
        await accepting.accept(project, meeting, somebody())
        condition = (await queries.acceptances(project))[0].conditions[0].id
        if path.endswith("/inspect"):
            await accepting.meet(project, condition, "补了", PROPOSER)
    return {"project": str(project), "condition": str(condition)}


async def _proposed(tenant: TenantInfo) -> dict[str, str]:
    project, proposal = await a_project(tenant, State.IN_PROGRESS), new_id()
    with tenant_scope(tenant.id):
        await execute(_PROPOSE, tenant.id, proposal, project, YEAR, now(), ASKING)
    return {"project": str(project), "proposal": str(proposal)}


async def _outside(tenant: TenantInfo, project: UUID) -> list[str]:
    owner = (await library.project(project)).organization
    return [row["number"] for row in await fetch(_OUTSIDE, tenant.id, owner)]


async def _pieces() -> AsyncIterator[bytes]:
    yield pdf()
