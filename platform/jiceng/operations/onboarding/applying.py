"""`apply`: exactly the plan, each tenant in its own transaction; one that fails does not stop the others."""

import datetime as dt
import errno
import logging
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg

from jiceng.accounts.managing.invitations import invite
from jiceng.facts.queries import watermark
from jiceng.facts.service import import_workbook
from jiceng.kernel import clock
from jiceng.kernel.audit import Event, record
from jiceng.kernel.database import current_tenant, execute, highest, tenant_scope, transaction
from jiceng.kernel.errors import Conflict, Refusal
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs.schedule import plant
from jiceng.operations.jobs import every_schedule
from jiceng.operations.onboarding.checking import contents, rulebook_text
from jiceng.operations.onboarding.sources import ROSTER, find_sources, sheets_by_plugin
from jiceng.operations.onboarding.state import applied_plan, state_of
from jiceng.operations.schemas import Applied, Plan, TenantFile, TenantPlan, TenantSource
from jiceng.roster import queries as roster_queries
from jiceng.roster import service as roster
from jiceng.schemes import service as schemes
from jiceng.tenancy import service as tenancy
from jiceng.tenancy.queries import by_slug, time_zone
from jiceng.tenancy.schemas import TenantInfo

log = logging.getLogger(__name__)
_REMEMBER = """
insert into onboarded_file (tenant_id, id, path, digest, version, plan, applied_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (tenant_id, path) do update
set digest = excluded.digest, version = excluded.version, plan = excluded.plan,
    applied_at = excluded.applied_at
"""


def _nobody(_: Applied) -> None:
    """Nobody is told."""


async def apply(plan: Plan, tell: Callable[[Applied], None] = _nobody) -> list[Applied]:
    """Do what the plan says, tenant by tenant; a tenant that a broken-off apply finished is left as it is.

    `tell` learns of each tenant as soon as it is committed: an invitation is not lost with a later one.
    Raises `Conflict` before anything is changed when files or database are not those the plan was made for.
    """
    sources = {source.slug: source for source in find_sources(Path(plan.source))}
    ready = [tenant for tenant in plan.tenants if tenant.action in {"create", "change"}]
    done = {tenant.slug for tenant in ready if await applied_plan(tenant.slug) == plan.digest}
    stale = [told for t in ready if t.slug not in done and (told := await _stale(t, sources.get(t.slug)))]
    if stale:
        raise Conflict(
            "计划已过时：" + "；".join(stale), where=plan.source, todo_zh="请重新运行 plan，核对后再 apply。"
        )
    results = []
    for tenant in ready:
        if tenant.slug in done:
            result = Applied(tenant.slug, tenant.name, ("这份计划已经做完",))
        else:
            result = await _apply_tenant(sources[tenant.slug], tenant, plan.digest)
        tell(result)
        results.append(result)
    return results


async def _stale(tenant: TenantPlan, source: TenantSource | None) -> str:
    if source is None or source.file is None:
        return f"{tenant.slug} 的文件夹不见了或有了错误"
    if source.digests != tenant.digests:
        names = sorted(
            p for p in {*source.digests, *tenant.digests} if source.digests.get(p) != tenant.digests.get(p)
        )
        return f"{tenant.slug} 的文件变了（{'、'.join(names)}）"
    state = await state_of(source.slug, source.file)
    begun = tenant.action == "create" and state.untouched  # an earlier apply registered it and failed then
    if state.digest != tenant.state and not begun:
        return f"{tenant.slug} 在数据库里变了"
    return ""


async def _apply_tenant(source: TenantSource, tenant: TenantPlan, digest: str) -> Applied:
    start = time.monotonic()
    try:
        info = await _registered(source, contents_of(source))
        with tenant_scope(info.id):
            async with transaction():
                invitation = await _bring_in(source, tenant, info, digest)
    except Refusal as error:
        log.info("onboarding of %s refused", tenant.slug)
        return Applied(tenant.slug, tenant.name, fault=error.in_words(), seconds=time.monotonic() - start)
    except (asyncpg.PostgresError, OSError) as error:
        # No traceback: a database's message quotes the row, and rows are people.
        log.error("onboarding of %s failed: %s", tenant.slug, type(error).__name__)  # noqa: TRY400  as above
        told = f"{_why(error)}；这个租户什么都没有写入，其余租户不受影响。请排除后用同一份计划再 apply。"
        return Applied(tenant.slug, tenant.name, fault=told, seconds=time.monotonic() - start)
    done = tuple(step.words for step in tenant.steps)
    return Applied(tenant.slug, tenant.name, done, "", invitation, time.monotonic() - start)


def _why(error: Exception) -> str:
    if isinstance(error, asyncpg.DiskFullError) or getattr(error, "errno", None) == errno.ENOSPC:
        return "磁盘满了"
    return f"数据库或文件出错（{type(error).__name__}）"


def contents_of(source: TenantSource) -> TenantFile:
    """The tenant.toml or list entry of a source that has been planned, so it has one."""
    if source.file is None:
        raise ValueError(f"{source.place} was refused")
    return source.file


async def _registered(source: TenantSource, file: TenantFile) -> TenantInfo:
    before = await by_slug(source.slug)
    if before is None:
        return await tenancy.create_tenant(source.slug, file.name, file.kind, file.parent or None)
    parent = file.parent or None
    return await tenancy.change_tenant(source.slug, name=file.name, kind=file.kind, parent=parent)


async def _bring_in(source: TenantSource, tenant: TenantPlan, info: TenantInfo, digest: str) -> str:
    """Do the steps inside the tenant's transaction; return the invitation's path, if one was made."""
    file = contents_of(source)
    invitation = ""
    for step in tenant.steps:
        if step.what == "plugin":
            await tenancy.set_plugin(step.name, step.name in file.plugins)
        elif step.what == "setting":
            choice = file.settings[step.name]
            await tenancy.set_setting(step.name, choice.value, dt.date.fromisoformat(choice.since))
        elif step.what == "admin" and file.admin is not None:
            invitation = await invite(info, file.admin.login, file.admin.name, "tenant_admin")
        elif step.what == "scheme":
            await _adopt(source, step.name)
        elif step.what == "roster":
            data = (contents(source)[0] / step.name).read_bytes()
            await roster.apply_roster(await roster.preview_roster(data, f"{source.slug}/{step.name}"))
        elif step.what == "facts":
            path = contents(source)[0] / step.name
            await import_workbook(path.stem, path.read_bytes(), f"{source.slug}/{step.name}")
        elif step.what == "sheet":
            path = contents(source)[0] / step.name
            sheet = sheets_by_plugin()[path.parent.name][path.stem]
            await sheet.bring_in(path.read_bytes(), f"{source.slug}/{step.name}")
    await plant(every_schedule().values(), await time_zone())
    await _remember(source, file, digest)
    record(Event.TENANT_ONBOARDED, ("tenant", info.id), count=len(tenant.steps))
    return invitation


async def _adopt(source: TenantSource, key: str) -> None:
    choice = contents_of(source).schemes[key]
    await schemes.adopt(
        key,
        preset=choice.preset,
        toml=rulebook_text(source, key),
        in_force_from=dt.date.fromisoformat(choice.since),
        reason="接入文件夹",
    )


async def _remember(source: TenantSource, file: TenantFile, plan: str) -> None:
    """Record what was applied, and the counts for the operator's overview."""
    versions = {ROSTER: await highest("roster")}
    versions |= {f"facts/{key}.xlsx": await watermark(key) for key in file.schemes}
    digests = source.digests or {"": ""}
    for path, digest in digests.items():
        await execute(
            _REMEMBER, current_tenant(), new_id(), path, digest, versions.get(path, 0), plan, clock.now()
        )
    counts = await roster_queries.counts(clock.today())
    await tenancy.count_for_overview("organizations", counts.organizations)
    await tenancy.count_for_overview("members", counts.members)
    await tenancy.count_for_overview("units", counts.units)
