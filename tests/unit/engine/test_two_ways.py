"""Nodes and area values come to the same on arrays and in Polars, to the digit."""

from collections.abc import Iterator

import polars as pl
import pytest
from tests.bench.engine.bench_engine import BOOK, run
from tests.bench.engine.world import World, a_world

from jiceng_sdk.engine import Outcome
from jiceng_sdk.engine.area import values
from jiceng_sdk.engine.nodes.figures import Figures
from jiceng_sdk.engine.numbers.columns import Unfit
from jiceng_sdk.rulebook import Analysis, analyse, read_file


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """The rulebook of the bench: quotients, means, caps, a line, a cohort, area values."""
    return analyse(read_file(BOOK)).usable()


def worlds() -> Iterator[tuple[str, World]]:
    """As it is; divisors of zero and below; facts that lack; numbers whose products leave 64 bits; nobody."""
    world, n = a_world(300), pl.int_range(pl.len())
    yield "plain", world
    yield "zero", _with(world, target=pl.when(n % 7 == 0).then(0).otherwise(30 - pl.col("target")))
    gaps = {"target": 7, "done": 11, "sat": 13, "base_": 17, "review": 19, "deduct": 3}
    lacking = {name: pl.when(n % k == 0).then(None).otherwise(pl.col(name)) for name, k in gaps.items()}
    yield "lacking", _with(world, **lacking)
    yield "large", _with(world, done=pl.col("done") * 999_983, target=pl.col("target") * 999_979)
    yield "one", a_world(1)


def _with(world: World, **columns: pl.Expr) -> World:
    subjects = world.subjects.with_columns(expr.alias(name) for name, expr in columns.items())
    return World(subjects, world.facts, world.previous)


def frames(outcome: Outcome) -> dict[str, pl.DataFrame]:
    """Everything it says."""
    kept = {"nodes": outcome.nodes, "details": outcome.details, "trail": outcome.trail}
    found = {"results": outcome.results, "issues": outcome.issues, "area": outcome.area, **kept}
    return {name: frame.select(sorted(frame.columns)) for name, frame in found.items()}


@pytest.mark.parametrize("world", [pytest.param(world, id=name) for name, world in worlds()])
def test_an_outcome_is_the_same_on_arrays_and_in_polars(
    analysis: Analysis, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_arrays = frames(run(analysis, world))

    def unfit(*_: object) -> None:
        raise Unfit

    monkeypatch.setattr(Figures, "keep", unfit)
    monkeypatch.setattr(values, "_swift", unfit)
    in_polars = frames(run(analysis, world))
    assert on_arrays["results"].height == world.subjects.height
    for name, frame in on_arrays.items():
        assert frame.equals(in_polars[name]), name


def test_most_of_the_nodes_of_the_bench_are_worked_out_on_arrays(
    analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, left = Figures.keep, list[str]()

    def watched(self: Figures, name: str, *rest: object) -> None:
        try:
            kept(self, name, *rest)  # type: ignore[arg-type] # handed on as they came
        except Unfit:
            left.append(name)
            raise

    monkeypatch.setattr(Figures, "keep", watched)
    run(analysis, a_world(300))
    assert left == []
