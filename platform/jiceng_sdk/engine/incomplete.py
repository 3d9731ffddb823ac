"""Who lacks a required fact: numbers, choices, dates without default, flags and fields that say
so, every sub-period.
"""

import polars as pl

from jiceng_sdk.engine.board import Board
from jiceng_sdk.engine.cells import borrow
from jiceng_sdk.engine.compile import condition
from jiceng_sdk.engine.door import CELL_KEY, ROW_KEY
from jiceng_sdk.engine.table import KEY
from jiceng_sdk.expressions.tree import names
from jiceng_sdk.rulebook import Fact

INCOMPLETE = "incomplete"


def lacking(board: Board) -> pl.Series:
    """True for subjects to whom a required fact is missing; each missing one becomes a question."""
    hits: list[pl.Series] = []
    for name, fact in board.book.facts.items():
        found = _by_fact(board, name, fact)
        if found is not None and len(found):
            hits.append(found)
    if not hits:
        return pl.repeat(value=False, n=board.inputs.size, dtype=pl.Boolean, eager=True).alias(INCOMPLETE)
    keys = pl.concat(hits).unique()
    return board.subjects.frame[KEY].is_in(keys.implode()).alias(INCOMPLETE)


def _by_fact(board: Board, name: str, fact: Fact) -> pl.Series | None:
    """Keys of the subjects to whom this fact, or a required field of it, is missing."""
    if fact.rows:
        return _fields(board, name, fact)
    if not fact.must_be_given:
        return None
    title = fact.title or name
    known = board.subjects if fact.each is None else board.cells[fact.each]
    if not known.has(f"{name}:given"):
        return None
    if fact.each is None:
        asked = condition(fact.for_, board.scope()).expr.fill_null(value=True)
        mask = pl.col(f"{name}:given").not_() & asked
        board.issues.add(board.subjects.frame, mask, name, "missing", f"未填报：{title}")
        return board.subjects.frame.filter(mask)[KEY]
    table = board.cells[fact.each]
    if fact.for_ is not None:
        borrow(table, board.subjects, names(fact.for_.tree))
    asked = condition(fact.for_, board.cell_scope(fact.each)).expr.fill_null(value=True)
    gone = table.frame.filter(pl.col(f"{name}:given").not_() & asked).with_columns(pl.col(ROW_KEY).alias(KEY))
    words = pl.format(f"未填报：{title}（第 {{}} 期）", pl.col(CELL_KEY) + 1)
    board.issues.add(gone, pl.lit(value=True), name, "missing", words)
    return gone[KEY]


def _fields(board: Board, name: str, fact: Fact) -> pl.Series | None:
    rows = board.inputs.rows[name]
    found = []
    for column, field in fact.fields.items():
        if not field.required or column not in rows.open:
            continue
        gone = rows.frame.filter(pl.col(column).is_null()).with_columns(pl.col(ROW_KEY).alias(KEY))
        words = f"有一条“{fact.title or name}”未填：{field.title or column}"
        board.issues.add(gone, pl.lit(value=True), name, "missing", words)
        found.append(gone[KEY])
    return pl.concat(found) if found else None
