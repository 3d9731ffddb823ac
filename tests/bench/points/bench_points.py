"""Speed of the shelf, the queue and claiming at 100,000 claims, beside a bare Litestar page with one query.

`main(full=True)`: 200 requests of each kind; else 60. Through the whole application as role app under row
security, on a server of its own; times are the server's. Prints a table; gives 1 when an aim is missed.
"""

import asyncio
import logging
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

import httpx
import polars as pl
from litestar import Litestar, get
from rich.console import Console
from rich.table import Table
from tests.support.appraisal import small_town, with_points
from tests.support.web import Browser, signed_in_browser

from jiceng.app import create_app
from jiceng.kernel.clock import today
from jiceng.kernel.database import (
    bulk_insert,
    close,
    connect,
    current_tenant,
    fetch,
    next_block,
    tenant_scope,
    transaction,
)
from jiceng.kernel.database.migrate import migrate
from jiceng.kernel.ids import new_id
from jiceng.kernel.servers import running
from jiceng.kernel.settings import Settings
from jiceng.kernel.watching.logs import configure_logs
from jiceng.tenancy.service import create_tenant
from jiceng_points.claims.tables import PointsClaim
from jiceng_points.shelf.tables import PointsItem

MEMBERS, ITEMS, CLAIMS, WAITING = 10_000, 200, 100_000, 4_000
FULL, SMALL, WARM = 200, 60, 5
SLUG = "bench"
PAGE_AIM, CLAIM_AIM = 100.0, 30.0
_BARE = "select id, number, title, kind, worth from points_item where tenant_id = $1 order by number limit 50"
Ask = Callable[[int], Awaitable[httpx.Response]]


def main(full: bool) -> int:
    """Measure, print, and say by the exit code whether every aim is met."""
    folder = Path(tempfile.mkdtemp(prefix="jb-"))
    folder.chmod(0o711)
    try:
        with running(Settings(data_dir=folder / "data"), durable=False) as settings:
            return asyncio.run(measured(settings, FULL if full else SMALL))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def measured(settings: Settings, times: int) -> int:
    """Seed, ask every page so many times, compare with the aims."""
    configure_logs(production=False, level=logging.WARNING)
    await migrate(settings)
    await connect(settings)
    try:
        tenant = await create_tenant(SLUG, "测量区", "district")
        with tenant_scope(tenant.id):
            people = await small_town(MEMBERS)
            await with_points()
            items = await seeded(list(people.values()))
        clerk = await signed_in_browser(create_app(settings), tenant.id, "tenant_admin")
        found = await all_of(clerk, bare(tenant.id), items, list(people), times)
    finally:
        await close()
    return shown(found)


async def seeded(members: list[str]) -> list[str]:
    """Items and 100,000 claims, most of them verified; returns the items' ids."""
    year, day = today().year, today()
    items = [str(new_id()) for _ in range(ITEMS)]
    homes = await fetch("select member, organization from membership where tenant_id = $1", current_tenant())
    home = {str(row["member"]): str(row["organization"]) for row in homes}
    place = pl.int_range(CLAIMS, eager=True)
    who = [members[(n * 7) % len(members)] for n in range(CLAIMS)]
    waiting = place < WAITING
    async with transaction():
        await bulk_insert(PointsItem, _items(items, year))
        first = await next_block("points claims", CLAIMS)
        await bulk_insert(
            PointsClaim,
            pl.DataFrame({"number": place + first, "member": who, "organization": [home[one] for one in who]})
            .with_columns(
                pl.Series("item", [items[n % (ITEMS - 1)] for n in range(CLAIMS)]),
                pl.when(waiting).then(pl.lit("done")).otherwise(pl.lit("verified")).alias("state"),
                pl.when(waiting).then(None).otherwise(pl.lit(day)).alias("verified_on"),
                pl.when(waiting).then(0).otherwise(1).alias("times"),
                *(pl.lit(day).alias(name) for name in ("claimed_on", "done_on")),
                pl.lit(year).alias("year"),
                pl.lit(10).alias("worth"),
                pl.lit(date(year, 12, 31)).alias("due"),
                pl.lit("上门看望").alias("proof"),
                pl.lit("").alias("reason"),
            )
            .with_columns(pl.col("times").alias("posted")),
        )
    return items


def _items(ids: list[str], year: int) -> pl.DataFrame:
    names = [f"ZX{n:04}" for n in range(len(ids))]
    empty = [""] * len(ids)
    return pl.DataFrame(
        {"id": ids, "number": names, "title": [f"服务事项{name}" for name in names], "place": empty}
        | {"proof": empty, "details": empty, "reason": empty, "categories": [[] for _ in ids]},
        schema_overrides={"categories": pl.List(pl.String)},
    ).with_columns(
        pl.lit(year).alias("year"),
        pl.lit("自选").alias("kind"),
        pl.lit("计划").alias("source"),
        pl.lit("党员").alias("side"),
        pl.lit(10).alias("worth"),
        pl.lit(0).alias("taken"),
        pl.lit(366).alias("times"),
        pl.lit(date(year, 1, 1)).alias("opens"),
        pl.lit(date(year, 12, 31)).alias("deadline"),
        pl.lit(value=False).alias("online"),
        pl.lit("shelf").alias("state"),
    )


def bare(tenant: int) -> httpx.AsyncClient:
    """A Litestar application with one page of one query, under the same row security."""

    @get("/")
    async def page() -> str:
        with tenant_scope(tenant):
            rows = await fetch(_BARE, tenant)
        return "\n".join(f"{row['number']} {row['title']}" for row in rows)

    transport = httpx.ASGITransport(app=Litestar([page], logging_config=None))  # type: ignore[arg-type] # its own ASGI types
    return httpx.AsyncClient(transport=transport, base_url="http://bare.test")


async def all_of(
    clerk: Browser, plain: httpx.AsyncClient, items: list[str], numbers: list[str], times: int
) -> list[tuple[str, float, float, float]]:
    """What, median, p95 (milliseconds), aim."""
    base = f"/t/{SLUG}/points"
    last = f"{base}/queue?day={today() - timedelta(days=1)}&number="

    async def claim(turn: int) -> httpx.Response:
        form = {"number": numbers[turn % len(numbers)]}
        return await clerk.post(f"{base}/items/{items[-1]}/claim", form)

    asked: list[tuple[str, Ask, float]] = [
        ("bare Litestar, one query", lambda _: plain.get("/"), 0.0),
        ("shelf", lambda _: clerk.get(f"{base}/"), PAGE_AIM),
        ("queue, first page", lambda _: clerk.get(f"{base}/queue"), PAGE_AIM),
        (
            "queue, further on",
            lambda turn: clerk.get(f"{last}{turn * 20}"),
            PAGE_AIM,
        ),
        ("claim", claim, CLAIM_AIM),
    ]
    return [(what, *await timed(ask, times), aim) for what, ask, aim in asked]


async def timed(ask: Ask, times: int) -> tuple[float, float]:
    """Median and 95th percentile of the server's time in milliseconds, after a few warm ones."""
    taken = []
    for turn in range(WARM + times):
        began = time.perf_counter()
        answer = await ask(turn)
        taken.append((time.perf_counter() - began) * 1000)
        if answer.status_code >= 400:
            raise RuntimeError(f"{answer.request.url}: {answer.status_code}")
    ordered = sorted(taken[WARM:])
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]


def shown(
    found: list[tuple[str, float, float, float]], size: str = f"{CLAIMS:,} claims, {MEMBERS:,} members"
) -> int:
    """Print the table; 1 when an aim is missed."""
    table = Table(title=f"points: {size}")
    for name in ("what", "median ms", "p95 ms", "aim p95", "× bare", ""):
        table.add_column(name, justify="right" if name != "what" else "left")
    plain = found[0][1]
    missed = 0
    for what, middle, high, aim in found:
        good = not aim or high <= aim
        missed += not good
        table.add_row(
            what,
            f"{middle:.1f}",
            f"{high:.1f}",
            f"≤ {aim:.0f}" if aim else "—",
            f"{middle / plain:.1f}",
            "" if not aim else "met" if good else "MISSED",
        )
    Console().print(table)
    return 1 if missed else 0
