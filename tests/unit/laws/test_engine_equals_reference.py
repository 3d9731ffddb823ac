"""The engine gives what the regulation means: equal to a slow interpreter, in any order of rows."""

from typing import Any

import pytest
from hypothesis import given, settings
from tests.support.agreement import disagreements
from tests.support.profiles import LONG, QUICK
from tests.support.rulebooks import SEEDS, Trial, a_trial
from tests.support.trial_frames import engine_outcome

from jiceng_sdk.rulebook.reading import from_json, read_rulebook
from jiceng_sdk.rulebook.writing import to_json, to_toml


def agrees(trial: Trial) -> None:
    """Fails with the rulebook as TOML and every difference."""
    found = list(disagreements(trial, engine_outcome(trial)))
    assert not found, f"seed {trial.seed}\n" + "\n".join([*found, to_toml(trial.analysis.book)])


@settings(max_examples=120, **QUICK)
@given(SEEDS)
def test_engine_and_reference_agree_on_random_rulebooks(seed: int) -> None:
    agrees(a_trial(seed, 8))


@pytest.mark.soak
@settings(max_examples=5_000, **LONG)
@given(SEEDS)
def test_engine_and_reference_agree_on_thousands_of_rulebooks(seed: int) -> None:
    agrees(a_trial(seed, 8))


@settings(max_examples=30, **QUICK)
@given(SEEDS)
def test_neither_order_of_rows_nor_names_of_subjects_change_an_outcome(seed: int) -> None:
    trial = a_trial(seed, 8)

    def backwards(name: str) -> str:
        return f"z{name[::-1]}"

    plain = engine_outcome(trial)
    other = engine_outcome(trial, shuffle=trial.seed, rename=backwards)
    assert _by_name(plain.results, str) == _by_name(other.results, lambda name: name[1:][::-1])
    assert _by_name(plain.nodes, str) == _by_name(other.nodes, lambda name: name[1:][::-1])
    assert sorted(plain.area.rows()) == sorted(other.area.rows())


def _by_name(frame: Any, back: Any) -> dict[str, tuple[Any, ...]]:
    return {back(row[0]): row[1:] for row in frame.rows()}


@settings(max_examples=60, **QUICK)
@given(SEEDS)
def test_a_rulebook_written_and_read_again_is_the_same(seed: int) -> None:
    book = a_trial(seed, 1).analysis.book
    assert from_json(to_json(book)) == book
    assert read_rulebook(to_toml(book)) == book
