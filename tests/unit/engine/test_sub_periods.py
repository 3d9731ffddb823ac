"""Months and the period: a name brought up by `across` is the period's for everybody who reads it."""

import polars as pl
from tests.unit.engine.books import HEAD, ran


def test_a_month_reads_what_another_item_came_to_in_the_period() -> None:
    text = f"""{HEAD}[facts]
miss = {{ kind = "number", each = "month", default = 0, min = 0, max = 20 }}
[items]
mean = {{ each = "month", points = "100 - miss", across = "mean" }}
below = {{ each = "month", points = "if(100 - miss < mean, 1, 0)", across = "sum" }}
limited = {{ each = "month", for = "miss == 0", points = "1", across = "mean" }}
asked = {{ each = "month", points = "if(missing(limited), 1, 0)", across = "max" }}
[groups.score]
of = ["mean", "below", "asked"]
"""
    facts = pl.DataFrame({"subject": ["a"] * 3, "k": [0, 1, 2], "value": [1, 1, 10]})
    every = pl.DataFrame({"subject": ["b"] * 12, "k": list(range(12)), "value": [1] * 12})
    outcome = ran(text, pl.DataFrame({"subject": ["a", "b"]}), {"miss": pl.concat([facts, every])})
    # 99, 99, 90 and nine times 100: the mean is 99, only March is below it
    assert outcome.nodes["mean"].to_list() == [99, 99]
    assert outcome.nodes["below"].to_list() == [1, 0]
    assert outcome.nodes["asked"].to_list() == [0, 1]
