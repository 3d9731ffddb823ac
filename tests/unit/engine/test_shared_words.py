"""Totals that share one integer: exact for one subject with very many rows among many with few."""

from decimal import Decimal

import polars as pl
from tests.unit.engine.books import HEAD, column, day, ran

BOOK = f"""{HEAD}
[facts.e]
kind = "event"
fields = {{ form = ["a", "b"], late = "flag", topic = "text" }}
[items.plus]
from = "e"
choice = {{ a = 1.5, b = 0.25 }}
value = "form"
[items.minus]
from = "e"
when = "late"
points = "if(form == 'a', -2, -0.5)"
[items.months]
from = "e"
when = "form == 'b'"
points = 3
keep = {{ month = 1 }}
[items.topics]
from = "e"
points = 1
keep = {{ topic = 2 }}
[groups.score]
of = ["plus", "minus", "months", "topics"]
"""


def test_a_subject_with_far_more_rows_than_the_others_gets_its_exact_total() -> None:
    many, others = 3_000, [f"s{n}" for n in range(1, 200)]
    subjects = ["s0"] * many + others
    forms = [("a", "b")[n % 2] for n in range(many)] + ["a"] * len(others)
    events = pl.DataFrame(
        {
            "subject": subjects,
            "date": [day(1 + n % 12) for n in range(len(subjects))],
            "form": forms,
            "late": [n % 3 == 0 for n in range(many)] + [True] * len(others),
            "topic": [str(n % 5) if n % 7 else None for n in range(many)] + ["t"] * len(others),
        }
    )
    outcome = ran(BOOK, pl.DataFrame({"subject": ["s0", *others]}), {"e": events})
    first, second = outcome.nodes.rows(named=True)[:2]
    assert first["plus"] == Decimal(2625)
    assert first["minus"] == Decimal(-1250)
    assert first["months"] == Decimal(18)
    assert first["topics"] == Decimal(12)
    assert second["plus"] == Decimal("1.5")
    assert second["minus"] == Decimal(-2)
    assert column(outcome, "score")[1] == Decimal("0.5")
    assert column(outcome, "score")[0] == Decimal(1405)
