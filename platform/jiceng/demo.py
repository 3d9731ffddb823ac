"""`jiceng demo`: from an empty machine to explained results, by the same services the console uses."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import msgspec
from rich.console import Console
from rich.table import Table

from jiceng.accounts.queries import accounts
from jiceng.api import asking
from jiceng.api.asking import FiguresOf
from jiceng.api.hooks import Figure
from jiceng.api.workflows import workflows
from jiceng.app import bind
from jiceng.app import serve as serve_console
from jiceng.evaluation import queries as evaluation
from jiceng.evaluation.schemas import RunInfo
from jiceng.evaluation.service import open_run
from jiceng.kernel.clock import now, showing, today
from jiceng.kernel.database import close, connect, tenant_scope, transaction
from jiceng.kernel.database.migrate import migrate
from jiceng.kernel.errors import Refusal
from jiceng.kernel.jobs import run_due_jobs
from jiceng.kernel.servers import running
from jiceng.kernel.settings import Settings
from jiceng.operations.commands import print_applied
from jiceng.operations.service import Onboarded, onboard
from jiceng.publication import queries as publications
from jiceng.publication import service as publishing
from jiceng.publication.flow.states import Act, State
from jiceng.publication.service import Notice
from jiceng.schemes import queries as schemes
from jiceng.tenancy.queries import by_slug, enabled_plugins
from jiceng.tenancy.schemas import TenantInfo
from jiceng.worker import JOBS

APPRAISED = (date(2025, 12, 31), date(2026, 12, 31))
"""A day of each year whose invented facts lie in `tenants/`, the earlier year first: it is history later."""
STORY = "demo.toml"
"""Beside a tenant's tenant.toml: by scheme, of which years the results take effect or go on notice today."""
NOTICE_BEGAN = timedelta(days=21)
"""What takes effect went on notice so long ago: five working days are over, whatever the holidays."""
PATIENCE = 300.0
STOP_WITHIN = 15.0
Worker = subprocess.Popen[bytes]


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of a scheme's results in the demo, by year; of any other year they stay computed.

    `acts`: what the plugin's people do then, by name of the act.
    """

    in_effect: tuple[int, ...] = ()
    on_notice: tuple[int, ...] = ()
    acts: dict[str, tuple[int, ...]] = {}


Story = Mapping[str, Shown]
"""By scheme."""


class Evaluated(msgspec.Struct, frozen=True):
    """One tenant's finished run and how many subjects ended with each grade or status."""

    tenant: TenantInfo
    run: RunInfo
    counts: dict[str, int]


def run(settings: Settings, source: Path, console: Console, *, leave: bool) -> int:
    """Onboard, import, evaluate through a worker, print; then serve until Ctrl-C unless `leave`.

    Raises Refusal: any fault in the tenants' folder, a port in use, a run that failed.
    """
    if not leave:
        bind(settings.host, settings.port).close()  # told now, not after a minute of work
    with running(settings) as served:
        console.print("准备数据库，导入租户、名册和事实……", highlight=False)
        done = asyncio.run(_onboard(served, source))
        for applied in done.applied:
            print_applied(console, applied, address(served))
        if not done.applied:
            console.print("没有要做的。")
        console.print("计算中……", highlight=False)
        stories = {slug: story(source, slug) for slug in done.tenants}
        for evaluated in asyncio.run(_history(served, stories)):
            console.print(table(evaluated))
        with worker(served) as working:
            for evaluated in asyncio.run(_evaluate(served, stories, working)):
                console.print(table(evaluated))
            for line in asyncio.run(_figures(served, done.tenants)):
                console.print(line, highlight=False, soft_wrap=True)
            if not leave:
                for line in ways_in(done, served):
                    console.print(line, highlight=False, soft_wrap=True, markup=False)
                with suppress(KeyboardInterrupt):
                    serve_console(served)
    return 0


def address(settings: Settings) -> str:
    """Where the console will be, without a slash at the end."""
    return f"http://{settings.host}:{settings.port}"


def ways_in(done: Onboarded, settings: Settings) -> list[str]:
    """How to sign in, as the last words: the new administrators' links, or how to get another one."""
    links = [f"  {one.name}  {address(settings)}{one.invitation}" for one in done.applied if one.invitation]
    again = ".venv/bin/jiceng tenants invite 单位标识 单位标识-admin"
    lost = f"  用设过的密码登录；链接丢了，另开一个终端运行 {again}"
    fresh = "管理员一次性链接，打开后自己设密码 One-time links, choose a password:"
    head = fresh if links else "登录 Sign in:"
    console = f"控制台 Console: {address(settings)}/   （Ctrl-C 结束）"
    return [head, *(links or [lost]), console]


async def _onboard(settings: Settings, source: Path) -> Onboarded:
    await migrate(settings)
    await connect(settings)
    try:
        return await onboard(source)
    finally:
        await close()


def story(source: Path, slug: str) -> Story:
    """What the tenant's folder says is to become of its results; nothing where it says nothing.

    Raises Refusal for a file that cannot be read, naming it.
    """
    file = next((path for path in (source / slug / STORY, source / STORY) if path.is_file()), None)
    if file is None:
        return {}
    try:
        return msgspec.toml.decode(file.read_text(encoding="utf-8"), type=dict[str, Shown])
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise Refusal(f"{STORY} 读不懂：{fault}", where=str(file), todo_zh="请核对这个文件") from fault


async def _history(settings: Settings, stories: Mapping[str, Story]) -> list[Evaluated]:
    """Evaluate the earlier year, and what takes effect, as if its notice had begun three weeks ago.

    Without a worker: the moments written are those of the clock shown in this process.
    """
    await connect(settings)
    try:
        with showing(now() - NOTICE_BEGAN):
            found: list[Evaluated] = []
            for day in APPRAISED:
                opened = [
                    pair
                    for slug, told in stories.items()
                    for pair in await _open(slug, told, day, early=True)
                ]
                await run_due_jobs(JOBS)
                found += [await _finished(tenant, run, None) for tenant, run in opened]
            settled = [one for one in found if _year(one) in _shown(stories, one).in_effect]
            for one in settled:
                await _on_notice(one)
        for one in settled:
            await _in_effect(one)
        return found
    finally:
        await close()


async def _evaluate(settings: Settings, stories: Mapping[str, Story], working: Worker) -> list[Evaluated]:
    """Evaluate this year through the worker; what goes on notice goes there today."""
    await connect(settings)
    try:
        opened = [
            pair
            for slug, told in stories.items()
            for pair in await _open(slug, told, APPRAISED[1], early=False)
        ]
        found = [await _finished(tenant, run, working) for tenant, run in opened]
        for one in found:
            if _year(one) in _shown(stories, one).on_notice:
                await _on_notice(one)
        for slug, told in stories.items():
            await _play(slug, told)
        return found
    finally:
        await close()


async def _play(slug: str, told: Story) -> None:
    """Let the tenant's administrator do what its story says; raises Refusal for an act that nobody offers."""
    tenant = await by_slug(slug)
    asked = [(name, year) for shown in told.values() for name, years in shown.acts.items() for year in years]
    if tenant is None or not asked:
        return
    with tenant_scope(tenant.id):
        on = await enabled_plugins()
        offered = {act.name: act for one in workflows().values() if one.plugin in on for act in one.acts}
        by = await _administrator()
        for name, year in asked:
            if name not in offered:
                raise Refusal(f"{STORY} 里的“{name}”没有插件会做", where=slug, todo_zh="请核对这个文件")
            await offered[name].play(year, by)


def _year(one: Evaluated) -> int:
    return one.run.last_day.year


def _shown(stories: Mapping[str, Story], one: Evaluated) -> Shown:
    return stories[one.tenant.slug].get(one.run.scheme, Shown())


async def _on_notice(one: Evaluated) -> None:
    """Review a run and put it on notice, unless somebody did; by the tenant's administrator."""
    with tenant_scope(one.tenant.id):
        found = await publications.publication(one.run.id)
        if found.state is not State.COMPUTED:
            return
        grades = (await schemes.book_of(one.run.rulebook)).grades
        by = await _administrator()
        await publishing.move(one.run.id, Act.REVIEW, by=by)
        office = f"{one.tenant.name}组织办公室"
        notice = Notice(grades=grades, first_day=today(), working_days=5, office=office, phone="0000-0000000")
        await publishing.open_notice(one.run.id, notice, by=by)


async def _in_effect(one: Evaluated) -> None:
    """Let a run's results take effect whose notice is over."""
    with tenant_scope(one.tenant.id):
        found = await publications.publication(one.run.id)
        if found.state is State.NOTICE and found.last_day is not None and found.last_day < today():
            by = await _administrator()
            await publishing.move(one.run.id, Act.FINISH, "公示期满，没有异议", by=by)


async def _administrator() -> UUID:
    return next(one.id for one in await accounts() if one.role == "tenant_admin")


async def _open(slug: str, told: Story, day: date, *, early: bool) -> list[tuple[TenantInfo, RunInfo]]:
    """Start the runs of the tenant's schemes that have a rulebook for that year.

    `early`: those of the year before, and those of this year that take effect; else the others.
    """
    tenant = await by_slug(slug)
    if tenant is None:
        raise Refusal("租户没有导入", where=slug)
    with tenant_scope(tenant.id):
        opened = []
        for scheme in await schemes.schemes():
            first = day == APPRAISED[0] or day.year in told.get(scheme.key, Shown()).in_effect
            if scheme.available and first == early and await schemes.in_force(scheme.key, day) is not None:
                async with transaction():
                    opened.append((tenant, await open_run(scheme.key, day)))
        return opened


async def _finished(tenant: TenantInfo, opened: RunInfo, working: Worker | None) -> Evaluated:
    """Wait for the worker; raises Refusal when the run failed, the worker ended or five minutes passed.

    Without a worker the run must have ended.
    """
    with tenant_scope(tenant.id):
        async with asyncio.timeout(PATIENCE):
            found = await evaluation.run(opened.id)
            while not found.ended:
                if working is None or working.poll() is not None:
                    raise Refusal("计算进程自己结束了，原因见上面", where="jiceng worker")
                await asyncio.sleep(0.2)
                found = await evaluation.run(opened.id)
        if found.state == "failed":
            raise Refusal(
                f"{tenant.name}：{found.title} 没有算成：{found.reason}", where=f"第 {found.number} 次"
            )
        return Evaluated(tenant, found, await evaluation.counts(found.id))


def table(evaluated: Evaluated) -> Table:
    """One tenant's results: how many subjects, how many with each grade, how long it took."""
    run = evaluated.run
    shown = Table(title=f"{evaluated.tenant.name}  {run.title}  {run.period}", title_justify="left")
    columns: Sequence[tuple[str, str]] = [
        ("对象", str(run.subjects)),
        *((grade, str(count)) for grade, count in evaluated.counts.items()),
        ("秒", f"{run.milliseconds / 1000:.1f}"),
    ]
    for title, _ in columns:
        shown.add_column(title, justify="right")
    shown.add_row(*(value for _, value in columns))
    return shown


async def _figures(settings: Settings, tenants: Sequence[str]) -> list[str]:
    """The key figures of the plugins that each tenant has on, a line for each."""
    await connect(settings)
    try:
        lines = []
        for slug in tenants:
            if (tenant := await by_slug(slug)) is not None:
                with tenant_scope(tenant.id):
                    found = await asking.figures(await enabled_plugins(), None)
                lines += figure_lines(tenant.name, found)
        return lines
    finally:
        await close()


def figure_lines(name: str, found: Sequence[FiguresOf]) -> list[str]:
    """`甲县  非公企业组织覆盖率 216/308 = 70.13 %，上年末 94/302 = 31.13 %，变化 +39.00 个百分点`."""
    return [f"{name}  {figure_words(one)}" for part in found for one in part.figures]


def figure_words(one: Figure) -> str:
    """One figure with what it is a part of, what it was before, and how far it moved."""
    said = f"{one.title} {_part(one.value, one.whole, one.rate)}"
    if one.before is None or one.rise is None:
        return said
    unit = " 个百分点" if one.rate is not None else ""
    before = f"{one.before.title} {_part(one.before.value, one.before.whole, one.before.rate)}"
    return f"{said}，{before}，变化 {one.rise:+}{unit}"


def _part(value: Decimal | int, whole: int | None, rate: Decimal | None) -> str:
    return f"{value}" if whole is None or rate is None else f"{value}/{whole} = {rate} %"


@contextmanager
def worker(settings: Settings) -> Iterator[Worker]:
    """Keep a worker process for the length of the block; it also ends when this process dies."""
    environment = {**os.environ, "JICENG_DATA": str(settings.data_dir), "JICENG_PARENT": str(os.getpid())}
    process = subprocess.Popen([sys.executable, "-m", "jiceng", "worker"], env=environment)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
