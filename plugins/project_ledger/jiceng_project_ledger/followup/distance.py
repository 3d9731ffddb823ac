"""Distance to the benchmark: the figure now, where it began, the model's; as a number and as a bar. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import msgspec

from jiceng_project_ledger.followup.due import Kind, beginning

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from jiceng_project_ledger.library.schemas import Project

WHOLE = Decimal(100)


class Benchmark(msgspec.Struct, frozen=True, kw_only=True):
    """What is measured and whom the project follows: the figure at the beginning and the model's figure.

    A model's figure below the first one means that less is better.
    """

    measure: str
    unit: str
    model: str
    base: Decimal
    goal: Decimal


class Distance(msgspec.Struct, frozen=True):
    """Where a period ended: its figure, what is missing to the model (0 when reached), percent of the way."""

    period: date
    figure: Decimal
    missing: Decimal
    percent: Decimal


def distance(benchmark: Benchmark, period: date, figure: Decimal) -> Distance:
    """How far the figure is from the model; percent of the way from 0 to 100, one place, half up."""
    rising = benchmark.goal >= benchmark.base
    missing = max(Decimal(0), benchmark.goal - figure if rising else figure - benchmark.goal)
    way = abs(benchmark.goal - benchmark.base)
    if missing == 0:
        percent = WHOLE
    elif way == 0:
        percent = Decimal(0)
    else:
        gone = figure - benchmark.base if rising else benchmark.base - figure
        percent = min(WHOLE, max(Decimal(0), gone * WHOLE / way))
    return Distance(period, figure, missing, percent.quantize(Decimal("0.1"), ROUND_HALF_UP))


def distances(benchmark: Benchmark, figures: Mapping[date, Decimal], kind: Kind) -> tuple[Distance, ...]:
    """By period of a kind: the last figure reported in it (`figures` by month), the earliest period first."""
    last: dict[date, Decimal] = {}
    for month in sorted(figures):
        last[beginning(kind, month)] = figures[month]
    return tuple(distance(benchmark, period, figure) for period, figure in last.items())


def benchmark_of(project: Project) -> Benchmark | None:
    """What the project is measured by; None while measure or figures are not told."""
    if not project.benchmark_measure or project.benchmark_figure is None or project.start_figure is None:
        return None
    return Benchmark(
        measure=project.benchmark_measure,
        unit=project.benchmark_unit,
        model=project.benchmark,
        base=project.start_figure,
        goal=project.benchmark_figure,
    )
