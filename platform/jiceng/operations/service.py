"""What operation may do: onboard in one go, start every tenant's schedules, see to a tenant's jobs."""

from pathlib import Path
from uuid import UUID

import msgspec

from jiceng.kernel.database import tenant_scope, transaction
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.jobs import cancel, job_status, retry, set_aside
from jiceng.kernel.jobs.schedule import plant
from jiceng.operations.jobs import every_schedule
from jiceng.operations.onboarding.applying import apply
from jiceng.operations.onboarding.planning import plan
from jiceng.operations.schemas import Applied
from jiceng.tenancy.queries import all_tenants, time_zone


class Onboarded(msgspec.Struct, frozen=True):
    """The slugs of all tenants of the source, superiors first, and what was done, invitations included."""

    tenants: tuple[str, ...]
    applied: tuple[Applied, ...]


async def onboard(source: Path) -> Onboarded:
    """Bring every tenant of the source in; nothing happens where nothing changed.

    Raises `Invalid` with every fault before a change, or at the end when one tenant failed.
    """
    made = await plan(source)
    refused = [f"{tenant.slug}：{reason}" for tenant in made.tenants for reason in tenant.reasons]
    if refused:
        raise Invalid(refused, "接入文件有错误，没有导入任何租户", where=str(source))
    results = await apply(made)
    failed = [f"{result.slug}：{result.fault}" for result in results if result.fault]
    if failed:
        raise Invalid(failed, "有租户没有接入，其余的已完成", where=str(source))
    return Onboarded(tuple(tenant.slug for tenant in made.tenants), tuple(results))


async def plant_everywhere() -> None:
    """Start the schedules in every active tenant, in its own time zone; those already running stay."""
    for tenant in await all_tenants():
        if tenant.active:
            with tenant_scope(tenant.id):
                zone = await time_zone()
                async with transaction():
                    await plant(every_schedule().values(), zone)


async def cancel_job(job_id: UUID) -> None:
    """Ask a job of the tenant to stop; one that has ended meanwhile is left as it is.

    Raises:
        NotFound: the tenant has no such job.
    """
    if not await cancel(job_id) and await job_status(job_id) is None:
        raise NotFound("没有这个任务")


async def retry_job(job_id: UUID) -> None:
    """Queue a job of the tenant again that failed, was parked or cancelled.

    Raises:
        NotFound: the tenant has no such job. Conflict: another one is open for the same thing.
    """
    if await retry(job_id):
        return
    found = await job_status(job_id)
    if found is None:
        raise NotFound("没有这个任务")
    if found.state in {"failed", "parked", "cancelled"}:
        raise Conflict(
            "同样的任务已经在排队或进行",
            todo_zh="请等它结束",
            what_en="a job for the same thing is already queued or running",
        )


async def set_job_aside(job_id: UUID) -> None:
    """Take a job of the tenant that failed off what needs somebody; any other is left as it is.

    Raises:
        NotFound: the tenant has no such job.
    """
    if not await set_aside(job_id) and await job_status(job_id) is None:
        raise NotFound("没有这个任务")
