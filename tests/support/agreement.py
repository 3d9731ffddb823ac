"""Where the engine and the reference disagree on a trial."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.support.reference.evaluating import Answer, Result, evaluate
from tests.support.reference.values import Grade, No, Value
from tests.support.rulebooks import Trial

from jiceng_sdk.cases.numbers import half_up
from jiceng_sdk.engine import Outcome

NEAR = Fraction(1, 10**15)
"""Guard digits of a quotient; anything finite is compared exactly."""


def disagreements(trial: Trial, outcome: Outcome) -> Iterator[str]:
    """Every value that differs, with both."""
    answer = evaluate(trial.analysis.book, trial.world)
    results = {row["subject"]: row for row in outcome.results.iter_rows(named=True)}
    nodes = {row["subject"]: row for row in outcome.nodes.iter_rows(named=True)}
    for name, want in answer.results.items():
        for node, value in want.nodes.items():
            if not _near(nodes[name][node], value, outcome.places[node]):
                yield f"{name}.{node}: engine {nodes[name][node]}, reference {shown(value)}"
        yield from _result(trial, name, results[name], want)
    yield from _areas(answer, outcome)


def _result(trial: Trial, name: str, got: dict[str, Any], want: Result) -> Iterator[str]:
    gap = any(rule["do"] == "bands" and "gaps" in rule for rule in trial.raw.get("decide", []))
    if got["status"] == "needs_ruling" != want.status or (want.status == "needs_ruling" and not gap):
        if got["status"] != want.status:
            yield f"{name}: engine {got['status']}, reference {want.status} {want.states}"
        return
    if want.status == "needs_ruling":
        if got["status"] != want.status and got["grade"] not in _possible(trial, want):
            yield f"{name}: engine {got}, reference {want.states}"
        return
    for what, word in (("status", want.status), ("grade", want.grade)):
        if got[what] != word:
            yield f"{name}.{what}: engine {got[what]}, reference {word}"
    if not _near(got["score"], want.score, 0):
        yield f"{name}.score: engine {got['score']}, reference {want.score}"
    for output, value in want.outputs.items():
        if not (gap and _counts_grades(trial, output)) and not _near(got[output], value, None):
            yield f"{name}.{output}: engine {got[output]}, reference {shown(value)}"


def _counts_grades(trial: Trial, output: str) -> bool:
    """Of others in a gap the engine knows which rows they lie next to, the reference does not."""
    text = trial.analysis.book.outputs[output].value.text
    return "cohort" in text and "grade" in text


def _possible(trial: Trial, want: Result) -> set[str | None]:
    grades = trial.analysis.book.grades
    return {
        grades[len(grades) - state.grade.level] if isinstance(state.grade, Grade) else None
        for state in want.states
    }


def _areas(answer: Answer, outcome: Outcome) -> Iterator[str]:
    got = {(row["name"], str(row["group"] or "")): row["value"] for row in outcome.area.iter_rows(named=True)}
    waiting = any(result.status in ("needs_ruling", "incomplete") for result in answer.results.values())
    for key, value in answer.area.items():
        if not waiting and not _near(got.get(key), value, None):
            yield f"area {key}: engine {got.get(key)}, reference {value}"


def _near(got: Any, want: Value | None, places: int | None) -> bool:
    if want is None or isinstance(want, No):
        return got is None
    if got is None or isinstance(want, bool) or not isinstance(want, Fraction):
        return bool(got == want)
    if places is not None and isinstance(got, Decimal) and Fraction(got) == want:
        return True
    return abs(Fraction(got) - want) < NEAR or Fraction(got) == half_up(want, 12)


def shown(value: Value | None) -> str:
    """A reference value in a message."""
    return str(float(value)) if isinstance(value, Fraction) and value.denominator > 1 else str(value)
