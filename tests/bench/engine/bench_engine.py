"""Speed and memory of the engine, as ratios in one run: against a bare Polars aggregation of the same rows.

`main(full=True)`: 200,000 subjects × 50 facts, 30 items; else a tenth of it. Prints a table; gives 1 when an
aim is missed.
"""

import gc
import resource
import sys
import time
from collections.abc import Callable
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
KIB_PER_GIB = 2**20
T = TypeVar("T")


def main(full: bool) -> int:
    """Measure, print, and say by the exit code whether every aim is met."""
    size = FULL if full else SMALL
    analysis = analyse(read_file(BOOK)).usable()
    world = a_world(size)
    rows = world.rows()
    best(lambda: aggregated(rows), 1)
    bare, engine, outcome = side_by_side(analysis, world, rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_GIB
    gc.collect()
    report = [
        ("引擎 ÷ 同样行数的 Polars 两层汇总", engine / bare, 1.5, "倍"),
        ("进程内存峰值（含事实）", peak, 1.5, "GiB"),
        ("试算：改等次线", tried(analysis, world), 0.5, "秒"),
        ("解释一个对象", explained(analysis, outcome) * 1000, 20.0, "毫秒"),
    ]
    if full:
        report.append(("每对象耗时：一万到一百万的最大偏差", flatness(analysis), 1.1, "倍"))
    return shown(size, bare, engine, report)


def side_by_side(analysis: Analysis, world: World, rows: pl.DataFrame) -> tuple[float, float, Outcome]:
    """Both in turn, so that a busy machine is busy for both; the best of each."""
    bare, engine = [], []
    for _ in range(4):
        bare.append(best(lambda: aggregated(rows), 1)[0])
        seconds, outcome = best(lambda: run(analysis, world), 1)
        engine.append(seconds)
    return min(bare), min(engine), outcome


def run(analysis: Analysis, world: World) -> Outcome:
    """One whole evaluation."""
    return evaluate(analysis, world.subjects, world.facts, period=PERIOD, previous=world.previous)


def aggregated(rows: pl.DataFrame) -> pl.DataFrame:
    """The yardstick: points per subject and item, then per subject."""
    points = pl.col("points").sum()
    return rows.lazy().group_by("subject", "item").agg(points).group_by("subject").agg(points).collect()


def best(work: Callable[[], T], times: int = 3) -> tuple[float, T]:
    """The shortest of several runs, and the last result."""
    found: list[float] = []
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        found.append(time.perf_counter() - start)
    return min(found), result


def tried(analysis: Analysis, world: World) -> float:
    """Seconds of a what-if that moves the lines between grades."""
    known: Aggregates = aggregates(
        analysis, world.subjects, world.facts, period=PERIOD, previous=world.previous
    )
    changed = analyse(structs.replace(analysis.book, decide=tuple(map(_moved, analysis.book.decide))))
    return best(lambda: what_if(known, changed))[0]


def _moved(rule: T) -> T:
    """The bands with 75 points for the best grade made 78."""
    if not isinstance(rule, Bands):
        return rule
    rows = tuple(structs.replace(row, when=Formula(row.when.text.replace("75", "78"))) for row in rule.rows)
    return structs.replace(rule, rows=rows)


def explained(analysis: Analysis, outcome: Outcome) -> float:
    """Seconds of the whole explanation of one subject."""
    subject = outcome.results["subject"][outcome.results.height // 2]
    return best(lambda: lines(analysis, outcome, subject))[0]


def flatness(analysis: Analysis) -> float:
    """The dearest subject by the cheapest, over runs of 10,000, 100,000 and 1,000,000 subjects."""
    costs = []
    for size in (10_000, 100_000, 1_000_000):
        world = a_world(size)
        costs.append(best(lambda world=world: run(analysis, world))[0] / size)  # type: ignore[misc] # bound now
        del world
        gc.collect()
    return max(costs) / min(costs)


def shown(size: int, bare: float, engine: float, report: list[tuple[str, float, float, str]]) -> int:
    """The table, and how many aims are missed."""
    table = Table(title=f"{size:,} 对象：汇总 {bare:.2f} 秒，引擎 {engine:.2f} 秒")
    for column in ("指标", "实测", "要求", ""):
        table.add_column(column)
    missed = 0
    for name, value, aim, unit in report:
        met = value <= aim
        missed += not met
        table.add_row(name, f"{value:.3g} {unit}", f"≤ {aim:g}", "达标" if met else "未达标")
    Console().print(table)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(full="--full" in sys.argv))
