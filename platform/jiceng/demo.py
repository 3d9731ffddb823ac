"""`jiceng demo`: from an empty machine to explained results, by the same services the console uses."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
from rich.console import Console
from rich.table import Table

from jiceng.accounts.queries import accounts
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
from jiceng.roster.queries import counts
from jiceng.roster.schemas import Counts
from jiceng.schemes import queries as schemes
from jiceng.tenancy.queries import by_slug
from jiceng.tenancy.schemas import TenantInfo
from jiceng.worker import JOBS

APPRAISED = (date(2025, 12, 31), date(2026, 12, 31))
"""A day of each year whose invented facts lie in `tenants/`, the earlier year first: it is history later."""
STARS = "star_rating"
NOTICE_BEGAN = timedelta(days=21)
"""The earlier year's stars went on notice so long ago: five working days are over, whatever the holidays."""
PATIENCE = 300.0
STOP_WITHIN = 15.0
Worker = subprocess.Popen[bytes]


class Covered(msgspec.Struct, frozen=True):
    """How far organizations reach into a tenant's enterprises: today, and at the end of last year."""

    tenant: TenantInfo
    now: Counts
    before: Counts


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
        print_applied(console, done.applied)
        console.print("计算中……", highlight=False)
        for evaluated in asyncio.run(_history(served, done.tenants)):
            console.print(table(evaluated))
        with worker(served) as working:
            for evaluated in asyncio.run(_evaluate(served, done.tenants, working)):
                console.print(table(evaluated))
            for covered in asyncio.run(_coverage(served, done.tenants)):
                console.print(coverage_words(covered), highlight=False)
            if not leave:
                console.print(
                    f"控制台 Console: http://{served.host}:{served.port}/   （Ctrl-C 结束）", highlight=False
                )
                with suppress(KeyboardInterrupt):
                    serve_console(served)
    return 0


async def _onboard(settings: Settings, source: Path) -> Onboarded:
    await migrate(settings)
    await connect(settings)
    try:
        return await onboard(source)
    finally:
        await close()


async def _history(settings: Settings, tenants: Sequence[str]) -> list[Evaluated]:
    """Evaluate the earlier year and let its stars take effect, as if the notice had begun three weeks ago.

    A town's stars of this year too: with two years in effect its lists tell of stars lowered and plaques
    to be taken back. Without a worker: the moments written are those of the clock shown in this process.
    """
    await connect(settings)
    try:
        with showing(now() - NOTICE_BEGAN):
            found: list[Evaluated] = []
            for day, early in zip(APPRAISED, (False, True), strict=True):
                opened = [pair for slug in tenants for pair in await _open(slug, day, early=early)]
                await run_due_jobs(JOBS)
                found += [await _finished(tenant, run, None) for tenant, run in opened]
            for one in found:
                await _on_notice(one)
        for one in found:
            await _in_effect(one)
        return found
    finally:
        await close()


async def _evaluate(settings: Settings, tenants: Sequence[str], working: Worker) -> list[Evaluated]:
    """Evaluate this year through the worker; its stars go on notice today."""
    await connect(settings)
    try:
        opened = [pair for slug in tenants for pair in await _open(slug, APPRAISED[1], early=False)]
        found = [await _finished(tenant, run, working) for tenant, run in opened]
        for one in found:
            await _on_notice(one)
        return found
    finally:
        await close()


async def _on_notice(one: Evaluated) -> None:
    """Review a run of stars and put it on notice, unless somebody did; by the tenant's administrator."""
    if one.run.scheme != STARS:
        return
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
    if one.run.scheme != STARS:
        return
    with tenant_scope(one.tenant.id):
        found = await publications.publication(one.run.id)
        if found.state is State.NOTICE and found.last_day is not None and found.last_day < today():
            by = await _administrator()
            await publishing.move(one.run.id, Act.FINISH, "公示期满，没有异议", by=by)


async def _administrator() -> UUID:
    return next(one.id for one in await accounts() if one.role == "tenant_admin")


async def _open(slug: str, day: date, *, early: bool) -> list[tuple[TenantInfo, RunInfo]]:
    """Start the runs of the tenant's schemes that have a rulebook for that year.

    This year's stars of a town are `early`: they come with the year before.
    """
    tenant = await by_slug(slug)
    if tenant is None:
        raise Refusal("租户没有导入", where=slug)
    with tenant_scope(tenant.id):
        keys = [scheme.key for scheme in await schemes.schemes() if scheme.available]
        if day == APPRAISED[1]:
            keys = [key for key in keys if (key == STARS and tenant.kind == "town") == early]
        opened = []
        for key in keys:
            if await schemes.in_force(key, day) is not None:
                async with transaction():
                    opened.append((tenant, await open_run(key, day)))
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


async def _coverage(settings: Settings, tenants: Sequence[str]) -> list[Covered]:
    """The coverage of every tenant that has enterprises which should have an organization."""
    await connect(settings)
    try:
        found = []
        for slug in tenants:
            if (tenant := await by_slug(slug)) is not None:
                with tenant_scope(tenant.id):
                    now, before = await counts(today()), await counts(date(today().year - 1, 12, 31))
                found += [Covered(tenant, now, before)] if now.should_have else []
        return found
    finally:
        await close()


def coverage_words(covered: Covered) -> str:
    """One line: covered of those that should have an organization, in percent, and the rise in points."""
    now, before = covered.now, covered.before
    said = f"{covered.tenant.name}  非公企业组织覆盖率 {now.covered}/{now.should_have}"
    said += f" = {now.coverage:.2f} %"
    if now.coverage is None or before.coverage is None:
        return said
    rise = now.coverage - before.coverage
    last = f"{before.covered}/{before.should_have} = {before.coverage:.2f} %"
    return f"{said}，上年末 {last}，变化 {rise:+.2f} 个百分点"


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
