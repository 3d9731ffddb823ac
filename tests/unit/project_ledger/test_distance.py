"""Distance to the benchmark: what is missing, how much of the way is gone, by month, quarter and year."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from jiceng_project_ledger.followup.distance import Benchmark, distance, distances
from jiceng_project_ledger.followup.due import Kind

RISING = Benchmark(measure="化解率", unit="%", model="某街道", base=Decimal(80), goal=Decimal(98))
FALLING = msgspec.structs.replace(RISING, measure="办结天数", base=Decimal(30), goal=Decimal(10))
MONTH = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("benchmark", "figure", "missing", "percent"),
    [
        (RISING, "80", "18", "0.0"),
        (RISING, "86", "12", "33.3"),
        (RISING, "75", "23", "0.0"),
        (RISING, "98", "0", "100.0"),
        (RISING, "99.5", "0", "100.0"),
        (FALLING, "25", "15", "25.0"),
        (FALLING, "8", "0", "100.0"),
        (FALLING, "31", "21", "0.0"),
    ],
)
def test_how_far_it_is(benchmark: Benchmark, figure: str, missing: str, percent: str) -> None:
    found = distance(benchmark, MONTH, Decimal(figure))
    assert (found.missing, found.percent) == (Decimal(missing), Decimal(percent))


def test_a_model_that_is_where_the_project_began_is_reached_or_not() -> None:
    level = msgspec.structs.replace(RISING, goal=Decimal(80))
    assert distance(level, MONTH, Decimal(80)).percent == 100
    assert distance(level, MONTH, Decimal(79)).percent == 0


def test_the_last_figure_of_a_quarter_and_of_a_year_counts() -> None:
    figures = {date(2026, month, 1): Decimal(80 + month) for month in (1, 2, 3, 5)}
    quarters = distances(RISING, figures, Kind.QUARTER)
    assert [(one.period, one.figure) for one in quarters] == [
        (date(2026, 1, 1), Decimal(83)),
        (date(2026, 4, 1), Decimal(85)),
    ]
    assert [one.figure for one in distances(RISING, figures, Kind.YEAR)] == [Decimal(85)]
    assert len(distances(RISING, figures, Kind.MONTH)) == 4
