"""A comparison that rests on a withheld ballot is not told, however many steps away it stands."""

from decimal import Decimal

from tests.unit.engine.books import HEAD, MARK, understood

from jiceng.evaluation.results.withholding import comparing_nothing_hidden
from jiceng_sdk.engine import Line

BOOK = understood(
    HEAD
    + MARK
    + """
[items.ballot_]
points = "x"
[items.other]
points = "if(flag, 1, 0)"
[items.place]
points = "cohort_rank(half)"
[groups.half]
of = { ballot_ = 0.5 }
[groups.score]
of = ["half", "place", "other"]
"""
)


def line(path: str, kind: str) -> Line:
    return Line(path=path, title="", clause="", kind=kind, points=Decimal(0), because="")  # type: ignore[arg-type] # words


def test_comparisons_of_what_rests_on_withheld_items_are_left_out() -> None:
    told = [
        line("items.place.compared", "compared"),
        line("groups.score.compared", "compared"),
        line("items.other.compared", "compared"),
        line("items.place", "item"),
    ]
    assert comparing_nothing_hidden(told, BOOK, frozenset({"ballot_"})) == told[2:]
    assert comparing_nothing_hidden(told, BOOK, frozenset()) == told
