"""From the board after points to the outcome: decisions, outputs, questions, area values, frames
by subject.
"""

import numpy as np
import polars as pl
from msgspec import structs

from jiceng_sdk.engine import settle
from jiceng_sdk.engine.area import areas
from jiceng_sdk.engine.board.board import Board
from jiceng_sdk.engine.decide import State, decided
from jiceng_sdk.engine.decide.filling import NOBODY
from jiceng_sdk.engine.decide.state import SCORE, WAITS
from jiceng_sdk.engine.decide.tables import Places, frame
from jiceng_sdk.engine.door import CELL_KEY, ROW_KEY, SUBJECT, Inputs
from jiceng_sdk.engine.formulas.table import KEY, Table
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.numbers.columns import LARGE, Column, Data, Flags, masked
from jiceng_sdk.engine.numbers.exact import EXACT, PLACES, SNAP, rounded_off
from jiceng_sdk.engine.numbers.framing import framed
from jiceng_sdk.engine.origins import ask_items
from jiceng_sdk.engine.outcome.kept import Kept
from jiceng_sdk.engine.outcome.outcome import Outcome, explains
from jiceng_sdk.engine.outputs import outputs


def concluded(board: Board, incomplete: Flags) -> Outcome:
    """Run the decisions in their order and give the outcome."""
    state, tables = decided(board, incomplete)
    outputs(state)
    found = settle.settled(state)
    ask_items(board, found.status == WAITS)
    return _outcome(board, state, found, tables)


def _outcome(board: Board, state: State, found: settle.Settled, tables: list[Places]) -> Outcome:
    inputs, book = board.inputs, board.book
    nodes = [name for name in board.analysis.order if board.analysis.unit.get(name) is None]
    table, named = board.subjects, inputs.subjects.alias(SUBJECT)
    marks = [column for column in table.names() if explains(column)]
    issues = settle.questions(state, found)
    asked = inputs.subjects[issues[KEY]].alias(SUBJECT)
    return Outcome(
        period=board.period,
        results=framed([named, *found.columns]),
        kept_nodes=_kept_of(table, nodes, named, {}),
        kept_details=_kept_of(table, marks, named, _decisions(state)),
        cells={
            unit: _cells(inputs, table, frozenset(board.analysis.order))
            for unit, table in board.cells.items()
        },
        issues=framed([asked, *issues.get_columns()[1:]]),
        area=areas(state, found.status),
        cohort=frame(tables),
        places={name: board.subjects.values[name].places for name in nodes},
        grades=book.grades,
        score=book.score,
    )


_CERTAIN = 10**14
"""Integers below it are exact decimals at whatever places."""
Laid = dict[str, pl.Series | Column]


def _kept_of(table: Table, names: list[str], named: pl.Series, after: Laid) -> Kept:
    """The columns of these names between others; numbers stay integers where they certainly fit as decimals
    too, quotients become integers at 12 places.
    """
    found: Laid = {}
    scales: dict[str, int] = {}
    for name in names:
        part = table.arrays.get(name) or table.array(name)
        if part is not None and part.data.dtype is LARGE:
            continue  # beyond 64 bits: a decimal, among the rest
        if part is not None and part.kind != "number":
            found[name] = _full(part, table)
        elif part is not None and part.below is None and part.most < _CERTAIN and part.places <= SNAP:
            found[name], scales[name] = _full(part, table), part.places
        elif part is not None and (part.below is not None or _fits(part.most, part.places)):
            stored = part.snapped
            found[name] = _full(stored, table)
            scales[name] = stored.places
        elif (made := table.held(name)) is not None and _stays(value := table.coded.get(name)):
            found[name], scales[name] = made, (value and value.places) or 0
        elif not _counts(table, name):
            found[name] = made
    if rest := [_kept(table, name) for name in names if name not in found]:
        found.update(table.frame.select(rest).to_dict())
    told: Laid = {named.name: named, **{name: found[name] for name in names}, **after}
    arrays = {name: one for name, one in after.items() if isinstance(one, Column)}
    scales |= {name: one.places for name, one in arrays.items() if one.kind == "number" and one.places}
    return Kept(told, scales)


def _full(part: Column, table: Table) -> Column:
    """One value for each row, also where everybody's is the same."""
    return part if part.data.ndim else structs.replace(part, data=part.spread(table.size))


def _counts(table: Table, name: str) -> bool:
    """Whether a column holds numbers that are kept as decimals."""
    known = table.values.get(name)
    return (
        name in table.coded
        or (known is not None and known.kind == "number")
        or table.held(name).dtype.is_decimal()
    )


def _stays(value: Value | None) -> bool:
    """Whether a number is kept as an integer."""
    if value is None or value.scaled is None or value.places is None:
        return False
    return _fits(value.scaled[1], value.places)


def _fits(most: int, places: int) -> bool:
    """Whether integers at these places are kept: they have no more than are stored, and are decimals too."""
    return places <= SNAP and most * 10 ** (PLACES - places) < integers.DIGITS


def _decisions(state: State) -> Laid:
    """What each decision left, for subjects that are settled."""
    size = state.many_subjects
    torn = state.many[:size] if state.split else None

    def spread(data: Data, nothing: int) -> Data:
        return data if torn is None else np.where(torn, data.dtype.type(nothing), data)

    found: Laid = {}
    for name, data in state.left.items():
        if isinstance(data, pl.Series):
            found[name] = masked(data.alias(name), torn)
        elif name.endswith(":score"):
            score, gone = spread(state.at[SCORE][:size], 0), spread(data, 1)
            part = Column("number", score, gone, state.places, state.most)
            fits = state.places and _fits(state.most, state.places)
            found[name] = part if fits else part.exact(name, size)
        else:
            nothing = 0 if name.endswith(":grade") else NOBODY
            column = spread(data, nothing)
            found[name] = Column("number" if nothing else "grade", column, column == nothing)
    return found


def _cells(inputs: Inputs, table: Table, nodes: frozenset[str]) -> pl.DataFrame:
    frame = table.frame
    keep = [name for name in frame.columns if name in nodes or explains(name)]
    named = inputs.subjects.gather(frame[ROW_KEY]).alias(SUBJECT)
    return frame.select(named, CELL_KEY, *(_kept(table, name) for name in keep))


def _kept(table: Table, name: str) -> pl.Expr:
    """Numbers at 12 places, everything else as it is."""
    if name in table.coded:
        return rounded_off(table.number(name), table.coded[name].places).alias(name)
    known = table.values.get(name)
    if known is not None and known.kind == "number":
        return rounded_off(pl.col(name).cast(EXACT), known.places)
    return rounded_off(pl.col(name), None) if table.frame[name].dtype.is_decimal() else pl.col(name)
