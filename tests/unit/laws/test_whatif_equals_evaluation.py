"""What-if under a rulebook with one token changed says what a whole evaluation says, or asks for facts."""

import random
from contextlib import suppress

import polars as pl
import pytest
from hypothesis import given, settings
from tests.support.profiles import LONG, QUICK
from tests.support.rulebooks import SEEDS, a_trial
from tests.support.trial_frames import handed

from jiceng_sdk.cases.mutants import mutants
from jiceng_sdk.engine import NeedsFacts, Outcome, aggregates, evaluate, what_if
from jiceng_sdk.faults import errors
from jiceng_sdk.rulebook.reading import examine_raw

FRAMES = ("results", "nodes", "issues", "area", "cohort", "trail")


def agrees(seed: int, many: int) -> None:
    trial = a_trial(seed, 8)
    got = handed(trial)
    known = aggregates(trial.analysis, got.people, got.facts, period=got.period, previous=got.previous)
    changes = [one for one in mutants(trial.raw) if not one.path.startswith("facts")]
    random.Random(seed).shuffle(changes)  # noqa: S311 - tests
    for change in changes[:many]:
        changed = examine_raw(change.raw, {})
        if changed.analysis is None or errors(changed.faults):
            continue
        with suppress(NeedsFacts):
            found = what_if(known, changed.analysis)
            whole = evaluate(
                changed.analysis, got.people, got.facts, period=got.period, previous=got.previous
            )
            where = f"seed {seed}: {change.path}, {change.before} → {change.after}"
            assert different(found, whole) == [], where


def different(one: Outcome, other: Outcome) -> list[str]:
    """The frames that differ, whatever the order of their columns."""

    def laid(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.select(sorted(frame.columns))

    return [name for name in FRAMES if not laid(getattr(one, name)).equals(laid(getattr(other, name)))]


@settings(max_examples=12, **QUICK)
@given(SEEDS)
def test_what_if_and_evaluation_agree_on_random_changes(seed: int) -> None:
    agrees(seed, 4)


@pytest.mark.soak
@settings(max_examples=1_000, **LONG)
@given(SEEDS)
def test_what_if_and_evaluation_agree_on_thousands_of_changes(seed: int) -> None:
    agrees(seed, 5)
