"""Speed and memory of the engine, as ratios in one run: against a bare Polars aggregation of the same rows.

The yardstick: one frame with all the rows as (subject, item, points), `group_by(subject, item).sum`, then
`group_by(subject).sum`. Its points are Decimal(38, 2), exact like the engine's; the same with Int64 points is
shown beside it. Yardstick and engine run in turn, and the medians of the ratios of each turn count: wall
clock, and CPU seconds, which a busy machine disturbs less.

`main(full=True)`: 200,000 subjects × 50 facts, 30 items; else a tenth of it. Prints a table; gives 1 when an
aim is missed. It is measured in a process of its own, started with the settings of a worker's processes
for memory that was freed (`jiceng.FREED_MEMORY`) and for the search for cycles: engine and yardstick alike.
"""

import gc
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import polars as pl
from msgspec import structs
from rich.console import Console
from rich.table import Table
from tests.bench.engine.world import World, a_world

from jiceng import FREED_MEMORY
from jiceng_sdk.engine import Aggregates, Outcome, Period, aggregates, evaluate, lines, what_if
from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook import Analysis, Bands, analyse, read_file

BOOK = Path(__file__).with_name("book.toml")
REPOSITORY = Path(__file__).parents[3]
MEASURE = "--measure"
"""Given to the process that measures."""
PERIOD = Period("year", date(2024, 1, 1), date(2024, 12, 31))
FULL, SMALL = 200_000, 20_000
SIZES = (10_000, 50_000, 200_000, 1_000_000)
KIB_PER_GIB = 2**20
ROUNDS = 5
TURNS, A_TURN, IN_A_ROW = 3, 1_000_000, 3
"""How often the sizes take turns; subjects of each evaluated in a turn, and least number of runs."""
WHO = ("引擎", "两层汇总")
FLAT = 1.1 / 0.9
"""Issue 3 asks for a cost per subject that is flat ±10 %: between 0.9 and 1.1 of one figure, so the dearest
size may cost 1.22 times the cheapest. Until 0028 the bench asked 1.1 between the two, which is ±5 %.
"""
T = TypeVar("T")
Report = list[tuple[str, float, float | None, str]]
"""What was measured, the figure, its aim if it has one, the unit."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock on the wall and of the processors."""

    wall: float
    cpu: float


def main(full: bool) -> int:
    """Measure as the worker evaluates; 1 when an aim is missed."""
    command = [
        sys.executable,
        "-m",
        "tests.bench.engine.bench_engine",
        MEASURE,
        *(["--full"] if full else []),
    ]
    settings = {**os.environ, **FREED_MEMORY}
    return subprocess.run(command, check=False, cwd=REPOSITORY, env=settings).returncode


def measured(full: bool) -> int:
    """Measure in this process, print, and say by the exit code whether every aim is met."""
    size = FULL if full else SMALL
    analysis = analyse(read_file(BOOK)).usable()
    world = a_world(size)
    report, outcome = side_by_side(analysis, world)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_GIB
    gc.collect()
    report += [
        ("进程内存峰值（含事实与对照行）", peak, 1.5, "GiB"),
        ("试算：改等次线", tried(analysis, world), 0.5, "秒"),
        ("解释一个对象", explained(analysis, outcome) * 1000, 20.0, "毫秒"),
    ]
    if full:
        report += flatness(analysis)
    return shown(size, report)


def side_by_side(analysis: Analysis, world: World) -> tuple[Report, Outcome]:
    """Yardsticks and engine in turn, so that a busy machine is busy for all; medians over the rounds."""
    rows = world.rows()
    whole = rows.with_columns((pl.int_range(pl.len()) % 1000).alias("points"))
    run(analysis, world)
    exact, integer, engine = [], [], []
    for _ in range(ROUNDS):
        exact.append(spent(lambda: aggregated(rows))[0])
        one, outcome = spent(lambda: run(analysis, world))
        engine.append(one)
        integer.append(spent(lambda: aggregated(whole))[0])
    found: Report = [
        ("引擎，墙钟", statistics.median(one.wall for one in engine), None, "秒"),
        ("引擎，处理器", statistics.median(one.cpu for one in engine), None, "秒"),
    ]
    for words, bare, aim in (("Decimal", exact, 1.5), ("Int64", integer, None)):
        wall = statistics.median(e.wall / b.wall for e, b in zip(engine, bare, strict=True))
        cpu = statistics.median(e.cpu / b.cpu for e, b in zip(engine, bare, strict=True))
        found += [
            (f"引擎 ÷ 两层汇总（分值 {words}），墙钟", wall, aim, "倍"),
            (f"引擎 ÷ 两层汇总（分值 {words}），处理器", cpu, aim, "倍"),
        ]
    return found, outcome


def run(analysis: Analysis, world: World) -> Outcome:
    """One whole evaluation."""
    return evaluate(analysis, world.subjects, world.facts, period=PERIOD, previous=world.previous)


def aggregated(rows: pl.DataFrame) -> pl.DataFrame:
    """The yardstick: points per subject and item, then per subject."""
    points = pl.col("points").sum()
    return rows.lazy().group_by("subject", "item").agg(points).group_by("subject").agg(points).collect()


def spent(work: Callable[[], T]) -> tuple[Spent, T]:
    """What one run takes, and its result."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu), result


def best(work: Callable[[], object], times: int = 3) -> Spent:
    """The least of several runs."""
    return least([spent(work)[0] for _ in range(times)])


def tried(analysis: Analysis, world: World) -> float:
    """Seconds of a what-if that moves the lines between grades."""
    known: Aggregates = aggregates(
        analysis, world.subjects, world.facts, period=PERIOD, previous=world.previous
    )
    changed = analyse(structs.replace(analysis.book, decide=tuple(map(_moved, analysis.book.decide))))
    return best(lambda: what_if(known, changed)).wall


def _moved(rule: T) -> T:
    """The bands with 75 points for the best grade made 78."""
    if not isinstance(rule, Bands):
        return rule
    rows = tuple(structs.replace(row, when=Formula(row.when.text.replace("75", "78"))) for row in rule.rows)
    return structs.replace(rule, rows=rows)


def explained(analysis: Analysis, outcome: Outcome) -> float:
    """Seconds of the whole explanation of one subject."""
    subject = outcome.results["subject"][outcome.results.height // 2]
    return best(lambda: lines(analysis, outcome, subject)).wall


def flatness(analysis: Analysis) -> Report:
    """What a subject costs in worlds of 10,000 to 1,000,000, engine and yardstick; and the dearest by the
    cheapest of each. Evaluations include everything but `analyse`, which a service does once.

    All worlds are made, and evaluated once, before anything is measured: what a process pays once (recipes
    of a rulebook, memory it keeps, threads of Polars) belongs to no size. Then the sizes take turns, so that
    a busy minute is busy for all of them, and each turn evaluates about as many subjects of every size, but
    no size fewer than three times in a row: the first run of a turn must fetch memory anew that went back
    to the system meanwhile, those after it need not. With one run of the largest a turn, its first runs were
    compared with later ones of all other sizes. What a first run costs is shown as well.
    The least of all runs of a size counts, as everywhere here.
    """
    worlds = {size: a_world(size) for size in SIZES}
    for world in worlds.values():
        run(analysis, world)
    costs: dict[str, dict[int, list[Spent]]] = {who: {size: [] for size in SIZES} for who in WHO}
    firsts: dict[int, list[Spent]] = {size: [] for size in SIZES}
    for _ in range(TURNS):
        for size, world in worlds.items():
            times = max(IN_A_ROW, A_TURN // size)
            first, *others = repeated(lambda w=world: run(analysis, w), times)  # type: ignore[misc] # bound now
            firsts[size].append(first)
            costs["引擎"][size] += [first, *others]
            rows = world.rows()
            costs["两层汇总"][size] += repeated(lambda r=rows: aggregated(r), times)  # type: ignore[misc] # bound now
            del rows
    cold: Report = [
        (f"引擎，{size:,} 对象，每对象，每轮第一次", least(some).wall / size * 1e6, None, "微秒")
        for size, some in firsts.items()
    ]
    best_of = {who: {n: least(some) for n, some in found.items()} for who, found in costs.items()}
    return cold + _compared(best_of)


def repeated(work: Callable[[], object], times: int) -> list[Spent]:
    """Several runs, beginning without anything left over for the garbage collector."""
    gc.collect()
    return [spent(work)[0] for _ in range(times)]


def least(some: list[Spent]) -> Spent:
    """The least of several runs."""
    return Spent(min(one.wall for one in some), min(one.cpu for one in some))


def _compared(costs: dict[str, dict[int, Spent]]) -> Report:
    """The cost of a subject by size, and how far apart sizes are."""
    found: Report = []
    for size in SIZES:
        for who in WHO:
            found.append((f"{who}，{size:,} 对象，每对象", costs[who][size].wall / size * 1e6, None, "微秒"))
        one, bare = (costs[who][size] for who in WHO)
        found.append((f"引擎 ÷ 两层汇总，{size:,} 对象，墙钟", one.wall / bare.wall, None, "倍"))
        found.append((f"引擎 ÷ 两层汇总，{size:,} 对象，处理器", one.cpu / bare.cpu, None, "倍"))
    for who in WHO:
        walls, cpus = ([getattr(one, what) / n for n, one in costs[who].items()] for what in ("wall", "cpu"))
        aim = FLAT if who == "引擎" else None
        found.append((f"{who}每对象耗时：一万到一百万的最大偏差，墙钟", max(walls) / min(walls), aim, "倍"))
        found.append((f"{who}每对象耗时：一万到一百万的最大偏差，处理器", max(cpus) / min(cpus), None, "倍"))
    return found


def shown(size: int, report: Report) -> int:
    """The table, and whether an aim is missed."""
    load = os.getloadavg()[0]
    table = Table(title=f"{size:,} 对象，{os.cpu_count()} 核，系统负载 {load:.1f}，内存设置同后台工作进程")
    for column in ("指标", "实测", "要求", ""):
        table.add_column(column)
    missed = False
    for name, value, aim, unit in report:
        met = aim is None or value <= aim
        missed = missed or not met
        verdict = "" if aim is None else "达标" if met else "未达标"
        table.add_row(name, f"{value:.3g} {unit}", "" if aim is None else f"≤ {aim:.3g}", verdict)
    Console().print(table)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit((measured if MEASURE in sys.argv else main)(full="--full" in sys.argv))
