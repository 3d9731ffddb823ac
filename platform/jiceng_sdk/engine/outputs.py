"""Phase 4: outputs of every subject, evaluated in every world; given when all worlds agree."""

from dataclasses import replace

import numpy as np
import polars as pl
from msgspec import structs

from jiceng_sdk.engine.decide.general import Output, general
from jiceng_sdk.engine.decide.state import BLANK, GRADE, IS_RATED, LACKING, UNSCORED, State
from jiceng_sdk.engine.formulas.computing import computed
from jiceng_sdk.engine.numbers import columns
from jiceng_sdk.engine.numbers.columns import Column, Unfit, arrays, known
from jiceng_sdk.engine.numbers.exact import EXACT, PLACES, SNAP, rounded, snap
from jiceng_sdk.engine.numbers.integers import DIGITS
from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook import Rounding


def outputs(state: State) -> None:
    """Every output in every world; one that nobody's ruling will answer is asked for itself."""
    state.owed = np.zeros(state.size, np.bool_)
    hidden = state.status == LACKING
    if hidden.any():
        state.put(hidden, GRADE, 0)
        state.put(hidden, BLANK, value=True)
        state.put(hidden, UNSCORED, value=False)
    for name, output in state.board.book.outputs.items():
        try:
            found = _array(state, output.value, output.round)
        except Unfit:
            found = _general(state, output.value, output.round)
        state.give(name, found)
        _ask(state, name, found)


def _array(state: State, formula: Formula, rule: Rounding | None) -> Output:
    """Rounded as written; else at most at the places that are stored."""
    found = computed(formula.tree, state.reading()).snapped
    if found.kind == "number":
        if rule is not None:
            found = columns.rounded(found, rule)
        elif found.places > SNAP:
            found = columns.rounded(found, Rounding(places=SNAP))
        if found.data.dtype == object or found.most * 10 ** (PLACES - found.places) >= DIGITS:
            raise Unfit
    return Output(structs.replace(found, data=found.spread(state.size)))


def _general(state: State, formula: Formula, rule: Rounding | None) -> Output:
    """What Polars makes of it."""
    found = general(state, formula.tree)
    value, expr = found.value, found.value.expr
    if value.kind == "number":
        if rule is not None:
            value = replace(value, expr=rounded(expr, value.places, rule), places=rule.places)
        elif value.places is None or value.places > SNAP:
            value = replace(value, expr=snap(expr, None), places=SNAP)
    series = found.series(value.expr)
    series = series.cast({"number": EXACT, "text": pl.String()}.get(value.kind, series.dtype))
    there = known(series)
    absent = None if value.absent is None else arrays(found.series(value.absent))[0]
    null = None if there.all() or not value.nullable else ~there
    places = value.places or 0
    return Output(Column(value.kind, np.zeros(0), null, places, options=value.options, absent=absent), series)


def _ask(state: State, name: str, found: Output) -> None:
    """A rated subject whose output reads what has no answer."""
    null, absent = found.column.null, found.column.absent
    if null is None:
        return
    lost = null & (state.status == IS_RATED)
    if absent is not None:
        lost = lost & ~absent
    state.owed = state.owed | lost
    title = state.board.book.outputs[name].title or name
    words = f"“{title}”读到了没有答案的数，无法得出"
    state.board.issues.tell(state.key[lost], f"outputs.{name}", "unknown", words)
