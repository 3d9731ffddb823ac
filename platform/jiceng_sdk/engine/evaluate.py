"""evaluate(): facts → points → decisions in the order written → outputs → area values.
Columns only, exact, pure.
"""

from collections.abc import Mapping

import polars as pl
from polars.exceptions import ComputeError, InvalidOperationError

from jiceng_sdk.engine import door
from jiceng_sdk.engine.board.board import Board
from jiceng_sdk.engine.board.rulings import rulings as ruled
from jiceng_sdk.engine.concluding import concluded
from jiceng_sdk.engine.formulas.history import history
from jiceng_sdk.engine.formulas.table import Table
from jiceng_sdk.engine.formulas.workdays import unknown_years
from jiceng_sdk.engine.incomplete import lacking
from jiceng_sdk.engine.numbers.columns import Flags
from jiceng_sdk.engine.outcome.outcome import Outcome
from jiceng_sdk.engine.period import Period
from jiceng_sdk.engine.points import facts_in, points
from jiceng_sdk.engine.voters import overvoted
from jiceng_sdk.faults import Fault, Faults
from jiceng_sdk.rulebook import Analysis


def evaluate(
    analysis: Analysis,
    subjects: pl.DataFrame,
    facts: Mapping[str, pl.DataFrame],
    *,
    period: Period,
    previous: pl.DataFrame | None = None,
    rulings: pl.DataFrame | tuple[()] = (),
) -> Outcome:
    """Score, grade and explainable node values of every subject.

    `subjects`: `subject` (words or integers, unique) and one column per single-valued fact.
    `facts[name]`: rows
    (subject, date, fields…, votes) of events, ballots, results; (subject, k, value) of facts per sub-period.
    `previous`: subject, back (1 = last period), score, grade, status, outputs. `rulings`: see
    `engine.rulings`.
    Raises Faults: the rulebook's own, every fault of the facts, or a number too large for the engine.
    """
    board = begun(analysis, subjects, facts, period=period, previous=previous, rulings=rulings)
    try:
        incomplete = prepared(board)
        return concluded(board, incomplete)
    except (ComputeError, InvalidOperationError) as error:
        raise too_large(error) from error


def opened(
    analysis: Analysis,
    subjects: pl.DataFrame,
    facts: Mapping[str, pl.DataFrame],
    *,
    period: Period,
    previous: pl.DataFrame | None = None,
    rulings: pl.DataFrame | tuple[()] = (),
) -> Board:
    """Everything checked and typed, nothing computed. Raises Faults."""
    board = begun(analysis, subjects, facts, period=period, previous=previous, rulings=rulings)
    board.inputs.rows.settled()
    return board


def begun(
    analysis: Analysis,
    subjects: pl.DataFrame,
    facts: Mapping[str, pl.DataFrame],
    *,
    period: Period,
    previous: pl.DataFrame | None = None,
    rulings: pl.DataFrame | tuple[()] = (),
) -> Board:
    """The same, but for the numbers of words, which are still being made: `prepared` waits for them."""
    if faults := unknown_years(analysis.usable(), period):
        raise Faults(faults)
    inputs = door.admitted(analysis, subjects, facts, period)
    try:
        earlier = history(analysis, previous, inputs.index)
        ruling = ruled(analysis.book, rulings if isinstance(rulings, pl.DataFrame) else None, inputs.subjects)
    except BaseException:
        inputs.rows.settled()
        raise
    return Board(analysis, period, inputs, earlier, ruling, Table(pl.DataFrame()))


def prepared(board: Board) -> Flags:
    """Facts and points on the board; who lacks a required fact. Raises Faults of the facts before any other
    error.
    """
    try:
        facts_in(board)
        if faults := overvoted(board):
            raise Faults(faults)
        points(board)
    finally:
        board.inputs.rows.settled()
    return lacking(board)


def check_facts(
    analysis: Analysis, subjects: pl.DataFrame, facts: Mapping[str, pl.DataFrame], period: Period
) -> tuple[Fault, ...]:
    """What the door would refuse, without evaluating."""
    found = door.refused(analysis, subjects, facts, period)
    if found or all(fact.voters is None for fact in analysis.book.facts.values()):
        return found
    board = opened(analysis, subjects, facts, period=period)
    facts_in(board)
    return overvoted(board)


def too_large(error: Exception) -> Exception:
    """An overflow in words; any other error as it is."""
    words = str(error).splitlines()[0]
    if "overflow" not in words and "conversion from" not in words:
        return error
    zh = "计算中出现了超过 14 位整数的数，请给数值事实写上较小的 max"
    return Faults([Fault(zh=zh, en=f"a number is too large: {words}", code="overflow")])
