"""Phase 4: outputs of every subject, evaluated in every world; given when all worlds agree."""

from dataclasses import replace

import polars as pl

from jiceng_sdk.engine.compile import compiled
from jiceng_sdk.engine.decide.state import GRADE, INCOMPLETE, RATED, SCORE, STATUS, UNSCORED, State
from jiceng_sdk.engine.exact import LEVEL, SNAP, rounded, snap
from jiceng_sdk.engine.value import Value
from jiceng_sdk.rulebook import Rounding


def outputs(state: State) -> None:
    """Every output as a column; one that nobody's ruling will answer is asked for itself."""
    hidden = pl.col(STATUS) == INCOMPLETE
    none = {GRADE: pl.lit(None, dtype=LEVEL), SCORE: pl.lit(None), UNSCORED: pl.lit(value=False)}
    state.put(hidden, none)
    for name, output in state.board.book.outputs.items():
        value = compiled(output.value, state.scope())
        if value.kind == "number":
            value = _number(value, output.round)
        if value.enum:
            value = replace(value, expr=value.expr.cast(pl.String), enum=False)
        absent = value.absent
        state.table.put(name, value)
        if value.nullable:
            _ask(state, name, absent)


def _number(value: Value, rule: Rounding | None) -> Value:
    """Rounded as written; else snapped to what is stored."""
    if rule is not None:
        expr = rounded(value.expr, value.places, rule)
        return Value(expr, "number", rule.places, absent=value.absent, nullable=value.nullable)
    few = value.places is not None and value.places <= SNAP
    expr = value.expr if few else snap(value.expr, None)
    places = value.places if few else SNAP
    return Value(expr, "number", places, absent=value.absent, nullable=value.nullable)


def _ask(state: State, name: str, absent: pl.Expr | None) -> None:
    """A rated subject whose output reads what has no answer."""
    lost = pl.col(name).is_null() & (pl.col(STATUS) == RATED)
    if absent is not None:
        lost = lost & ~absent
    column = f"{name}:asked"
    state.table.keep([lost.alias(column)])
    title = state.board.book.outputs[name].title or name
    words = f"“{title}”读到了没有答案的数，无法得出"
    state.board.issues.add(state.frame, pl.col(column), f"outputs.{name}", "unknown", words)
