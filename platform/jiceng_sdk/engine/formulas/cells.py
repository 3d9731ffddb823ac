"""Months, quarters, halves: one row per subject and sub-period, functions along them, and back to
the period.
"""

from collections.abc import Mapping

import polars as pl

from jiceng_sdk.engine.door import CELL_KEY, ROW_KEY
from jiceng_sdk.engine.formulas.compile import compiled
from jiceng_sdk.engine.formulas.scope import Maker, Scope
from jiceng_sdk.engine.formulas.table import KEY, Table, applies, as_column
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.numbers.exact import EXACT, ROW, divide, lit, whole
from jiceng_sdk.engine.period import Period
from jiceng_sdk.expressions.tree import Call


def cell_table(size: int, period: Period, unit: str) -> Table:
    """Every subject in every sub-period, also those without facts: `#`, `k`, and `@` = # × number + k."""
    many = period.cells(unit)
    key = pl.int_range(size * many, dtype=ROW, eager=True).alias(KEY)
    frame = pl.DataFrame({KEY: key}).with_columns(
        (pl.col(KEY) // many).alias(ROW_KEY), (pl.col(KEY) % many).alias(CELL_KEY)
    )
    return Table(frame)


def borrow(cells: Table, subjects: Table, names: frozenset[str]) -> None:
    """Make values of the subject readable in its sub-periods."""
    wanted = [name for name in names if name in subjects.values and name not in cells.values]
    columns = [column for column in subjects.needed(wanted) if not cells.has(column)]
    if columns:
        rows = cells.frame[ROW_KEY]
        cells.keep(subjects.frame[column].gather(rows) for column in columns)
    cells.coded.update({name: subjects.coded[name] for name in columns if name in subjects.coded})
    cells.values.update({name: subjects.values[name] for name in wanted})


def replaced(cells: Table, subjects: Table, name: str) -> None:
    """From now on a name of sub-periods reads what it came to in the period; its column stays."""
    value, rows = subjects.values[name], cells.frame[ROW_KEY]
    column, gone = f"{name}:period", f"{name}:period?"
    cells.keep([subjects.series(value.expr).gather(rows).alias(column)])
    absent = None
    if value.absent is not None:
        cells.keep([subjects.series(value.absent).gather(rows).alias(gone)])
        absent = pl.col(gone)
    cells.values[name] = Value(pl.col(column), "number", value.places, absent=absent)


def calls(last: int) -> Mapping[str, Maker]:
    """`next(x)`, `prior(x)`, `streak(condition)` along the sub-periods of one subject; beyond the
    ends nothing is.
    """

    def shifted(by: int, edge: pl.Expr) -> Maker:
        def make(call: Call, scope: Scope) -> Value:
            value = compiled(call.args[0], scope)
            moved = as_column(value.expr).shift(by).over(ROW_KEY)
            if value.kind == "flag":
                moved = pl.when(edge).then(pl.lit(value=False)).otherwise(moved)
                return Value(moved, "flag", nullable=value.nullable)
            absent = edge
            if value.absent is not None:
                absent = edge | value.absent.shift(by).over(ROW_KEY).fill_null(value=False)
            return Value(moved, value.kind, value.places, value.options, absent, enum=value.enum)

        return make

    def streak(call: Call, scope: Scope) -> Value:
        hit = compiled(call.args[0], scope)
        sure = as_column(hit.expr).fill_null(value=False)
        block = (~sure).cast(pl.Int32).cum_sum().over(ROW_KEY)
        run = sure.cast(pl.Int64).cum_sum().over(ROW_KEY, block)
        if hit.nullable:
            run = pl.when(hit.expr.is_null()).then(None).otherwise(run)
        return Value(whole(run), "number", 0, nullable=hit.nullable)

    return {
        "next": shifted(-1, pl.col(CELL_KEY) == last),
        "prior": shifted(1, pl.col(CELL_KEY) == 0),
        "streak": streak,
    }


def many(name: str) -> str:
    """Column with the number of sub-periods a node applies to."""
    return f"{name}:cells"


def brought_up(cells: Table, subjects: Table, name: str, across: str) -> Value:
    """A node of sub-periods as one value of the period; open where a sub-period it applies to is open."""
    value, most = cells.values[name], cells.size // max(subjects.size, 1)
    frame = cells.frame.filter(pl.col(applies(name))) if name in cells.limited else cells.frame
    small = value.scaled and integers.fitting(value.scaled[0], value.scaled[1] * max(most, 1))
    column = small[0] if small else value.expr
    match across:
        case "sum" | "mean":
            out = column.sum()
        case "max":
            out = column.max()
        case "min":
            out = column.min()
        case _:
            out = column.sort_by(CELL_KEY).last()
    total, hole, some = f"{name}:across", f"{name}:across?", many(name)
    found = frame.group_by(pl.col(ROW_KEY).alias(KEY)).agg(
        out.alias(total), (column.null_count() > 0).alias(hole), pl.len().cast(pl.Int64).alias(some)
    )
    subjects.attach(found)
    open_ = pl.col(hole).fill_null(value=False)

    def known(expr: pl.Expr) -> pl.Expr:
        return pl.when(open_).then(None).otherwise(expr)

    raw = integers.exact((pl.col(total), small[1]), value.places or 0) if small else pl.col(total).cast(EXACT)
    if across == "mean":
        return Value(known(divide(raw, whole(pl.col(some)))), "number", None)
    whole_ = (known(pl.col(total).fill_null(0)), small[1]) if small else None
    return Value(known(raw.fill_null(lit(0))), "number", value.places, scaled=whole_)
