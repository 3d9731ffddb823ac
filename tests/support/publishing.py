"""What the route matrix sends to the pages of periods, rulings and publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.clock import today
from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng.publication import queries, service
from jiceng.publication.flow.states import Act, State

if TYPE_CHECKING:
    from jiceng.tenancy.schemas import TenantInfo

NOTICE = service.Notice(grades=("合格",), first_day=today(), working_days=5, office="组织科", phone="0000")
NOTICES = tuple(f"/t/{{tenant:str}}/runs/{{run_id:uuid}}/notice.{kind}" for kind in ("docx", "pdf"))

FORMS: dict[str, dict[str, str]] = {
    "/t/{tenant:str}/periods": {"kind": "year", "day": "2025-05-01"},
    "/t/{tenant:str}/periods/{period:uuid}/close": {"reason": "已上报"},
    "/t/{tenant:str}/periods/{period:uuid}/reopen": {"reason": "漏报"},
    "/t/{tenant:str}/calendar/day": {"day": "2026-11-23", "working": "no", "note": "本地安排"},
    "/t/{tenant:str}/calendar/year": {"year": "2027", "source": "通知", "off": "2027-01-01 元旦"},
    "/t/{tenant:str}/runs/{run_id:uuid}/questions/{subject:uuid}": {
        "part": "decide[0]",
        "choice": "first",
        "reason": "理由",
    },
    "/t/{tenant:str}/runs/{run_id:uuid}/rulings/{ruling:uuid}/withdraw": {"reason": "弄错了"},
    "/t/{tenant:str}/notices/history": {"scheme": "points", "history": "computed"},
    "/t/{tenant:str}/runs/{run_id:uuid}/publication": {"act": "review"},
    "/t/{tenant:str}/runs/{run_id:uuid}/publication/notice": {
        "grades": "合格",
        "first_day": today().isoformat(),
        "working_days": "5",
        "office": "组织科",
        "phone": "0000",
    },
    "/t/{tenant:str}/runs/{run_id:uuid}/publication/confirm": {"number": "没有", "reason": "会议"},
    "/t/{tenant:str}/runs/{run_id:uuid}/publication/objections": {
        "text": "少计一次",
        "received": today().isoformat(),
    },
    "/t/{tenant:str}/runs/{run_id:uuid}/publication/objections/{objection:uuid}": {"answer": "已核对"},
    "/t/{tenant:str}/runs/{run_id:uuid}/results/{subject:uuid}/objection": {"text": "少计一次"},
}
"""What a form must carry to succeed."""
ANSWERED: dict[str, set[int]] = {
    "/t/{tenant:str}/periods/{period:uuid}/close": {409},  # the one before closed it
    "/t/{tenant:str}/periods/{period:uuid}/reopen": {409},  # the one before opened it again
    "/t/{tenant:str}/runs/{run_id:uuid}/cancel": {409},  # it has ended
    "/t/{tenant:str}/runs/{run_id:uuid}/questions/{subject:uuid}": {404},  # nothing is open there
    "/t/{tenant:str}/runs/{run_id:uuid}/rulings/{ruling:uuid}/withdraw": {404},
    "/t/{tenant:str}/runs/{run_id:uuid}/publication": {409},  # the one before reviewed it
    "/t/{tenant:str}/runs/{run_id:uuid}/publication/notice": {409},  # the one before opened it
    "/t/{tenant:str}/runs/{run_id:uuid}/publication/confirm": {422},  # no such number
    "/t/{tenant:str}/runs/{run_id:uuid}/results/{subject:uuid}/objection": {409},  # not on notice, or waiting
    "/t/{tenant:str}/runs/{run_id:uuid}/publication/objections": {422},  # the notice has not begun
    "/t/{tenant:str}/runs/{run_id:uuid}/publication/objections/{objection:uuid}": {404},
    f"GET {NOTICES[1]}": {409},  # a machine without a Chinese font makes no PDF
}
"""Forms that the one before used up, or whose content is refused."""


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """A notice is open before its files are asked for."""
    if path not in NOTICES:
        return {}
    with tenant_scope(tenant.id):
        run = await fetch_value(
            "select id from run where tenant_id = $1 and state = 'done' order by number limit 1", tenant.id
        )
        by = await fetch_value("select id from account where tenant_id = $1 limit 1", tenant.id)
        if (await queries.publication(run)).state is State.COMPUTED:
            await service.move(run, Act.REVIEW, by=by)
        if (await queries.publication(run)).state is State.REVIEWED:
            await service.open_notice(run, NOTICE, by=by)
    return {}
