"""From the board after points to the outcome: decisions, outputs, questions, area values, frames
by subject.
"""

import polars as pl

from jiceng_sdk.engine import integers, settle
from jiceng_sdk.engine.area import areas
from jiceng_sdk.engine.board import Board
from jiceng_sdk.engine.decide import State, decided
from jiceng_sdk.engine.decide.state import MANY, STATUS
from jiceng_sdk.engine.door import CELL_KEY, ROW_KEY, SUBJECT, Inputs
from jiceng_sdk.engine.exact import EXACT, ROW, SNAP, rounded_off
from jiceng_sdk.engine.kept import Kept
from jiceng_sdk.engine.origins import ask_items
from jiceng_sdk.engine.outcome import Outcome, explains
from jiceng_sdk.engine.outputs import outputs
from jiceng_sdk.engine.table import KEY, Table
from jiceng_sdk.engine.value import Value

COHORT_SCHEMA = {
    "where": pl.String(),
    "grade": pl.String(),
    "cohort": pl.String(),
    "base": pl.Int64(),
    "low": pl.Int64(),
    "high": pl.Int64(),
    "candidates": pl.Int64(),
    "over": pl.Int64(),
    "open": pl.Int64(),
}


def concluded(board: Board, incomplete: pl.Series) -> Outcome:
    """Run the decisions in their order and give the outcome."""
    state, tables = decided(board, incomplete)
    outputs(state)
    results = settle.settled(state)
    ask_items(board, results)
    return _outcome(board, state, results, tables)


def _outcome(board: Board, state: State, results: pl.DataFrame, tables: list[pl.DataFrame]) -> Outcome:
    inputs, book = board.inputs, board.book
    nodes = [name for name in board.analysis.order if board.analysis.unit.get(name) is None]
    table = board.subjects
    frame = table.frame
    marks = [column for column in frame.columns if explains(column)]
    details = Table(_whole(table, marks))
    details.attach(_decisions(state))
    cohort = pl.concat([pl.DataFrame(schema=COHORT_SCHEMA), *(t.select(list(COHORT_SCHEMA)) for t in tables)])
    return Outcome(
        period=board.period,
        results=_named(inputs, _graded(book.grades, results)),
        kept_nodes=_as_kept(_named(inputs, _whole(table, nodes)), table),
        kept_details=_as_kept(_named(inputs, details.frame), table),
        cells={
            unit: _cells(inputs, table, frozenset(board.analysis.order))
            for unit, table in board.cells.items()
        },
        issues=_named(inputs, settle.questions(board, results)),
        area=areas(state, results),
        cohort=cohort,
        places={name: board.subjects.values[name].places for name in nodes},
        grades=book.grades,
        score=book.score,
    )


def _whole(table: Table, names: list[str]) -> pl.DataFrame:
    """`@` and the columns of these names; numbers stay integers where they certainly fit as decimals too."""
    columns = (pl.col(name) if _stays(table.coded.get(name)) else _kept(table, name) for name in names)
    return table.frame.select(KEY, *columns)


def _stays(value: Value | None) -> bool:
    """Whether a number is kept as an integer."""
    if value is None or value.scaled is None or value.places is None or value.places > SNAP:
        return False
    return integers.decimal(value.scaled, value.places)


def _as_kept(frame: pl.DataFrame, table: Table) -> Kept:
    """A frame with the places of its integers."""
    known = ((name, table.coded.get(name)) for name in frame.columns)
    return Kept(frame, {name: value.places or 0 for name, value in known if value and _stays(value)})


def _graded(grades: tuple[str, ...], results: pl.DataFrame) -> pl.DataFrame:
    """Status and grade in words."""
    results = results.with_columns(pl.col(STATUS).cast(pl.String))
    words = {len(grades) - n: grade for n, grade in enumerate(grades)}
    if not words:
        return results.with_columns(pl.lit(None, dtype=pl.String).alias("grade"))
    return results.with_columns(pl.col("grade").replace_strict(words, default=None, return_dtype=pl.String))


def _named(inputs: Inputs, frame: pl.DataFrame) -> pl.DataFrame:
    """The key replaced by the subject's own id."""
    keys = frame[KEY]
    everybody = len(keys) == inputs.size and keys.equals(pl.int_range(inputs.size, dtype=ROW, eager=True))
    named = inputs.subjects if everybody else inputs.subjects.gather(keys)
    return frame.drop(KEY).insert_column(0, named.alias(SUBJECT))


def _decisions(state: State) -> pl.DataFrame:
    """What each decision left, for subjects that are settled."""
    columns = [name for name in state.frame.columns if name.startswith("decide[")]
    frame = state.frame
    if state.split:
        frame = frame.filter(~pl.col(MANY))
    return frame.select(KEY, *columns)


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
    return rounded_off(pl.col(name), None) if table.frame.schema[name].is_decimal() else pl.col(name)
