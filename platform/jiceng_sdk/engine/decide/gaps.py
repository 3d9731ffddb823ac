"""Which rows of bands a value in a gap lies next to: those whose bounds hold it, or the nearest
above and below.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np

from jiceng_sdk.engine.formulas.computing import Reading, decided
from jiceng_sdk.engine.numbers import columns
from jiceng_sdk.engine.numbers.columns import At, Column, Data, Flags
from jiceng_sdk.expressions.tree import Compare, Logic, Name, Tree, walk

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_MISSED = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}
"""A bound, and the comparison that misses it."""


def nearest_rows(rows: list[Tree], reading: Reading, at: At) -> list[Flags]:
    """For every row of the bands whether it is near, for the worlds `at`. Rows that are not plain bounds of
    one value count as near.
    """
    main = _main(rows)
    bounds = [None if main is None else _bounds(row, main) for row in rows]
    if main is None or any(found is None for found in bounds):
        return [np.ones(len(at), np.bool_) for _ in rows]

    def read(tree: Tree) -> Column:
        return decided(tree, reading).taken(at)

    value = read(Name(name=main))
    lows = [[(op, read(edge)) for op, edge in found or [] if op in (">", ">=")] for found in bounds]
    highs = [[(op, read(edge)) for op, edge in found or [] if op in ("<", "<=")] for found in bounds]
    under, over = ([_beyond(value, some, len(at)) for some in side] for side in (lows, highs))
    low, high = _edges(lows, len(at), largest=True), _edges(highs, len(at), largest=False)
    holds = [~below & ~above for below, above in zip(under, over, strict=True)]
    inside = reduce(np.logical_or, holds)
    least, most = _extreme(low, under, len(at), largest=False), _extreme(high, over, len(at), largest=True)
    return [
        holds[n] | (over[n] & _same(high[n], most)) | (~inside & under[n] & _same(low[n], least))
        for n in range(len(rows))
    ]


Edge = tuple[Data, Flags]
"""Values of all bounds at the same places, and where there is one."""


def _beyond(value: Column, bounds: Sequence[tuple[str, Column]], size: int) -> Flags:
    """Whether the value misses one of these bounds."""
    found = [columns.compared(_MISSED[op], value, edge).spread(size) for op, edge in bounds]
    return reduce(np.logical_or, found, np.zeros(size, np.bool_))


def _edges(sides: list[list[tuple[str, Column]]], size: int, *, largest: bool) -> list[Edge]:
    """The tightest bound of every row of the bands; an unknown one is passed over."""
    every = [edge for side in sides for _, edge in side]
    data = columns.comparable(every) if every else []
    found: list[Edge] = []
    for side in sides:
        mine = [(data.pop(0), ~edge.holes(size)) for _, edge in side]
        spread = [(np.broadcast_to(one, (size,)), there) for one, there in mine]
        found.append(_extreme(spread, [there for _, there in spread], size, largest=largest))
    return found


def _extreme(edges: list[Edge], asked: list[Flags], size: int, *, largest: bool) -> Edge:
    """The largest or smallest of those edges that are asked for and known."""
    out, some = np.zeros(size, np.int64), np.zeros(size, np.bool_)
    for (data, there), wanted in zip(edges, asked, strict=True):
        here = there & wanted
        better = here & (~some | (data > out if largest else data < out))
        out, some = np.where(better, data, out), some | here
    return out, some


def _same(one: Edge, other: Edge) -> Flags:
    found: Flags = one[1] & other[1] & (one[0] == other[0])
    return found


def _main(rows: list[Tree]) -> str | None:
    """The name that most rows compare."""
    found = Counter(name for row in rows for name in _compared(row))
    return found.most_common(1)[0][0] if found else None


def _compared(row: Tree) -> set[str]:
    sides = (arg for part in walk(row) if isinstance(part, Compare) for arg in part.args)
    return {side.name for side in sides if isinstance(side, Name)}


def _bounds(row: Tree, main: str) -> list[tuple[str, Tree]] | None:
    """Bounds on `main` as (op, other side), main on the left; None when the row is not a plain
    conjunction.
    """
    parts = row.args if isinstance(row, Logic) and row.op == "and" else (row,)
    found: list[tuple[str, Tree]] = []
    for part in parts:
        if isinstance(part, Compare):
            found += _links(part, main)
        elif isinstance(part, Logic):
            return None
    return found or None


def _links(part: Compare, main: str) -> Iterator[tuple[str, Tree]]:
    for n, op in enumerate(part.ops):
        left, right = part.args[n], part.args[n + 1]
        if op in _TURNED and isinstance(left, Name) and left.name == main:
            yield op, right
        elif op in _TURNED and isinstance(right, Name) and right.name == main:
            yield _TURNED[op], left
