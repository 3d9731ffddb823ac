"""Where an open total began: items without an answer of their own, as far as their question still matters."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine.board import Board
from jiceng_sdk.engine.decide.state import STATUS, WAITING
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.table import applies
from jiceng_sdk.expressions.tree import names as read_names
from jiceng_sdk.rulebook import Group, Item

YES = pl.lit(value=True)


def ask_items(board: Board, results: pl.DataFrame) -> None:
    """Add a question for each item in which an open value of a waiting subject began."""
    book, reads = board.book, board.analysis.reads
    frame = board.subjects.frame.filter(results[STATUS] == WAITING)
    if not frame.height:
        return
    nodes: dict[str, Item | Group] = {**book.items, **book.groups}
    period = [name for name in board.analysis.order if name in board.subjects.values]
    open_ = {name: _open(board, name, frame) for name in period}
    direct = _direct(board)
    matters = {name: np.full(frame.height, name in direct) for name in period}
    for name in reversed(period):
        for other in reads[name] & matters.keys():
            matters[other] |= matters[name] & open_[name]
    for name in period:
        began = matters[name] & open_[name]
        for other in reads[name] & matters.keys():
            began &= ~open_[other]
        if began.any():
            board.issues.add(frame.filter(began), YES, name, "gap", _reason(board, name, nodes[name]))


def _open(board: Board, name: str, frame: pl.DataFrame) -> NDArray[np.bool_]:
    """Where the node applies and has no answer."""
    open_ = frame[name].is_null()
    return (open_ & frame[applies(name)] if name in board.subjects.limited else open_).to_numpy()


def _direct(board: Board) -> set[str]:
    """What the result itself reads: the total, and what decisions and outputs name."""
    direct = {board.book.score}
    for path, typed in board.analysis.formulas.items():
        if path.startswith(("decide[", "outputs.")):
            direct |= read_names(typed.tree)
    return direct


def _reason(board: Board, name: str, node: Item | Group) -> pl.Expr | str:
    if isinstance(node, Group):
        return "本组没有可算的项目，或除数为零"
    if node.quorum is not None or node.combine == "mean":
        rows = names.rows(name)
        if not board.subjects.has(rows):
            return "没有可以平均的数"
        return pl.format("票数（份数）不足：有 {}", pl.col(rows).fill_null(0))
    words = "没有答案：缺少数据，或除数为零"
    if node.steps or node.choice:
        words = "没有一档符合，或不止一档符合" if node.steps else "没有对应的分值"
    earlier = [read for read in board.analysis.reads[name] if read.startswith("previous.")]
    lost = pl.any_horizontal([pl.lit(value=False), *(pl.col(read).is_null() for read in earlier)])
    return pl.when(lost).then(pl.lit("没有上期结果")).otherwise(pl.lit(words))
