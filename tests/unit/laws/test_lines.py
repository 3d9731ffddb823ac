"""Lines are the outcome: for every subject with a score they add up to it exactly, also after storage."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from tests.support.profiles import LONG, QUICK
from tests.support.rulebooks import SEEDS, a_trial
from tests.support.trial_frames import engine_outcome

from jiceng_sdk.engine import Outcome, lines, pack, unpack
from jiceng_sdk.rulebook import Analysis


def sums(analysis: Analysis, outcome: Outcome) -> dict[str, tuple[Fraction, Decimal | None]]:
    """For each subject the sum of its lines, and its score."""
    return {
        row["subject"]: (
            sum((Fraction(line.points) for line in lines(analysis, outcome, row["subject"])), Fraction(0)),
            row["score"],
        )
        for row in outcome.results.iter_rows(named=True)
        if row["score"] is not None
    }


def adds_up(seed: int) -> None:
    trial = a_trial(seed, 4)
    outcome = engine_outcome(trial)
    found = sums(trial.analysis, outcome)
    wrong = {
        name: (float(total), score) for name, (total, score) in found.items() if total != Fraction(score or 0)
    }
    assert wrong == {}, f"seed {seed}"
    assert sums(trial.analysis, unpack(pack(outcome))) == found, f"seed {seed}"


@settings(max_examples=40, **QUICK)
@given(SEEDS)
def test_lines_add_up_to_the_score_before_and_after_storage(seed: int) -> None:
    adds_up(seed)


@pytest.mark.soak
@settings(max_examples=3_000, **LONG)
@given(SEEDS)
def test_lines_of_thousands_of_rulebooks_add_up(seed: int) -> None:
    adds_up(seed)
