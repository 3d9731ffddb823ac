"""Speed and memory of the engine, as ratios in one run: against a bare Polars aggregation of the same rows.

The yardstick: one frame with all the rows as (subject, item, points), `group_by(subject, item).sum`, then
`group_by(subject).sum`. Its points are Decimal(38, 2), exact like the engine's; the same with Int64 points is
shown beside it. Yardstick and engine run in turn, and the medians of the ratios of each turn count: wall
clock, and CPU seconds, which a busy machine disturbs less.

`main(full=True)`: 200,000 subjects × 50 facts, 30 items; else a tenth of it. Prints a table; gives 1 when an
aim is missed.
"""

import gc
import os
import resource
import statistics
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

from jiceng_sdk.engine import Aggregates, Outcome, Period, aggregates, evaluate, lines, what_if
from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook import Analysis, Bands, analyse, read_file

BOOK = Path(__file__).with_name("book.toml")
PERIOD = Period("year", date(2024, 1, 1), date(2024, 12, 31))
FULL, SMALL = 200_000, 20_000
SIZES = (10_000, 50_000, 200_000, 1_000_000)
KIB_PER_GIB = 2**20
ROUNDS = 5
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
    """Measure, print, and say by the exit code whether every aim is met."""
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
    found = [spent(work)[0] for _ in range(times)]
    return Spent(min(one.wall for one in found), min(one.cpu for one in found))


def in_turns(one: Callable[[], object], other: Callable[[], object], times: int) -> tuple[Spent, Spent]:
    """The least of several runs of each, side by side: a busy minute is busy for both."""
    turns = [(spent(one)[0], spent(other)[0]) for _ in range(times)]
    wall = [min(turn[n].wall for turn in turns) for n in (0, 1)]
    cpu = [min(turn[n].cpu for turn in turns) for n in (0, 1)]
    return Spent(wall[0], cpu[0]), Spent(wall[1], cpu[1])


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
    """What a subject costs in worlds of 10,000 to 1,000,000, engine and yardstick side by side; and the
    dearest by the cheapest of each. Evaluations include everything but `analyse`, which a service does once.

    Short runs are repeated more often, so that each size has about as much time to find its best.
    """
    found: Report = []
    costs: dict[str, list[Spent]] = {"引擎": [], "两层汇总": []}
    for size in SIZES:
        world = a_world(size)
        rows = world.rows()
        times = max(3, 100_000 // size)
        bare, one = in_turns(lambda r=rows: aggregated(r), lambda w=world: run(analysis, w), times)  # type: ignore[misc] # bound now
        del rows, world
        gc.collect()
        for who, spent_ in (("引擎", one), ("两层汇总", bare)):
            costs[who].append(Spent(spent_.wall / size, spent_.cpu / size))
            found.append((f"{who}，{size:,} 对象，每对象", spent_.wall / size * 1e6, None, "微秒"))
        found.append((f"引擎 ÷ 两层汇总，{size:,} 对象，墙钟", one.wall / bare.wall, None, "倍"))
        found.append((f"引擎 ÷ 两层汇总，{size:,} 对象，处理器", one.cpu / bare.cpu, None, "倍"))
    for who, some in costs.items():
        walls, cpus = [one.wall for one in some], [one.cpu for one in some]
        aim = FLAT if who == "引擎" else None
        found.append((f"{who}每对象耗时：一万到一百万的最大偏差，墙钟", max(walls) / min(walls), aim, "倍"))
        found.append((f"{who}每对象耗时：一万到一百万的最大偏差，处理器", max(cpus) / min(cpus), None, "倍"))
    return found


def shown(size: int, report: Report) -> int:
    """The table, and whether an aim is missed."""
    load = os.getloadavg()[0]
    table = Table(title=f"{size:,} 对象，{os.cpu_count()} 核，系统负载 {load:.1f}")
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
    sys.exit(main(full="--full" in sys.argv))
