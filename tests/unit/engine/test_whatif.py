"""What-if from cached aggregates gives exactly what a whole evaluation under the changed rulebook gives."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import polars as pl
import pytest
from tests.unit.engine.books import BANDS, HEAD, MARK, YEAR, day, marked, understood

from jiceng_sdk.engine import Aggregates, NeedsFacts, Outcome, aggregates, evaluate, what_if
from jiceng_sdk.faults import Faults

MEET = '[facts.meet]\nkind = "event"\nfields = { hours = { kind = "number", min = 0, max = 24 } }\n'
ITEMS = '[items.i]\npoints = "x"\n[items.meets]\nfrom = "meet"\npoints = "hours"\ncap = 10\nquorum = 1\n'
TOTAL = '[groups.score]\nof = ["i", "meets"]\n'
QUOTA = '[[decide]]\ndo = "quota"\nshare = { "五" = 0.5 }\nrounding = "down"\n'
BOOK = HEAD + MARK + MEET + ITEMS + TOTAL + BANDS + QUOTA
SUBJECTS = marked(95, 85, 75, 92, None)
ROWS = pl.DataFrame(
    {
        "subject": ["s0", "s1", "s1"],
        "date": [day(1), day(2), day(3)],
        "hours": [Decimal(3), Decimal(9), Decimal(8)],
    }
)


@pytest.fixture(scope="module")
def known() -> Aggregates:
    return aggregates(understood(BOOK), SUBJECTS, {"meet": ROWS}, period=YEAR)


def same(one: Outcome, other: Outcome) -> bool:
    names = ("results", "nodes", "details", "issues", "area", "cohort")
    return all(getattr(one, name).equals(getattr(other, name)) for name in names)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('share = { "五" = 0.5 }', 'share = { "五" = 0.25 }'),
        ("score >= 90", "score >= 90 and flag"),
        ("cap = 10", "cap = 12"),
        ('points = "x"', 'points = "x * 0.9"'),
        ('of = ["i", "meets"]', "of = { i = 0.7, meets = 0.3 }"),
        (QUOTA, ""),
        ("quorum = 1", "quorum = 2"),
        ("quorum = 1", 'quorum = "x - 84"'),
    ],
)
def test_a_change_gives_what_a_whole_evaluation_gives(known: Aggregates, old: str, new: str) -> None:
    text = BOOK.replace(old, new)
    if "and flag" in new:
        text = text.replace("rows = [", 'gaps = "ask"\nrows = [')
    changed = understood(text)
    assert same(what_if(known, changed), evaluate(changed, SUBJECTS, {"meet": ROWS}, period=YEAR))


def test_nothing_changed_is_the_outcome_itself(known: Aggregates) -> None:
    assert same(
        what_if(known, understood(BOOK)), evaluate(understood(BOOK), SUBJECTS, {"meet": ROWS}, period=YEAR)
    )


def test_a_change_of_rows_says_which_facts_it_needs(known: Aggregates) -> None:
    with pytest.raises(NeedsFacts) as raised:
        what_if(known, understood(BOOK.replace('points = "hours"', 'points = "hours * 2"')))
    assert raised.value.facts == {"meet"}


def test_rulings_of_the_changed_rulebook_replace_the_known_ones(known: Aggregates) -> None:
    veto = '[[decide]]\ndo = "override"\ntitle = "先"\nwhen = "i < 10"\ngrade = "三"\nfinal = true\n'
    changed = understood(BOOK.replace(QUOTA, veto + QUOTA.replace("0.5", "0.25")))
    ruled = pl.DataFrame({"subject": ["s1"], "where": ["decide[2]"], "order": [1]})
    whole = evaluate(changed, SUBJECTS, {"meet": ROWS}, period=YEAR, rulings=ruled)
    assert same(what_if(known, changed, rulings=ruled), whole)
    with pytest.raises(Faults, match=r"decide\[2\]"):
        what_if(known, understood(BOOK), rulings=ruled)


def test_trials_on_several_threads_share_aggregates_that_nobody_has_looked_at_yet() -> None:
    fresh = aggregates(understood(BOOK), SUBJECTS, {"meet": ROWS}, period=YEAR)
    changed = understood(BOOK.replace("score >= 90", "score >= 93").replace("< 90", "< 93"))
    whole = evaluate(changed, SUBJECTS, {"meet": ROWS}, period=YEAR)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: what_if(fresh, changed), range(16)))
    assert all(same(one, whole) for one in found)
