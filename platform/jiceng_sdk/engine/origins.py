"""Where an open total began: items without an answer of their own, as far as their question still matters."""

import polars as pl

from jiceng_sdk.engine.board import Board
from jiceng_sdk.engine.decide.state import STATUS, WAITING
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.table import KEY, applies
from jiceng_sdk.expressions.tree import names as read_names
from jiceng_sdk.rulebook import Group, Item


def ask_items(board: Board, results: pl.DataFrame) -> None:
    """Add a question for each item in which an open value of a waiting subject began."""
    book, reads = board.book, board.analysis.reads
    frame = board.subjects.frame.join(
        results.filter(pl.col(STATUS) == WAITING).select(KEY), on=KEY, how="semi", maintain_order="left"
    )
    if not frame.height:
        return
    nodes: dict[str, Item | Group] = {**book.items, **book.groups}
    period = [name for name in board.analysis.order if name in board.subjects.values]
    open_ = {name: _open(board, name) for name in period}
    frame = frame.with_columns(_matter(board, name).alias(f"{name}:matters") for name in period)
    for name in reversed(period):
        passed = [other for other in reads[name] if other in open_]
        mine = pl.col(f"{name}:matters") & open_[name]
        frame = frame.with_columns(
            (pl.col(f"{other}:matters") | mine).alias(f"{other}:matters") for other in passed
        )
    for name in period:
        began = pl.col(f"{name}:matters") & open_[name]
        for other in reads[name]:
            if other in open_:
                began = began & ~open_[other]
        board.issues.add(frame, began, name, "gap", _reason(board, name, nodes[name]))


def _open(board: Board, name: str) -> pl.Expr:
    """The node applies and has no answer."""
    column = pl.col(name).is_null()
    return column & pl.col(applies(name)) if name in board.subjects.limited else column


def _matter(board: Board, name: str) -> pl.Expr:
    """Read by the result itself: the total, a decision or an output."""
    book = board.book
    direct = {book.score}
    for path, typed in board.analysis.formulas.items():
        if path.startswith(("decide[", "outputs.")):
            direct |= read_names(typed.tree)
    return pl.lit(name in direct)


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
