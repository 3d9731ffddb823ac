"""Which facts an item rests on: the item's own formulas over the rows of one subject, by the engine.

Scores come from what was stored with the run; this only tells the reader where to look. Limits across facts
(the same item once, caps) are not applied here: the item's own line says what they left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jiceng.facts.rows.checking import VALUE, handed_in
from jiceng_sdk.engine import facts_behind
from jiceng_sdk.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiceng.facts.schemas import FactShown
    from jiceng_sdk.engine import Outcome
    from jiceng_sdk.rulebook import Analysis, Fact, Rulebook

_TYPES: dict[str, Any] = {
    "number": pl.Decimal(38, 12),
    "flag": pl.Boolean,
    "choice": pl.String,
    "date": pl.Date,
    "text": pl.String,
}
Traced = dict[str, frozenset[int]]
"""Item → numbers of the facts that count for it when they stand alone."""


def traced(
    analysis: Analysis,
    outcome: Outcome,
    subject: pl.DataFrame,
    facts: Sequence[FactShown],
    previous: pl.DataFrame | None = None,
) -> Traced:
    """The facts each item rests on; `outcome`: what the run kept of the subject, `subject`: its one row as
    the engine takes it, `facts`: rows it counted, `previous`: its earlier results, if items read them.

    Empty when the engine refuses them (facts of a version with other fields).
    """
    book = analysis.book
    counted = [fact for fact in facts if not fact.state]
    rows = {
        name: [one for one in counted if one.kind == name]
        for name in {one.kind for one in counted}
        if book.facts[name].kind == "event"
    }
    handed = {name: _rows(book.facts[name], subject, found) for name, found in rows.items()}
    try:
        one = _with_singles(book, subject, counted)
        behind = facts_behind(analysis, one, handed, outcome=outcome, previous=previous)
    except Faults:
        return {}
    return {
        item: frozenset(
            fact.seq
            for fact, (counts, points) in zip(rows[book.items[item].from_ or ""], frame.rows(), strict=True)
            if counts and points != 0
        )
        for item, frame in behind.items()
    }


def _with_singles(book: Rulebook, subject: pl.DataFrame, facts: Sequence[FactShown]) -> pl.DataFrame:
    """The subject with the single values that were handed in about it, which conditions may read."""
    singles = {name: fact for name, fact in handed_in(book).items() if not fact.rows and fact.each is None}
    given = {one.kind: one.values.get(VALUE) for one in facts if one.kind in singles}
    return subject.with_columns(
        pl.Series(name, [given[name]], _TYPES[singles[name].kind]) for name in singles if name in given
    )


def _rows(fact: Fact, subject: pl.DataFrame, rows: Sequence[FactShown]) -> pl.DataFrame:
    columns = {
        name: pl.Series(name, [row.values.get(name) for row in rows], _TYPES[field.kind])
        for name, field in fact.fields.items()
    }
    own = {
        "subject": pl.Series("subject", [subject["subject"][0]] * len(rows), pl.String),
        "date": pl.Series("date", [row.occurred for row in rows], pl.Date),
    }
    return pl.DataFrame(own | columns)
