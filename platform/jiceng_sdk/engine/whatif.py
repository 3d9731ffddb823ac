"""What-if: the same subjects under a changed rulebook, from cached aggregates and node values,
without the raw facts.

A change of decisions, outputs or area values re-runs only those. A change of items or groups
re-runs them and what
reads them; an item whose rows would have to be read again says which facts it needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl
from msgspec import structs
from polars.exceptions import ComputeError, InvalidOperationError

from jiceng_sdk.engine.board.board import Board
from jiceng_sdk.engine.board.rulings import rulings as ruled
from jiceng_sdk.engine.concluding import concluded
from jiceng_sdk.engine.door import Inputs
from jiceng_sdk.engine.door.arriving import nothing
from jiceng_sdk.engine.evaluate import begun, prepared, too_large
from jiceng_sdk.engine.formulas.history import kinds_of
from jiceng_sdk.engine.nodes.gathered import plan_of
from jiceng_sdk.engine.numbers.columns import Flags
from jiceng_sdk.engine.outcome.outcome import Outcome
from jiceng_sdk.engine.period import Period
from jiceng_sdk.engine.points import points
from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook import Analysis, Group, Item, Rulebook

AFTER_ROWS = ("title", "clause", "basis", "for_", "start", "cap", "floor", "round", "across", "quorum")
"""Keys of an item that act on its total; the others act on rows."""
READ_BY_ALL = ("facts", "classes", "cohort", "grades", "calendar")
"""Parts that any formula may read without naming them."""
_COUNTED = Formula("1")
"""Stands for any quorum."""


class NeedsFacts(Exception):  # noqa: N818 - says what to read, is no error
    """The change reaches into rows that are not cached. `facts`: the kinds to read again."""

    def __init__(self, facts: frozenset[str]) -> None:
        self.facts = facts
        super().__init__(f"needs the rows of {', '.join(sorted(facts))}")


@dataclass(frozen=True, slots=True)
class Aggregates:
    """Everything an evaluation knows of the subjects before its decisions. Holds no rows of facts."""

    board: Board
    incomplete: Flags


def aggregates(
    analysis: Analysis,
    subjects: pl.DataFrame,
    facts: Mapping[str, pl.DataFrame],
    *,
    period: Period,
    previous: pl.DataFrame | None = None,
    rulings: pl.DataFrame | tuple[()] = (),
) -> Aggregates:
    """Evaluate up to the decisions and keep that. Takes what `evaluate` takes and raises what it raises."""
    board = begun(analysis, subjects, facts, period=period, previous=previous, rulings=rulings)
    try:
        incomplete = prepared(board)
        # every column is made now: trials on other threads share these tables and must find them whole
        board.subjects = board.subjects.copy()
        board.cells = {unit: table.copy() for unit, table in board.cells.items()}
    except (ComputeError, InvalidOperationError) as error:
        raise too_large(error) from error
    board.inputs = Inputs(board.inputs.index, board.inputs.single.clear(), {}, nothing())
    return Aggregates(board, incomplete)


def what_if(
    known: Aggregates, changed: Analysis, *, rulings: pl.DataFrame | tuple[()] | None = None
) -> Outcome:
    """The outcome under another rulebook.

    `rulings`: those that count under it, none of the known ones then; None keeps the known ones.
    Raises NeedsFacts when facts must be read again, Faults for a faulty rulebook or an overflow.
    """
    before, after = known.board.analysis, changed.usable()
    dirty = _dirty(before, after)
    needs = _reread(before, after, dirty)
    if needs:
        raise NeedsFacts(needs)
    board = _copy(known.board, after, dirty)
    if rulings is not None:
        given = rulings if isinstance(rulings, pl.DataFrame) else None
        board.rulings = ruled(after.book, given, board.inputs.subjects)
    try:
        if dirty:
            points(board, only=dirty)
        return concluded(board, known.incomplete)
    except (ComputeError, InvalidOperationError) as error:
        raise too_large(error) from error


def with_rulings(known: Aggregates, given: pl.DataFrame | None) -> Aggregates:
    """The same aggregates under other rulings on decisions; rulings on points need `aggregates` again.

    Raises Faults for a part that does not exist, a strange grade, a subject who takes no part.
    """
    board = known.board
    return Aggregates(
        replace(board, rulings=ruled(board.book, given, board.inputs.subjects)), known.incomplete
    )


def _nodes(book: Rulebook) -> dict[str, Item | Group]:
    return {**book.items, **book.groups}


def _dirty(before: Analysis, after: Analysis) -> frozenset[str]:
    """Items and groups that changed, and everything that reads them."""
    old, new = _nodes(before.book), _nodes(after.book)
    dirty: set[str] = set()
    for name in after.order:
        if old.get(name) != new[name] or after.reads[name] & dirty:
            dirty.add(name)
    return frozenset(dirty)


def _reread(before: Analysis, after: Analysis, dirty: frozenset[str]) -> frozenset[str]:
    """The facts whose rows the change reaches; all of them when facts, classes, the calendar or the history
    changed.
    """
    old, new = before.book, after.book
    same = all(getattr(old, key) == getattr(new, key) for key in READ_BY_ALL)
    if not same or kinds_of(before) != kinds_of(after):
        return frozenset(new.facts)
    needs = set()
    for name in dirty & new.items.keys():
        item = new.items[name]
        fact = new.facts.get(item.from_) if item.from_ else None
        if (
            fact is not None
            and fact.rows
            and (_by_row(old.items.get(name)) != _by_row(item) or _reads(after, name) & dirty)
        ):
            needs.add(item.from_ or "")
    return frozenset(needs)


def _by_row(item: Item | None) -> Item | None:
    """What an item does with rows; the rest acts on its total. Whether they are counted at all does too."""
    if item is None:
        return None
    plain, counted = Item(), item.quorum is not None and not item.averages
    same = structs.replace(item, **{key: getattr(plain, key) for key in AFTER_ROWS})
    return structs.replace(same, quorum=_COUNTED) if counted else same


def _reads(analysis: Analysis, name: str) -> frozenset[str]:
    """What the formulas over rows read."""
    paths = (f"items.{name}.{key}" for key in ("when", "value", "points", "restored", "drop[0]", "drop[1]"))
    rows = [
        path for path in analysis.formulas if path.startswith((f"items.{name}.steps", f"items.{name}.checks"))
    ]
    found = [analysis.formulas[path] for path in (*paths, *rows) if path in analysis.formulas]
    return frozenset().union(*(typed.symbols() for typed in found))


def _copy(board: Board, changed: Analysis, dirty: frozenset[str]) -> Board:
    """The board before its decisions, under the changed rulebook."""
    subjects = board.subjects.copy()
    subjects.limited -= dirty
    cells = {unit: table.copy() for unit, table in board.cells.items()}
    for table in cells.values():
        table.limited -= dirty
    return Board(
        changed,
        board.period,
        board.inputs,
        board.history,
        board.rulings,
        subjects,
        cells,
        {
            name: replace(found, plan=plan_of(changed, name))
            for name, found in board.found.items()
            if name in changed.book.items
        },
        board.issues.copy(),
    )
