"""Numbers of words may be made on another core: the same outcome, the same faults in the same order."""

from _thread import _count
from threading import Thread
from time import monotonic, sleep

import polars as pl
import pytest
from hypothesis import given, settings
from tests.support.profiles import QUICK
from tests.support.rulebooks import SEEDS, a_trial
from tests.support.trial_frames import engine_outcome
from tests.unit.engine.books import BANDS, HEAD, MARK, TOTAL, YEAR, column, day, marked, ran, understood

from jiceng_sdk.engine import check_facts
from jiceng_sdk.engine.door import words
from jiceng_sdk.faults import Faults

FACTS = """
[facts.meet]
kind = "event"
fields = { form = ["党课", "大会"] }
[facts.trip]
kind = "event"
fields = { hours = { kind = "number", min = 0, max = 24, places = 1 } }
[items.meets]
from = "meet"
when = "form == '党课'"
points = 1
"""
BOOK = HEAD + MARK + FACTS + TOTAL.replace('["i"]', '["i", "meets"]') + BANDS
MEET = pl.DataFrame({"subject": ["s0", "s0", "s1"], "date": [day(5)] * 3, "form": ["党课", "大会", "党课"]})
STRANGE = MEET.with_columns(form=pl.Series(["党课", "党可", "大会"]))
OUTSIDE = pl.DataFrame({"subject": ["s1"], "date": [day(5).replace(year=2025)], "hours": [1]})


@pytest.fixture(params=["beside", "threads refused", "one core", "at once"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """However numbers of words are made."""
    monkeypatch.setattr(words, "MANY", 10**9 if request.param == "at once" else 0)
    cores = 1 if request.param == "one core" else 2
    monkeypatch.setattr("jiceng_sdk.engine.cores.pl.thread_pool_size", lambda: cores)
    if request.param == "threads refused":
        monkeypatch.setattr(Thread, "start", _refused)
        monkeypatch.setattr("jiceng_sdk.engine.cores.start_new_thread", _refused)


def _refused(*_: object) -> None:
    raise RuntimeError("can't start new thread")


@pytest.mark.usefixtures("way")
def test_words_count_however_their_numbers_are_made() -> None:
    outcome = ran(BOOK, marked(80, 70), {"meet": MEET})
    assert [str(score.normalize()) for score in column(outcome, "score")] == ["81", "71"]


@pytest.mark.usefixtures("way")
def test_faults_of_words_are_told_with_all_others_in_the_order_of_the_rulebook() -> None:
    facts = {"trip": OUTSIDE, "meet": STRANGE}
    with pytest.raises(Faults) as raised:
        ran(BOOK, marked(80, 201), facts)
    paths = [fault.path for fault in raised.value.faults]
    assert paths == ["facts.x", "facts.meet.form", "facts.trip.date"]
    assert check_facts(understood(BOOK), marked(80, 201), facts, YEAR) == raised.value.faults


@pytest.mark.usefixtures("way")
def test_a_word_that_is_none_is_told_before_a_fault_of_earlier_results() -> None:
    before = pl.DataFrame({"subject": ["s0"], "back": [0], "grade": ["五"]})
    with pytest.raises(Faults) as raised:
        ran(BOOK, marked(80, 70), {"meet": STRANGE}, previous=before)
    assert [fault.path for fault in raised.value.faults] == ["facts.meet.form"]


@pytest.mark.usefixtures("way")
def test_rows_nobody_reads_are_refused_all_the_same() -> None:
    unread = BOOK.replace("form == '党课'", "false").replace('from = "meet"', 'from = "trip"')
    with pytest.raises(Faults, match="党可"):
        ran(unread, marked(80, 70), {"meet": STRANGE})


@pytest.mark.usefixtures("way")
def test_no_thread_is_left_behind_whatever_is_refused() -> None:
    threads = _count()
    for facts, before in (({"meet": STRANGE}, None), ({"meet": MEET}, pl.DataFrame({"subject": ["s0"]}))):
        with pytest.raises(Faults):
            ran(BOOK, marked(80, 70), facts, previous=before)
        soon = monotonic() + 5
        while _count() > threads and monotonic() < soon:
            sleep(0.001)
        assert _count() == threads


@settings(max_examples=25, **QUICK)
@given(SEEDS)
def test_an_outcome_is_the_same_to_the_digit_with_words_made_beside(seed: int) -> None:
    trial = a_trial(seed, 20)
    alone = engine_outcome(trial)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "MANY", 0)
        patch.setattr("jiceng_sdk.engine.cores.pl.thread_pool_size", lambda: 2)
        beside = engine_outcome(trial)
    assert beside.results.equals(alone.results)
    assert beside.nodes.equals(alone.nodes)
    assert beside.issues.equals(alone.issues)


@pytest.mark.usefixtures("way")
def test_cohorts_are_told_apart_by_their_words_a_missing_one_too() -> None:
    town = '[facts.town]\nkind = "choice"\nsource = "roster"\n'
    quota = '[[decide]]\ndo = "quota"\nshare = { "五" = 0.5 }\nrounding = "down"\nwithin = ["town"]\n'
    subjects = marked(99, 98, 97, 96, 95, town=["乙", None, "甲", "乙", "甲"])
    outcome = ran(BOOK.replace("[items.i]", town + "[items.i]") + quota, subjects, {"meet": MEET[:0]})
    told = outcome.cohort.select("cohort", "base", "candidates")
    assert told.rows() == [("—", 1, 0), ("乙", 2, 2), ("甲", 2, 2)]
