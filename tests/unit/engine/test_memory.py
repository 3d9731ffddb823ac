"""What an evaluation worked on is let go when it ends, not when the garbage collector comes by."""

import gc
import tracemalloc
from types import ModuleType

import polars as pl
from tests.bench.engine.bench_engine import BOOK, run
from tests.bench.engine.world import a_world

from jiceng_sdk.engine.formulas.table import Table
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.rulebook import analyse, read_file


def test_no_table_of_an_evaluation_waits_for_the_garbage_collector() -> None:
    analysis, world = analyse(read_file(BOOK)).usable(), a_world(50)
    run(analysis, world)
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        run(analysis, world)
        gc.collect()
        left = [type(one).__name__ for one in gc.garbage if isinstance(one, Table | pl.DataFrame | pl.Series)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert left == []


def test_arrays_of_an_evaluation_are_let_go() -> None:
    analysis, world = analyse(read_file(BOOK)).usable(), a_world(2_000)
    run(analysis, world)
    tracemalloc.start()
    try:
        run(analysis, world)
        gc.collect()
        once = tracemalloc.get_traced_memory()[0]
        for _ in range(3):
            run(analysis, world)
        gc.collect()
        more = tracemalloc.get_traced_memory()[0] - once
    finally:
        tracemalloc.stop()
    assert more < world.subjects.height * 8  # not one array of a number per subject


def test_what_is_kept_of_a_rulebook_holds_nothing_of_anybody() -> None:
    analysis, world = analyse(read_file(BOOK)).usable(), a_world(50)
    run(analysis, world)
    seen, found, ahead = set[int](), list[str](), [*analysis.worked.values()]
    while ahead:
        one = ahead.pop()
        if id(one) in seen or isinstance(one, type | ModuleType):
            continue
        seen.add(id(one))
        if isinstance(one, Table | Source | pl.DataFrame | pl.Series | pl.LazyFrame):
            found.append(type(one).__name__)
        ahead += gc.get_referents(one)
    assert len(seen) > len(analysis.worked)
    assert found == []
