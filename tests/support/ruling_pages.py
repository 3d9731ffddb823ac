"""What the route matrix sends to the pages of a run's end and of rulings: a run that waits, one with ties."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from jiceng.evaluation import queries
from jiceng.evaluation.jobs import JOBS
from jiceng.evaluation.rulings.deciding import decide
from jiceng.evaluation.service import open_run
from jiceng.facts.service import import_facts
from jiceng.kernel.clock import now, showing, today
from jiceng.kernel.database import execute, fetch, fetch_value, tenant_scope
from jiceng.kernel.jobs import cancel
from jiceng.kernel.jobs.work import run_due_jobs
from jiceng.schemes.service import adopt

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.tenancy.schemas import TenantInfo

RUNS = "/t/{tenant:str}/runs"
RUN = f"{RUNS}/{{run_id:uuid}}"
QUESTION, WITHDRAW = f"{RUN}/questions/{{subject:uuid}}", f"{RUN}/rulings/{{ruling:uuid}}/withdraw"
JOBS_CHANGED = tuple(f"/t/{{tenant:str}}/jobs/{{job_id:uuid}}/{act}" for act in ("aside", "cancel", "retry"))
_FAIL = """
update job set state = 'failed', unique_key = null, finished_at = now() where tenant_id = $1 and id = $2
"""
ANSWER = {"part": "decide[0]", "choice": "first", "reason": "理由"}
FORMS = {QUESTION: ANSWER, WITHDRAW: {"reason": "弄错了"}}
ANSWERED = {
    QUESTION: {404},  # nothing is open in the province
    WITHDRAW: {404},  # the one before withdrew it
}
TIED = """
title = "先进支部评选"
subject = "organization"
period = "year"
grades = ["先进", "合格"]

[facts]
awards = { kind = "number", title = "获奖次数", min = 0, max = 100, default = 0 }

[items.honour]
title = "获奖"
clause = "第一条"
points = "awards"

[groups.score]
title = "总分"
of = ["honour"]

[[decide]]
do = "quota"
title = "按比例评先进"
clause = "第二条"
ratio = { "先进" = 1, "合格" = 2 }
rounding = "half_up"
ties = "ask"
"""
DAY = date(2026, 5, 1)
_ASKED = "select subject from result where tenant_id = $1 and run = $2 and status = 'needs_ruling' limit 2"
_tied: dict[int, tuple[UUID, UUID]] = {}


async def values(tenant: TenantInfo) -> dict[str, str]:
    """In the town: a run in which all branches tie, and a ruling on one of them."""
    if tenant.kind == "province":
        return {}
    with tenant_scope(tenant.id):
        await adopt("model_branches", toml=TIED, in_force_from=date(2026, 1, 1), reason="测试")
        run = (await open_run("model_branches", DAY)).id
    await run_due_jobs(JOBS)
    with tenant_scope(tenant.id):
        ruled, asked = [row["subject"] for row in await fetch(_ASKED, tenant.id, run)]
        _tied[tenant.id] = run, asked
        by = await fetch_value("select id from account where tenant_id = $1 limit 1", tenant.id)
        await decide(await queries.done(run), ruled, "decide[0]", "first", "理由", by=by)
        ruling = await fetch_value("select id from ruling where tenant_id = $1 limit 1", tenant.id)
    return {"ruling": str(ruling)}


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """The run with ties and a branch that waits for a ruling; a job that waits, was cancelled or failed."""
    if path == RUNS:
        with tenant_scope(tenant.id):
            await _another_fact(tenant.id)
        return {}
    if path in (f"{RUN}/cancel", *JOBS_CHANGED):
        with tenant_scope(tenant.id):
            with showing(now().replace(year=today().year + 2, month=6, day=30)):  # a year of its own
                waiting = await open_run("points", today())
            if path.endswith("/retry") and waiting.job is not None:
                await cancel(waiting.job)
            if path.endswith("/aside"):
                await execute(_FAIL, tenant.id, waiting.job)
        return {"run_id": str(waiting.id), "job_id": str(waiting.job)}
    if path not in (QUESTION, WITHDRAW) or tenant.kind == "province":
        return {}
    run, asked = _tied[tenant.id]
    return {"run_id": str(run)} | ({"subject": str(asked)} if path == QUESTION else {})


async def _another_fact(tenant: int) -> None:
    """A reward more, so that what is opened next computes what no run before it has."""
    member = await fetch_value(
        "select id::text from member where tenant_id = $1 order by number limit 1", tenant
    )
    given = await fetch_value("select count(*) from fact where tenant_id = $1", tenant)
    row = {
        "subject": member,
        "date": DAY + timedelta(days=given % 180),
        "kind": "奖励加分",
        "worth": Decimal(1),
    }
    await import_facts("points", "adjustment", pl.DataFrame([row]), source="样例")
