"""Pages of operation: the tenant's jobs, and the operator's look at every tenant's jobs in numbers."""

from typing import Any
from uuid import UUID

from litestar import Request, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, needs
from jiceng.api.workflows import job_titles
from jiceng.kernel.jobs import ended_jobs, open_jobs, parked_jobs
from jiceng.kernel.plugins import refused_plugins
from jiceng.operations import queries, service
from jiceng.operations.jobs import KINDS

AnyRequest = Request[Any, Any, Any]
MANAGING = [needs(Permission.MANAGE_JOBS)]
STATES = {
    "queued": ("idle", "排队中"),
    "running": ("info", "进行中"),
    "done": ("ok", "已完成"),
    "cancelled": ("idle", "已取消"),
    "failed": ("bad", "没有做成"),
    "parked": ("bad", "已停止重试"),
}
"""Each state of a job: its colour and its word."""


@get("/jobs", guards=MANAGING)
async def jobs_page() -> Template:
    """Everything in the background: what needs somebody, what runs or waits, what ended lately."""
    return Template("operations/jobs.html", context=await _jobs())


@get("/jobs/list", guards=MANAGING)
async def jobs_list() -> Template:
    """The lists alone: what the page asks for every two seconds while something is open."""
    return Template("operations/jobs_list.html", context=await _jobs())


@post("/jobs/{job_id:uuid}/cancel", guards=MANAGING)
async def cancel(request: AnyRequest, job_id: FromPath[UUID]) -> Redirect:
    """Ask a job to stop."""
    await service.cancel_job(job_id)
    return Redirect(f"/t/{request.state.tenant.slug}/jobs", status_code=303)


@post("/jobs/{job_id:uuid}/retry", guards=MANAGING)
async def retry(request: AnyRequest, job_id: FromPath[UUID]) -> Redirect:
    """Queue an ended job again."""
    await service.retry_job(job_id)
    return Redirect(f"/t/{request.state.tenant.slug}/jobs", status_code=303)


@post("/jobs/{job_id:uuid}/aside", guards=MANAGING)
async def put_aside(request: AnyRequest, job_id: FromPath[UUID]) -> Redirect:
    """Take a failed job off what needs somebody."""
    await service.set_job_aside(job_id)
    return Redirect(f"/t/{request.state.tenant.slug}/jobs", status_code=303)


@get("/operator/jobs", guards=[needs(Permission.OVERSEE_TENANTS)])
async def all_jobs_page() -> Template:
    """Every tenant's jobs in numbers, for the operator, and the plugins that are not loaded here."""
    return Template(
        "operations/all_jobs.html",
        context={"tenants": await queries.jobs_of_tenants(), "refused": refused_plugins()},
    )


async def _jobs() -> dict[str, Any]:
    return {
        "parked": await parked_jobs(),
        "open": await open_jobs(),
        "ended": await ended_jobs(),
        "kinds": {**KINDS, **job_titles()},
        "states": STATES,
    }


router = Router(
    "/t/{tenant:str}", route_handlers=[jobs_page, jobs_list, cancel, retry, put_aside, all_jobs_page]
)
