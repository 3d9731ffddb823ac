"""Pieces of work on all cores: the same results, the same error, and no harm where threads are refused."""

import os
from decimal import Decimal, getcontext, localcontext
from functools import partial
from threading import Event, Thread, current_thread

import pytest
from hypothesis import given, settings
from tests.support.profiles import QUICK
from tests.support.rulebooks import SEEDS, a_trial
from tests.support.trial_frames import engine_outcome

from jiceng_sdk.engine.cores import Aside, together
from jiceng_sdk.engine.items import events

WAIT = 5.0


@pytest.fixture(params=["threads", "alone"])
def threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """With two threads whatever the machine has; and where a process may not start any."""
    monkeypatch.setattr("jiceng_sdk.engine.cores.pl.thread_pool_size", lambda: 2)
    if request.param == "alone":
        monkeypatch.setattr(Thread, "start", _refused)
        monkeypatch.setattr("jiceng_sdk.engine.cores.start_new_thread", _refused)
    return bool(request.param == "threads")


def _refused(*_: object) -> None:
    raise RuntimeError("can't start new thread")


@pytest.mark.usefixtures("threads")
def test_results_stand_in_the_order_of_the_work_whichever_is_begun_first() -> None:
    work = [lambda n=n: n * n for n in range(5)]
    assert together(work, [4, 0, 3, 1, 2]) == [0, 1, 4, 9, 16]
    assert together(work) == [0, 1, 4, 9, 16]
    assert together([]) == []


@pytest.mark.usefixtures("threads")
def test_the_error_raised_is_that_of_the_earliest_piece() -> None:
    def fails(words: str) -> int:
        raise ValueError(words)

    work = [lambda: 1, lambda: fails("second"), lambda: fails("third")]
    with pytest.raises(ValueError, match="second"):
        together(work, [2, 1, 0])


def test_two_pieces_run_at_the_same_time(threads: bool) -> None:
    if not threads:
        return
    here, there = Event(), Event()

    def met(mine: Event, other: Event) -> bool:
        mine.set()
        return other.wait(WAIT)

    assert together([lambda: met(here, there), lambda: met(there, here)]) == [True, True]


@pytest.mark.usefixtures("threads")
def test_a_thread_computes_with_the_callers_decimal_precision() -> None:
    with localcontext() as context:
        context.prec = 5
        found = together([lambda: getcontext().prec, lambda: Decimal(1) / Decimal(3)])
    assert found == [5, Decimal("0.33333")]


@settings(max_examples=25, **QUICK)
@given(SEEDS)
def test_an_outcome_is_the_same_to_the_digit_with_threads_and_without(seed: int) -> None:
    trial = a_trial(seed, 20)
    alone = engine_outcome(trial)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "MANY", 0)
        patch.setattr("jiceng_sdk.engine.cores.pl.thread_pool_size", lambda: 4)
        spread = engine_outcome(trial)
    assert spread.results.equals(alone.results)
    assert spread.nodes.equals(alone.nodes)
    assert spread.issues.equals(alone.issues)


def test_a_forked_child_may_compute_after_its_parent_did_so_in_threads() -> None:
    assert together([lambda: 1, lambda: 2]) == [1, 2]
    child = os.fork()
    if child == 0:
        os._exit(0 if together([lambda: 3, lambda: 4]) == [3, 4] else 1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.usefixtures("threads")
def test_pieces_done_aside_give_what_they_come_to_and_raise_what_they_raise() -> None:
    def fails() -> int:
        raise ValueError("this one")

    aside = Aside({"a": lambda: 1, "b": fails, "c": lambda: 3}, begin=True)
    assert (aside.result("c"), aside.result("a"), aside.result("a")) == (3, 1, 1)
    with pytest.raises(ValueError, match="this one"):
        aside.result("b")
    aside.ended()


def test_what_another_core_has_not_begun_is_done_by_whoever_asks(threads: bool) -> None:
    asked, done = Event(), list[str]()

    def last() -> str:
        asked.wait(WAIT if threads else 0)
        return "last"

    def first() -> str:
        done.append(current_thread().name)
        return "first"

    aside = Aside({"first": first, "last": last}, begin=True)
    assert aside.result("first") == "first"
    asked.set()
    assert aside.result("last") == "last"
    aside.ended()
    assert done == [current_thread().name]


def test_nothing_is_begun_once_pieces_have_ended() -> None:
    seen = list[int]()
    aside = Aside({n: partial(seen.append, n) for n in range(3)}, begin=False)
    aside.ended()
    assert seen == []
