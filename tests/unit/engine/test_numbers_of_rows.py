"""Decimals of rows leave the door as integers of 16, 32 or 64 bits: the same points, the same faults."""

from decimal import Decimal

import polars as pl
import pytest
from tests.unit.engine.books import HEAD, day, ran

from jiceng_sdk.faults import Faults

BOOK = f"""{HEAD}
[facts.e]
kind = "event"
fields = {{ hours = {{ kind = "number", min = 0, max = 24, places = 1 }}, amount = "number" }}
[items.time]
from = "e"
points = "if(hours > 20, 2 * hours, hours)"
[items.amounts]
from = "e"
points = "amount"
[groups.score]
of = ["time", "amounts"]
"""


def _rows(hours: list[str], amounts: list[str]) -> pl.DataFrame:
    columns = {"hours": (hours, 1), "amount": (amounts, 2)}
    return pl.DataFrame(
        {
            "subject": ["a"] * len(hours),
            "date": [day(1 + n) for n in range(len(hours))],
            **{
                name: pl.Series([Decimal(value) for value in values], dtype=pl.Decimal(38, places))
                for name, (values, places) in columns.items()
            },
        }
    )


@pytest.mark.parametrize(
    ("amounts", "total"),
    [
        (["-3.25", "21474836.47"], "21474833.22"),
        (["-3.25", "21474836.48"], "21474833.23"),
        (["99999999.99", "-100000000.00"], "-0.01"),
    ],
)
def test_amounts_at_and_beyond_32_bits_add_up(amounts: list[str], total: str) -> None:
    nodes = ran(BOOK, pl.DataFrame({"subject": ["a"]}), {"e": _rows(["24.0", "0.5"], amounts)}).nodes
    assert nodes["amounts"].to_list() == [Decimal(total)]
    assert nodes["time"].to_list() == [Decimal("48.5")]


@pytest.mark.parametrize(
    ("hours", "amount", "said"),
    [
        ("24.1", "1.00", "大于“hours”的上限 24"),
        ("3276.8", "1.00", "大于“hours”的上限 24"),
        ("-3276.9", "1.00", "小于“hours”的下限 0"),
        ("1.0", "100000000.01", "大于“amount”的上限 100000000"),
        ("1.0", "99999999999999999999.00", "大于“amount”的上限 100000000"),
    ],
)
def test_what_is_out_of_bounds_is_refused_however_large(hours: str, amount: str, said: str) -> None:
    with pytest.raises(Faults, match=said):
        ran(BOOK, pl.DataFrame({"subject": ["a"]}), {"e": _rows([hours], [amount])})
