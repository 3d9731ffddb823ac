"""Expressions are small, typed and total: no crash, no surprise, no difference to the slow interpreter."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.agreement import disagreements
from tests.support.profiles import LONG, QUICK
from tests.support.random_formulas import a_flag, a_number, any_words
from tests.support.random_items import Draw
from tests.support.rulebooks import FACTS, GRADES, SEEDS, Trial, a_world
from tests.support.trial_frames import engine_outcome

from jiceng_sdk.expressions.parse import parse
from jiceng_sdk.expressions.tokens import ParseFault
from jiceng_sdk.faults import errors
from jiceng_sdk.rulebook.reading import examine_raw

FORMULAS = 25


def book_of(formulas: list[str]) -> dict[str, Any]:
    """A rulebook with one item per formula, each in the score; and one output, which runs on arrays."""
    names = [f"i{n}" for n in range(len(formulas))]
    outputs = {f"o{n}": {"value": formula} for n, formula in enumerate(formulas)}
    return {
        "title": "式子", "subject": "member", "grades": GRADES, "cohort": ["town"],
        "classes": {"big": "a > 10"},
        "facts": {name: FACTS[name] for name in ("a", "b", "f", "pick", "cls", "town")},
        "items": {name: {"points": formula} for name, formula in zip(names, formulas, strict=True)},
        "groups": {"score": {"of": names}},
        "outputs": outputs,
    }  # fmt: skip


def a_trial_of_formulas(seed: int) -> Trial:
    """Formulas of which some are numbers, some flags turned into numbers."""
    draw = Draw(random.Random(seed))  # noqa: S311 - tests
    formulas = [
        a_number(draw, draw.whole(1, 3)) if draw.some(0.6) else f"if({a_flag(draw, draw.whole(1, 3))}, 1, 0)"
        for _ in range(FORMULAS)
    ]
    raw = book_of([formula for formula in formulas if not errors(examine_raw(book_of([formula]), {}).faults)])
    reading = examine_raw(raw, {})
    assert reading.analysis is not None
    return Trial(seed, raw, reading.analysis, a_world(draw, 6))


def agrees(trial: Trial) -> None:
    found = list(disagreements(trial, engine_outcome(trial)))
    items = trial.raw["items"]
    said = {**items, **{f"o{name[1:]}": item for name, item in items.items()}}
    wrong = {name: item["points"] for name, item in said.items() if any(f".{name}:" in one for one in found)}
    assert not found, f"seed {trial.seed}\n" + "\n".join([*found, str(wrong)])


@settings(max_examples=40, **QUICK)
@given(SEEDS)
def test_every_expression_means_the_same_to_engine_and_reference(seed: int) -> None:
    agrees(a_trial_of_formulas(seed))


@pytest.mark.soak
@settings(max_examples=3_000, **LONG)
@given(SEEDS)
def test_thousands_of_expressions_mean_the_same(seed: int) -> None:
    agrees(a_trial_of_formulas(seed))


@settings(max_examples=300, **QUICK)
@given(st.one_of(st.text(max_size=60), SEEDS.map(lambda seed: any_words(Draw(random.Random(seed))))))  # noqa: S311
def test_any_text_is_an_expression_or_a_fault_with_its_column(text: str) -> None:
    fault = None
    try:
        parse(text)
    except ParseFault as error:
        fault = error.fault
    if fault is not None:
        assert 1 <= fault.column <= len(text) + 1
        assert fault.zh
        assert fault.en


@settings(max_examples=150, **QUICK)
@given(SEEDS.map(lambda seed: any_words(Draw(random.Random(seed)))))  # noqa: S311
def test_any_words_as_points_are_evaluated_or_refused_never_a_crash(text: str) -> None:
    reading = examine_raw(book_of([text]), {})
    if reading.analysis is None or errors(reading.faults):
        assert all(
            fault.path.startswith(("items.i0", "groups", "outputs.o0")) for fault in errors(reading.faults)
        )
        return
    draw = Draw(random.Random(0))  # noqa: S311
    outcome = engine_outcome(Trial(0, book_of([text]), reading.analysis, a_world(draw, 2)))
    assert str(outcome.nodes.schema["i0"]).startswith("Decimal")
