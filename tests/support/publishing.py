"""What the route matrix sends to the pages of periods, rulings and publication."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from jiceng.kernel.clock import today
from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.publication import queries, service
from jiceng.publication.flow.states import Act, State

if TYPE_CHECKING:
    from jiceng.tenancy.schemas import TenantInfo

NOTICE = service.Notice(grades=("合格",), first_day=today(), working_days=5, office="组织科", phone="0000")
PUBLICATION = "/t/{tenant:str}/runs/{run_id:uuid}/publication"
NOTICES = tuple(f"/t/{{tenant:str}}/runs/{{run_id:uuid}}/notice.{kind}" for kind in ("docx", "pdf"))

FORMS: dict[str, dict[str, str]] = {
    "/t/{tenant:str}/periods": {"kind": "year", "day": "2025-05-01"},
    "/t/{tenant:str}/periods/{period:uuid}/close": {"reason": "已上报"},
    "/t/{tenant:str}/periods/{period:uuid}/reopen": {"reason": "漏报"},
    "/t/{tenant:str}/calendar/day": {"day": "2026-11-23", "working": "no", "note": "本地安排"},
    "/t/{tenant:str}/calendar/year": {"year": "2027", "source": "通知", "off": "2027-01-01 元旦"},
    "/t/{tenant:str}/notices/history": {"scheme": "points", "history": "computed"},
    "/t/{tenant:str}/runs/{run_id:uuid}/publication": {"act": "review"},
    "/t/{tenant:str}/runs/{run_id:uuid}/publication/notice": {
        "grades": "合格",
        "first_day": today().isoformat(),
        "working_days": "5",
        "office": "组织科",
        "phone": "0000",
    },
    "/t/{tenant:str}/runs/{run_id:uuid}/publication/confirm": {"reason": "会议"},
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
    "/t/{tenant:str}/runs/{run_id:uuid}/publication": {409},  # the one before reviewed it
    "/t/{tenant:str}/runs/{run_id:uuid}/publication/notice": {409},  # the one before opened it
    "/t/{tenant:str}/runs/{run_id:uuid}/results/{subject:uuid}/objection": {409},  # not on notice, or waiting
    f"GET {NOTICES[1]}": {409},  # a machine without a Chinese font makes no PDF
}
"""Forms that the one before used up, or whose content is refused."""
_NOT_REVIEWED = (
    "update publication set state = 'computed' where tenant_id = $1 and run = $2 and state = 'notice'"
)
_BEGUN = "update publication set first_day = $3 where tenant_id = $1 and run = $2"
_RATED = """
select m.number from result r join member m on m.tenant_id = r.tenant_id and m.id = r.subject
where r.tenant_id = $1 and r.run = $2 and r.status = 'rated' order by m.number limit 1
"""
_WAITING = """
select o.id from objection o join publication p on p.tenant_id = o.tenant_id and p.id = o.publication
where o.tenant_id = $1 and p.run = $2 and o.answered_at is null limit 1
"""


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """A notice is open for its files, not yet before the review, begun for objections."""
    if path not in NOTICES and not path.startswith(PUBLICATION):
        return {}
    with tenant_scope(tenant.id):
        run = await fetch_value(
            "select id from run where tenant_id = $1 and state = 'done' order by number limit 1", tenant.id
        )
        if path == PUBLICATION:
            await execute(_NOT_REVIEWED, tenant.id, run)
        if path == f"{PUBLICATION}/confirm":
            return {"=number": await fetch_value(_RATED, tenant.id, run)}
        if path == f"{PUBLICATION}/objections":
            await execute(_BEGUN, tenant.id, run, today() - timedelta(days=1))
        if path == f"{PUBLICATION}/objections/{{objection:uuid}}":
            return {"objection": str(await fetch_value(_WAITING, tenant.id, run))}
        if path not in NOTICES:
            return {}
        by = await fetch_value("select id from account where tenant_id = $1 limit 1", tenant.id)
        if (await queries.publication(run)).state is State.COMPUTED:
            await service.move(run, Act.REVIEW, by=by)
        if (await queries.publication(run)).state is State.REVIEWED:
            await service.open_notice(run, NOTICE, by=by)
    return {}
