"""Which facts an item rests on: each fact of one subject is put to the engine alone.

Scores come from what was stored with the run; this only tells the reader where to look. Limits across facts
(the same item once, caps) are not applied here: the item's own line says what they left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jiceng_sdk.engine import Period, evaluate
from jiceng_sdk.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiceng.evaluation.schemas import RunInfo
    from jiceng.facts.schemas import FactShown
    from jiceng_sdk.rulebook import Analysis, Fact

_TYPES: dict[str, Any] = {
    "number": pl.Decimal(38, 12),
    "flag": pl.Boolean,
    "choice": pl.String,
    "date": pl.Date,
    "text": pl.String,
}
Traced = dict[str, frozenset[int]]
"""Item → numbers of the facts that count for it when they stand alone."""


def traced(analysis: Analysis, run: RunInfo, subject: pl.DataFrame, facts: Sequence[FactShown]) -> Traced:
    """The facts each item rests on; `subject`: its one row as the engine takes it, `facts`: rows it counted.

    Empty when the engine refuses them one by one (a rule that reads several kinds at once).
    """
    book = analysis.book
    rows = [fact for fact in facts if book.facts[fact.kind].kind == "event" and not fact.state]
    if not rows:
        return {}
    # One made-up subject per fact: as many copies of the row, each with that fact and no other.
    copies = pl.concat([subject] * len(rows)).with_columns(
        pl.Series("subject", [str(fact.seq) for fact in rows])
    )
    handed = {
        name: _rows(book.facts[name], [fact for fact in rows if fact.kind == name])
        for name in {fact.kind for fact in rows}
    }
    try:
        outcome = evaluate(analysis, copies, handed, period=Period(book.period, run.first_day, run.last_day))
    except Faults:
        return {}
    kinds = {str(fact.seq): fact.kind for fact in rows}
    return {
        name: frozenset(
            int(seq)
            for seq, value in zip(outcome.nodes["subject"], outcome.nodes[name], strict=True)
            if value and kinds[seq] == item.from_
        )
        for name, item in book.items.items()
        if item.from_ is not None and name in outcome.nodes.columns
    }


def _rows(fact: Fact, rows: Sequence[FactShown]) -> pl.DataFrame:
    columns = {
        name: pl.Series(name, [row.values.get(name) for row in rows], _TYPES[field.kind])
        for name, field in fact.fields.items()
    }
    own = {
        "subject": pl.Series("subject", [str(row.seq) for row in rows]),
        "date": pl.Series("date", [row.occurred for row in rows], pl.Date),
    }
    return pl.DataFrame(own | columns)
