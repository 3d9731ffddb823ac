"""Phases 1 and 2: facts become named columns; items and groups are computed in the order they read
each other.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

import polars as pl
from msgspec import structs

from jiceng_sdk.engine.board.board import Board
from jiceng_sdk.engine.door import CELL_KEY, ROW_KEY
from jiceng_sdk.engine.door.shape import of_fact
from jiceng_sdk.engine.formulas import cells
from jiceng_sdk.engine.formulas import value as v
from jiceng_sdk.engine.formulas.compared import classes_compared
from jiceng_sdk.engine.formulas.compile import compiled, condition
from jiceng_sdk.engine.formulas.scope import VALUE, Scope
from jiceng_sdk.engine.formulas.table import KEY, Table
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.items import plan as plans
from jiceng_sdk.engine.items.events import combined
from jiceng_sdk.engine.items.form import number
from jiceng_sdk.engine.items.found import Found
from jiceng_sdk.engine.items.plan import Plan
from jiceng_sdk.engine.items.scales import worth
from jiceng_sdk.engine.nodes import figures, groups
from jiceng_sdk.engine.nodes import finishing as nodes
from jiceng_sdk.engine.nodes.blueprint import Blueprint, blueprints
from jiceng_sdk.engine.nodes.gathered import gathered, rows_first
from jiceng_sdk.engine.numbers.columns import Unfit
from jiceng_sdk.engine.numbers.exact import lit
from jiceng_sdk.engine.numbers.framing import framed
from jiceng_sdk.engine.numbers.given import integers, optional, plainly
from jiceng_sdk.rulebook import Fact, Group, Item


def facts_in(board: Board) -> None:
    """Single facts, facts of sub-periods, the period's ends, earlier results, classes: all
    readable by name.
    """
    table = board.subjects
    key, *given = board.inputs.single.get_columns()
    table.frame = framed([key.alias(KEY), *given])
    for column in given:
        _single(table, column, board.book.facts[column.name])
    for name, fact in board.book.facts.items():
        if fact.each is not None:
            found = board.inputs.cells[name]
            cell_table = board.cell_table(fact.each)
            cell_table.frame = cell_table.frame.join(
                found, on=[ROW_KEY, CELL_KEY], how="left", maintain_order="left"
            )
            column = cell_table.frame[name]
            _single(cell_table, column, fact)
    table.values["period.start"] = _day(board.period.start)
    table.values["period.end"] = _day(board.period.end)
    board.history.last(table)
    compared = classes_compared(board.analysis)
    for name, formula in board.book.classes.items():
        kept = table.put(name, replace(compiled(formula, board.scope()), scaled=None))
        if name in compared:
            table.mark(nodes.part(name, "class"), kept)


@lru_cache(maxsize=512)
def _day(day: date) -> Value:
    """A day written out."""
    return Value(pl.lit(day), "date", nullable=False)


def _single(table: Table, given: pl.Series, fact: Fact) -> None:
    """A fact's column with its default, and what is known of its values."""
    name = given.name
    gaps = bool(given.null_count())
    if gaps and fact.must_be_given:
        table.keep([pl.col(name).is_not_null().alias(f"{name}:given")])
    match fact.kind:
        case "number":
            value = number(given, fact.places, nullable=gaps)
            if gaps and fact.default is not None:
                value, gaps = v.filled(value, Decimal(fact.default)), False
        case "flag":
            column = pl.col(name)
            if gaps and not fact.required:
                column, gaps = column.fill_null(value=bool(fact.default)), False
            value = Value(column, "flag", nullable=gaps)
        case "date":
            value = Value(pl.col(name), "date", nullable=gaps)
        case _:
            column, shape = pl.col(name), of_fact(name, fact)
            if fact.absent is not None:
                column, gaps = column.fill_null(fact.absent), False
            value = Value(column, "text", 0, shape.options, nullable=gaps, enum=bool(shape.options))
    filled = not gaps and bool(given.null_count())
    table.values[name] = table.put(name, value) if filled else value
    if not filled:
        _seed(table, given, fact, value)


def _seed(table: Table, given: pl.Series, fact: Fact, value: Value) -> None:
    """How to make the array of a fact that stands as it was given."""
    if value.enum:
        table.seed(given.name, lambda: optional(given, value.options))
    elif value.kind in ("flag", "date"):
        table.seed(given.name, lambda: plainly(value.kind, given))
    elif (scaled := value.scaled) is not None:
        table.seed(given.name, lambda: integers(given, fact.places, scaled[1]))


def points(board: Board, only: frozenset[str] | None = None) -> None:
    """Every item and group in order; `only`: these again, from totals of rows that are there already."""
    if only is None:
        board.found = rows_first(board)
    ready, arrays = board.found, figures.Figures(board.subjects, board.reading())
    ruled = frozenset(board.rulings.frame["where"].to_list())
    for plan in blueprints(board.analysis):
        name = plan.name
        if only is not None and name not in only:
            continue
        if plan.unit is not None:
            _in_cells(board, name, plan.node, plan.unit, ready)
        elif name in ruled or not _swift(board, plan, arrays, ready):
            value = _value(board, name, plan.node, board.subjects, board.scope(), ready)
            _finished(board, name, plan.node, value)


def _swift(board: Board, plan: Blueprint, arrays: figures.Figures, ready: dict[str, Found]) -> bool:
    """Whether arrays could say a node of the period; it is kept then."""
    if plan.rows and plan.name not in ready:
        ready.update(gathered(board, None, [plan.name]))
    try:
        arrays.keep(plan, ready[plan.name] if plan.rows else None)
    except Unfit:
        return False
    return True


def _finished(board: Board, name: str, node: Item | Group, value: Value) -> None:
    """A node of the period: adjusted, answered by a ruling where it is open, limited to whom it applies."""
    table, some = board.subjects, bool(board.rulings.frame.height)
    within = None if some else board.analysis.ranges.get(name)
    nodes.finished(table, name, node, value, board.scope(), within)
    if some and (ruled := board.rulings.points(name)).height:
        column = table.fresh()
        table.join(ruled.rename({"points": column}))
        kept = table.values[name]
        table.put(name, replace(kept, expr=pl.coalesce(kept.expr, pl.col(column)), scaled=None))


def _in_cells(board: Board, name: str, node: Item | Group, unit: str, ready: dict[str, Found]) -> None:
    """A node of sub-periods; `across` brings it to the period, where start, cap, floor and round then act."""
    table = board.cell_table(unit)
    reads = board.analysis.reads[name] | frozenset(board.book.cohort)
    cells.borrow(table, board.subjects, reads | _ends(reads))
    scope = board.cell_scope(unit)
    value = _value(board, name, node, table, scope, ready)
    if node.across is None:
        nodes.finished(table, name, node, value, scope)
        return
    inner = (
        Group(of=node.of, for_=node.for_, gate=node.gate) if isinstance(node, Group) else Item(for_=node.for_)
    )
    nodes.finished(table, name, inner, value, scope)
    brought = cells.brought_up(table, board.subjects, name, node.across)
    outer: Item | Group = Group(of=node.of) if isinstance(node, Group) else Item()
    for word in (*nodes.BOUNDS, "round"):
        outer = _with(outer, word, getattr(node, word))
    _finished(board, name, outer, brought)
    if node.for_ is not None and node.across == "mean":
        board.subjects.limit(name, pl.col(cells.many(name)).is_not_null())
    each, read = board.analysis.each, board.analysis.reads
    if any(each.get(other) == unit and name in read[other] for other in board.analysis.order):
        cells.replaced(table, board.subjects, name)


def _with(node: Item | Group, word: str, value: object) -> Item | Group:
    return structs.replace(node, **{word: value})


def _ends(reads: frozenset[str]) -> frozenset[str]:
    return reads | {"period.start", "period.end"}


def _value(
    board: Board, name: str, node: Item | Group, table: Table, scope: Scope, ready: dict[str, Found]
) -> Value:
    """A node before start, cap, floor and round."""
    if isinstance(node, Group):
        return groups.together(node, table)
    fact = board.book.facts.get(node.from_) if node.from_ else None
    if fact is not None and fact.rows:
        if name not in ready:
            unit = board.analysis.each.get(name)
            ready.update(gathered(board, unit, [name]))
        return combined(ready[name], table, scope)
    return _computed(board, name, node, table, scope)


def _computed(board: Board, name: str, item: Item, table: Table, scope: Scope) -> Value:
    """An item that reads values of the subject, not rows."""
    if item.value is not None:
        scope = scope.over({VALUE: compiled(item.value, scope)})
    reads = board.analysis.scale.get(name)
    value = worth(item, scope, None if reads is None else reads.tree)
    if item.when is not None:
        asked = condition(item.when, scope)
        out = pl.when(asked.expr).then(value.expr).otherwise(lit(0))
        if asked.nullable:
            out = pl.when(asked.expr.is_null()).then(None).otherwise(out)
        value = v.number(out, value.places, value, asked)
    if item.checks:
        table.keep(_check(item, n, scope).alias(f"{name}:check{n}") for n in range(len(item.checks)))
    mended = plans.restored(Plan(name, item, None, frozenset()), scope)
    if mended is None:
        return value
    table.keep([pl.when(mended.expr).then(value.expr).otherwise(lit(0)).alias(plans.back(name))])
    sure = replace(value, nullable=False)  # what is given back at once needs no answer
    return v.number(plans.given_back(sure, mended), value.places, value, mended)


def _check(item: Item, n: int, scope: Scope) -> pl.Expr:
    """What one row of a rubric gave or took."""
    row = item.checks[n]
    return pl.when(condition(row.when, scope).expr).then(compiled(row.points, scope).expr).otherwise(lit(0))
