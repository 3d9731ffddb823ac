"""Which rows of bands a value in a gap lies next to: those whose bounds hold it, or the nearest
above and below.
"""

from collections import Counter
from collections.abc import Iterator

import polars as pl

from jiceng_sdk.engine.compile import compiled
from jiceng_sdk.engine.scope import Scope
from jiceng_sdk.expressions.tree import Compare, Logic, Name, Tree, walk

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def nearest_rows(rows: list[Tree], scope: Scope, frame: pl.DataFrame) -> list[pl.Series]:
    """One boolean column `~near{n}` per row. Rows that are not plain bounds of one value count as near."""
    main = _main(rows)
    bounds = [None if main is None else _bounds(row, main) for row in rows]
    if main is None or any(found is None for found in bounds):
        return [
            pl.repeat(value=True, n=frame.height, eager=True).alias(f"~near{n}") for n in range(len(rows))
        ]
    value = compiled(Name(name=main), scope).snapped()
    sides = []
    for n, found in enumerate(bounds):
        below = [_beyond(value, op, bound, scope) for op, bound in found or [] if op in (">", ">=")]
        above = [_beyond(value, op, bound, scope) for op, bound in found or [] if op in ("<", "<=")]
        low = _extreme([bound for op, bound in found or [] if op in (">", ">=")], scope, "max")
        high = _extreme([bound for op, bound in found or [] if op in ("<", "<=")], scope, "min")
        sides += [
            pl.any_horizontal([*below, pl.lit(value=False)]).alias(f"under{n}"),
            pl.any_horizontal([*above, pl.lit(value=False)]).alias(f"over{n}"),
            low.alias(f"low{n}"),
            high.alias(f"high{n}"),
        ]
    return _near(frame.select(sides), len(rows))


def _near(sides: pl.DataFrame, count: int) -> list[pl.Series]:
    under = [pl.col(f"under{n}").fill_null(value=False) for n in range(count)]
    over = [pl.col(f"over{n}").fill_null(value=False) for n in range(count)]
    holds = [pl.col(f"holds{n}") for n in range(count)]
    sides = sides.with_columns((~under[n] & ~over[n]).alias(f"holds{n}") for n in range(count))
    least = pl.min_horizontal([pl.when(under[n]).then(pl.col(f"low{n}")) for n in range(count)])
    most = pl.max_horizontal([pl.when(over[n]).then(pl.col(f"high{n}")) for n in range(count)])
    sides = sides.with_columns(
        pl.any_horizontal(holds).alias("inside"), least.alias("least"), most.alias("most")
    )
    near = [
        holds[n]
        | (over[n] & (pl.col(f"high{n}") == pl.col("most")).fill_null(value=False))
        | (~pl.col("inside") & under[n] & (pl.col(f"low{n}") == pl.col("least")).fill_null(value=False))
        for n in range(count)
    ]
    found = sides.select(expr.alias(f"~near{n}") for n, expr in enumerate(near))
    return found.get_columns()


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


def _beyond(value: pl.Expr, op: str, bound: Tree, scope: Scope) -> pl.Expr:
    """Whether the value misses this bound."""
    edge = compiled(bound, scope).snapped()
    match op:
        case ">":
            return value <= edge
        case ">=":
            return value < edge
        case "<":
            return value >= edge
    return value > edge


def _extreme(bounds: list[Tree], scope: Scope, pick: str) -> pl.Expr:
    edges = [compiled(bound, scope).snapped() for bound in bounds]
    if not edges:
        return pl.lit(None, dtype=pl.Decimal(38, 24))
    return pl.max_horizontal(edges) if pick == "max" else pl.min_horizontal(edges)
