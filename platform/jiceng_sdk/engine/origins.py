"""Where an open total began: items without an answer of their own, as far as their question still matters."""

import numpy as np

from jiceng_sdk.engine.board.board import Board
from jiceng_sdk.engine.formulas.table import applies
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.numbers.columns import At, Flags, known
from jiceng_sdk.rulebook import Group, Item


def ask_items(board: Board, waiting: Flags) -> None:
    """Add a question for each item in which an open value of a waiting subject began."""
    if not waiting.any():
        return
    book, reads, keys = board.book, board.analysis.reads, waiting.nonzero()[0]
    nodes: dict[str, Item | Group] = {**book.items, **book.groups}
    direct, values = board.analysis.direct, board.subjects.values
    sure = board.subjects.sure()
    open_ = {
        name: found
        for name in board.analysis.order
        if name not in sure and name in values and (found := _open(board, name, waiting)) is not None
    }
    matters = {name: np.full(len(keys), name in direct) for name in open_}
    for name in reversed(open_):
        for other in reads[name] & matters.keys():
            matters[other] |= matters[name] & open_[name]
    for name, mine in open_.items():
        began = matters[name] & mine
        for other in reads[name] & open_.keys():
            began &= ~open_[other]
        if began.any():
            asked = keys[began]
            reasons, which = _reasons(board, name, nodes[name], asked)
            board.issues.tell_each(asked, name, "gap", [(reason, "") for reason in reasons], which)


def _open(board: Board, name: str, some: Flags) -> Flags | None:
    """Where the node applies and has no answer; None: nowhere."""
    table = board.subjects
    part = table.arrays.get(name) or table.array(name)
    null = ~known(table.held(name)) if part is None else part.null
    if null is None or not np.count_nonzero(null):
        return None
    open_ = null[some]
    return open_ & table.data(applies(name))[0][some] if name in table.limited else open_


def _reasons(board: Board, name: str, node: Item | Group, keys: At) -> tuple[list[str], At | None]:
    """Why there is no answer: one reason for all, or several and whose is which."""
    if isinstance(node, Group):
        return ["本组没有可算的项目，或除数为零"], None
    if node.quorum is not None or node.averages:
        rows = names.rows(name)
        if not board.subjects.has(rows):
            return ["没有可以平均的数"], None
        many, which = np.unique(board.subjects.data(rows)[0][keys], return_inverse=True)
        return [f"票数（份数）不足：有 {each}" for each in many.tolist()], which
    words = "没有答案：缺少数据，或除数为零"
    if name in board.analysis.by_workdays:
        words += "，或日子不在日历的年份里"
    if node.steps or node.choice:
        words = "没有一档符合，或不止一档符合" if node.steps else "没有对应的分值"
    lost = np.zeros(len(keys), np.bool_)
    for read in board.analysis.reads[name]:
        if read.startswith("previous."):
            lost |= ~known(board.subjects.held(read))[keys]
    return [words, "没有上期结果"], lost.astype(np.intp)
