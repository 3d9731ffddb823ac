"""Speed and memory of the service, as ratios in one run: a whole run against its floor and an ORM loop.

`main(full=True)`: 200,000 members, over 10,000,000 facts in PostgreSQL; else a tenth. Everything as role
app under row security, on a server of its own. Prints a table; gives 1 when an aim is missed.
"""

import asyncio
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median
from uuid import uuid4

from msgspec import structs
from rich.console import Console
from rich.table import Table
from tests.bench.service.floor import read_and_grouped, written
from tests.bench.service.loop import looped
from tests.bench.service.seeding import KEY, YEAR, book_text, seeded
from tests.support.web import signed_in_browser

from jiceng.app import create_app
from jiceng.evaluation import jobs, queries
from jiceng.evaluation.results.listing import Filters, results
from jiceng.evaluation.schemas import RunInfo
from jiceng.evaluation.service import open_run
from jiceng.evaluation.trial.asking import ask
from jiceng.evaluation.trial.schemas import Trial
from jiceng.facts.queries import kinds
from jiceng.kernel import clock
from jiceng.kernel.database import close, connect, tenant_scope
from jiceng.kernel.database.migrate import migrate
from jiceng.kernel.database.roles import database_of, with_database
from jiceng.kernel.jobs import run_due_jobs
from jiceng.kernel.servers import running
from jiceng.kernel.settings import Settings
from jiceng.schemes.queries import rulebook_for
from jiceng.schemes.service import adopt
from jiceng.tenancy.service import create_tenant
from jiceng_sdk.expressions import Formula
from jiceng_sdk.rulebook import Bands, Decision, Rulebook

ROOT = Path(__file__).parents[3]
FULL, SMALL = 200_000, 20_000
SAMPLED, PAGES = 200, 7
KIB_PER_GIB = 2**20
SLUG = "bench"
LONG = 600.0
BEGINNING, DAY = date(YEAR, 1, 1), date(YEAR, 11, 20)
Row = tuple[str, float, str, float, str]
"""What, measured, relation, aim, unit."""


def main(full: bool) -> int:
    """Measure, print, and say by the exit code whether every aim is met."""
    size = FULL if full else SMALL
    folder = Path(tempfile.mkdtemp(prefix="jb-"))
    folder.chmod(0o711)
    try:
        data = folder / "data"
        with running(Settings(data_dir=data), durable=False) as settings:
            # Seeding has a process of its own: its memory is not the service's.
            seeding = [sys.executable, "-m", "tests.bench.service.bench_service", str(size), str(data)]
            subprocess.run(seeding, check=True, cwd=ROOT)
            return asyncio.run(measured(settings, size))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def seed(settings: Settings, size: int) -> None:
    """The tenant with its roster, rules and facts."""
    await migrate(settings)
    await connect(settings)
    tenant = await create_tenant(SLUG, "测量区", "district")
    url = with_database(settings.superuser_url, database_of(settings.database_url))
    with tenant_scope(tenant.id):
        await seeded(size, url)
    await close()


async def measured(settings: Settings, size: int) -> int:
    """All measurements, as role app inside the tenant."""
    await connect(settings)
    tenant = 1
    try:
        with tenant_scope(tenant), clock.showing(clock.now().replace(YEAR, DAY.month, DAY.day)):
            run, whole, floor, peak = await side_by_side()
            loop = await orm_loop(run) * size / SAMPLED
            cold, warm = await tried()
            page = await explained(settings, tenant, run)
    finally:
        await close()
    rows: list[Row] = [
        ("整次评定 ÷ 底线（读、汇总、写）", whole / floor, "≤", 1.5, "倍"),
        ("逐个对象的 ORM 循环 ÷ 整次评定", loop / whole, "≥", 50.0, "倍"),
        ("进程内存峰值", peak, "≤", 2.0, "GiB"),
        ("解释一个分数的页面", page * 1000, "≤", 100.0, "毫秒"),
        ("试算：第一次", cold, "≤", 30.0, "秒"),
        ("试算：再次", warm, "≤", 2.0, "秒"),
    ]
    return shown(f"{size:,} 对象：整次评定 {whole:.1f} 秒，底线 {floor:.1f} 秒", rows)


async def side_by_side() -> tuple[RunInfo, float, float, float]:
    """A run and its floor in turn, twice, so that a busy machine is busy for both; the best of each.

    The peak in GiB is the first run's: the floor holds all rows at once and is no part of the service.
    """
    wholes, floors, peaks = [], [], []
    for title in ("第一次", "第二次"):
        # Other rules make it another run; the same inputs would give the run that is there.
        await adopt(KEY, toml=f'basis = "{title}"\n{book_text()}', in_force_from=BEGINNING, reason="测量")
        started = time.perf_counter()
        opened = await open_run(KEY, DAY)
        await run_due_jobs(jobs.JOBS)
        wholes.append(time.perf_counter() - started)
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_GIB)
        run = await queries.run(opened.id)
        if run.state != "done":
            raise RuntimeError(run.reason)
        floors.append(await read_and_grouped(KEY) + await written(run.id))
    return run, min(wholes), min(floors), peaks[0]


async def orm_loop(run: RunInfo) -> float:
    """Seconds of the loop over a sample of subjects."""
    page = await results(run, Filters(), size=SAMPLED)
    return await looped([row.subject for row in page.rows], [kind.id for kind in await kinds(KEY)])


async def explained(settings: Settings, tenant: int, run: RunInfo) -> float:
    """Median seconds of the page that explains one score, from request to answer; other people each time."""
    app = create_app(settings, own_database=False)
    browser = await signed_in_browser(app, tenant, "tenant_admin")
    found = []
    for number in range(1, PAGES + 2):
        (row,) = (await results(run, Filters(), page=number * 97, size=1)).rows
        started = time.perf_counter()
        answer = await browser.get(f"/t/{SLUG}/runs/{run.id}/results/{row.subject}")
        found.append(time.perf_counter() - started)
        if answer.status_code != 200:
            raise RuntimeError(answer.text)
    return median(found[1:])


async def tried() -> tuple[float, float]:
    """Seconds of the first trial of a draft, and the median of further ones that move the lines."""
    book = (await rulebook_for(KEY, DAY)).book
    draft, found = uuid4(), []
    for revision in range(1, 5):
        started = time.perf_counter()
        answer = await ask(KEY, draft, revision, moved(book, 75 - revision), within=LONG)
        found.append(time.perf_counter() - started)
        if not isinstance(answer, Trial):
            raise TypeError(answer)
    return found[0], median(found[1:])


def moved(book: Rulebook, line: int) -> Rulebook:
    """The rulebook with another line for the best grade."""
    decide: list[Decision] = []
    for rule in book.decide:
        if isinstance(rule, Bands):
            lines = [(row, row.when.text.replace("75", str(line))) for row in rule.rows]
            rows = tuple(structs.replace(row, when=Formula(text)) for row, text in lines)
            decide.append(structs.replace(rule, rows=rows))
        else:
            decide.append(rule)
    return structs.replace(book, decide=tuple(decide))


def shown(title: str, rows: list[Row]) -> int:
    """The table, and whether an aim is missed."""
    table = Table(title=title)
    for column in ("指标", "实测", "要求", ""):
        table.add_column(column)
    missed = 0
    for name, value, relation, aim, unit in rows:
        met = value <= aim if relation == "≤" else value >= aim
        missed += not met
        table.add_row(name, f"{value:.3g} {unit}", f"{relation} {aim:g}", "达标" if met else "未达标")
    Console().print(table)
    return 1 if missed else 0


if __name__ == "__main__":
    with running(Settings(data_dir=Path(sys.argv[2])), durable=False) as found:
        asyncio.run(seed(found, int(sys.argv[1])))
