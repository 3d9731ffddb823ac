"""Who lacks a required fact: numbers, choices, dates without default, flags and fields that say
so, every sub-period.
"""

import numpy as np

from jiceng_sdk.engine.board.board import Board
from jiceng_sdk.engine.door import CELL_KEY, ROW_KEY
from jiceng_sdk.engine.formulas.cells import borrow
from jiceng_sdk.engine.formulas.compile import condition
from jiceng_sdk.engine.numbers.columns import At, Flags, arrays, known
from jiceng_sdk.expressions.tree import names
from jiceng_sdk.rulebook import Fact


def lacking(board: Board) -> Flags:
    """True for subjects to whom a required fact is missing; each missing one becomes a question."""
    out = np.zeros(board.inputs.size, np.bool_)
    for name, fact in board.book.facts.items():
        for keys in _by_fact(board, name, fact):
            out[keys] = True
    return out


def _by_fact(board: Board, name: str, fact: Fact) -> list[At]:
    """The subjects to whom this fact, or a required field of it, is missing."""
    if fact.rows:
        return _fields(board, name, fact)
    if not fact.must_be_given:
        return []
    title = fact.title or name
    table = board.subjects if fact.each is None else board.cells[fact.each]
    if not table.has(f"{name}:given"):
        return []
    if fact.each is not None and fact.for_ is not None:
        borrow(table, board.subjects, names(fact.for_.tree))
    scope = board.scope() if fact.each is None else board.cell_scope(fact.each)
    asked, null = arrays(table.series(condition(fact.for_, scope).expr))
    missing = np.flatnonzero(
        ~table.frame[f"{name}:given"].to_numpy() & (asked if null is None else asked | null)
    )
    if fact.each is None:
        board.issues.tell(missing, name, "missing", f"未填报：{title}")
        return [missing]
    keys = table.frame[ROW_KEY].to_numpy()[missing].astype(np.intp)
    cells, which = np.unique(table.frame[CELL_KEY].to_numpy()[missing], return_inverse=True)
    words = [(f"未填报：{title}（第 {k + 1} 期）", "") for k in cells.tolist()]
    board.issues.tell_each(keys, name, "missing", words, which)
    return [keys]


def _fields(board: Board, name: str, fact: Fact) -> list[At]:
    rows, found = board.inputs.rows[name], []
    for column, field in fact.fields.items():
        if not field.required or column not in rows.open:
            continue
        gone = ~known(rows.columns[column])
        keys = rows.columns[ROW_KEY].to_numpy()[gone].astype(np.intp)
        words = f"有一条“{fact.title or name}”未填：{field.title or column}"
        board.issues.tell(keys, name, "missing", words)
        found.append(keys)
    return found
