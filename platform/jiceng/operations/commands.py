"""The command-line door of onboarding: plan, apply, status; prints in Chinese and returns the exit code."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console

from jiceng.accounts.managing.invitations import invite
from jiceng.accounts.queries import account_by_login
from jiceng.kernel import clock
from jiceng.kernel.database import close, connect, tenant_scope
from jiceng.kernel.errors import NotFound, Refusal
from jiceng.kernel.settings import Settings
from jiceng.operations.onboarding.applying import apply
from jiceng.operations.onboarding.plan_file import read_plan, write_plan
from jiceng.operations.onboarding.planning import plan
from jiceng.operations.onboarding.returning import into
from jiceng.operations.schemas import ACTION_WORDS, KIND_WORDS, Action, Applied, Plan
from jiceng.roster.queries import counts
from jiceng.tenancy.queries import all_tenants, by_slug, enabled_plugins
from jiceng.tenancy.schemas import TenantInfo

NOTHING, FAILED = 0, 1
_STYLES: dict[Action, str] = {"create": "green", "change": "yellow", "none": "dim", "refuse": "red"}


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[None]:
    await connect(settings)
    try:
        yield
    finally:
        await close()


async def plan_command(
    settings: Settings, source: Path, out: Path | None, console: Console, marked: Path | None = None
) -> int:
    """Print what onboarding the source would do, and write it to `out`; 0 nothing, 1 refused, 2 changes.

    `marked`: the folder for copies of faulty workbooks, every fault marked in its cell.
    """
    try:
        marker = into(marked, source) if marked is not None else None
        async with _connected(settings):
            made = await plan(source, marker)
        if out is not None:
            write_plan(made, out)
    except Refusal as error:
        return _refused(console, error)
    print_plan(console, made)
    if out is not None:
        console.print(
            f"计划已写入 {out}；核对后运行 jiceng tenants apply {out}", soft_wrap=True, highlight=False
        )
    return made.exit_code


async def apply_command(settings: Settings, path: Path, console: Console) -> int:
    """Do exactly the plan in the file; 0 all done, 1 something failed or was refused."""
    try:
        made = read_plan(path)
        async with _connected(settings):
            results = await apply(made, lambda result: print_applied(console, result, _origin(settings)))
    except Refusal as error:
        return _refused(console, error)
    if not results:
        console.print("没有要做的。")
    left = [tenant.slug for tenant in made.tenants if tenant.action == "refuse"]
    if left:
        console.print(f"计划里拒绝的租户没有动：{'、'.join(left)}", style="red")
    return FAILED if left or any(result.fault for result in results) else NOTHING


async def status_command(settings: Settings, console: Console) -> int:
    """Print every tenant with its plugins and how many organizations, members and units it has."""
    async with _connected(settings):
        tenants = await all_tenants()
        slugs = {tenant.id: tenant.slug for tenant in tenants}
        for tenant in tenants:
            with tenant_scope(tenant.id):
                for line in await _status(tenant, slugs.get(tenant.parent or 0, "")):
                    console.print(line, soft_wrap=True, markup=False, highlight=False)
    if not tenants:
        console.print("还没有租户；用 jiceng tenants plan 接入。")
    return NOTHING


async def invite_command(settings: Settings, slug: str, login: str, console: Console) -> int:
    """Print a new one-time link for an account that exists; its earlier unused links end.

    Raises NotFound: no such tenant, no such login in it.
    """
    async with _connected(settings):
        tenant = await by_slug(slug)
        if tenant is None:
            raise NotFound("没有这个租户", where=slug, todo_zh="用 jiceng tenants status 查看已有的租户")
        with tenant_scope(tenant.id):
            account = await account_by_login(login)
            if account is None:
                raise NotFound("这个租户没有这个登录名", where=f"{slug}：{login}", todo_zh="请核对登录名")
            path = await invite(tenant, login, account["name"], account["role"])
    link = f"{_origin(settings)}{path}"
    console.print(f"一次性链接（只显示这一次）：{link}", soft_wrap=True, markup=False)
    return NOTHING


async def _status(tenant: TenantInfo, parent: str) -> list[str]:
    """Two lines: who it is and how large; what is switched on."""
    plugins, held = sorted(await enabled_plugins()), await counts(clock.today())
    level = {str(kind): word for kind, word in KIND_WORDS.items()}[tenant.kind]
    below = f"，上级 {parent}" if parent else ""
    figures = f"组织 {held.organizations:,}，党员 {held.members:,}，单位 {held.units:,}"
    state = "" if tenant.active else "（已停用）"
    return [
        f"{tenant.slug} {tenant.name}（{level}{below}）{state} {figures}",
        f"  插件 {'、'.join(plugins) or '无'}",
    ]


def print_applied(console: Console, result: Applied, origin: str = "") -> None:
    """Print what was done for a tenant; an invitation is shown here and nowhere else."""
    words, style = ("失败", "red") if result.fault else ("完成", "green")
    console.print(f"{words} {result.slug} {result.name}（{result.seconds:.1f} 秒）", style=style)
    for done in result.done:
        console.print(f"  {done}", soft_wrap=True)
    if result.fault:
        console.print(f"  {result.fault}", soft_wrap=True, markup=False)
    if result.invitation:
        link = f"{origin}{result.invitation}"
        console.print(f"  管理员一次性链接（只显示这一次）：{link}", soft_wrap=True, markup=False)


def _origin(settings: Settings) -> str:
    """What stands before a path in a link to hand on, as far as the settings know: the first name, by TLS.

    Where no name is set, the address the console is served at from this machine.
    """
    if settings.production:
        return f"https://{settings.hosts[0]}" if settings.hosts else ""
    return f"http://{settings.host}:{settings.port}"


def print_plan(console: Console, made: Plan) -> None:
    """Print what would be done for each tenant, or why nothing can be."""
    for tenant in made.tenants:
        console.print(
            f"{ACTION_WORDS[tenant.action]} {tenant.slug} {tenant.name}", style=_STYLES[tenant.action]
        )
        for step in tenant.steps:
            console.print(f"  + {step.words}", soft_wrap=True, markup=False)
        for warning in tenant.warnings:
            console.print(f"  ? {warning}", style="yellow", soft_wrap=True, markup=False)
        for reason in tenant.reasons:
            console.print(f"  ! {reason}", soft_wrap=True, markup=False)
    counted = {action: sum(tenant.action == action for tenant in made.tenants) for action in ACTION_WORDS}
    console.print("，".join(f"{ACTION_WORDS[action]} {count}" for action, count in counted.items()))


def _refused(console: Console, error: Refusal) -> int:
    console.print(error.in_words(), style="red", soft_wrap=True, markup=False)
    return FAILED
