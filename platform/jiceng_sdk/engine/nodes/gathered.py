"""Items over rows for the rows at hand: which belong together, their recipes, the totals in the tables."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import partial

from jiceng_sdk.engine.board.board import Board
from jiceng_sdk.engine.formulas import cells, workdays
from jiceng_sdk.engine.formulas.scope import Scope
from jiceng_sdk.engine.formulas.table import Table
from jiceng_sdk.engine.items.events import Work, all_at_once, gather, one_by_one
from jiceng_sdk.engine.items.form import BY, Shape, form, numeric, own_names, shape
from jiceng_sdk.engine.items.found import Found
from jiceng_sdk.engine.items.plan import Plan, windows_of
from jiceng_sdk.engine.items.recipe import Recipe, recipe
from jiceng_sdk.engine.items.source import Source, columns_beside, source
from jiceng_sdk.rulebook import Analysis

ENDS = ("period.start", "period.end")
KEPT = 512
"""How much is kept of one rulebook; a service sees a few forms of rows of each fact."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Of the rows of a fact: `numeric` hold numbers; `outside`: names that formulas read and no row gives."""

    names: tuple[str, ...]
    numeric: tuple[str, ...]
    outside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Items over the rows of one fact, in one table; `reads`: every name their formulas read, windows too."""

    fact: str
    names: tuple[str, ...]
    plans: tuple[Plan, ...]
    reads: frozenset[str]


def rows_first(board: Board) -> dict[str, Found]:
    """Items over rows that read no other item: all of them at once, by sub-period and fact."""
    found: dict[str, Found] = {}
    for unit, names in _waiting(board.analysis):
        found.update(gathered(board, unit, names))
    return found


def gathered(board: Board, unit: str | None, names: Sequence[str]) -> dict[str, Found]:
    """Totals of items over rows, joined into the table of their sub-period."""
    batches = _batches(board.analysis, unit, tuple(names))
    table = board.subjects if unit is None else board.cell_table(unit)
    if unit is not None:
        reads = frozenset[str]().union(*(plan.names for batch in batches for plan in batch.plans))
        cells.borrow(table, board.subjects, reads.union(ENDS))
    rows, ready = board.inputs.rows, [not board.inputs.rows.waits(batch.fact) for batch in batches]
    if all(ready):
        work = [_work(board, table, unit, batch) for batch in batches]
        done = all_at_once(work, [rows[batch.fact].height for batch in batches])
    else:
        work = [partial(_late, board, table, unit, batch) for batch in batches]
        done = one_by_one(work, sorted(range(len(work)), key=lambda n: rows.comes(batches[n].fact)))
    return {found.plan.name: found for found in gather(table, unit, done)}


def plan_of(analysis: Analysis, name: str) -> Plan:
    """How an item over rows is computed."""
    reads, item = analysis.scale.get(name), analysis.book.items[name]
    return Plan(name, item, None if reads is None else reads.tree, analysis.items_read[name])


def rows_of(board: Board, plan: Plan) -> Source:
    """The rows an item of subjects reads, with what stands beside them, for those who want to see each."""
    batch, table = _batch(plan.item.from_ or "", [plan]), board.subjects
    rows, fact = board.inputs.rows[batch.fact], board.book.facts[plan.item.from_ or ""]
    given = _columns(board.analysis, batch, tuple(rows.columns))
    beside = columns_beside(table, [name for name in given.outside if name in table.values])
    columns = [column.name for column in beside]
    known = shape(rows, given.names, given.numeric)
    read = form(batch.fact, fact, known, board.scope(), batch.reads, board.period, columns)
    return source(read, rows, table.size, None, beside)


def _waiting(analysis: Analysis) -> tuple[tuple[str | None, tuple[str, ...]], ...]:
    """The items that can be computed before all others, by sub-period."""
    found: tuple[tuple[str | None, tuple[str, ...]], ...] | None = analysis.worked.get("items waiting")
    if found is None:
        book, known = analysis.book, {*analysis.book.items, *analysis.book.groups}
        waiting: dict[str | None, list[str]] = defaultdict(list)
        for name, item in book.items.items():
            if item.from_ and book.facts[item.from_].rows and not (analysis.reads[name] & known):
                waiting[analysis.each.get(name)].append(name)
        found = tuple((unit, tuple(names)) for unit, names in waiting.items())
        _keep(analysis, "items waiting", found)
    return found


def _batches(analysis: Analysis, unit: str | None, names: tuple[str, ...]) -> tuple[Batch, ...]:
    """Items by the fact they read."""
    key = "items together", unit, names
    found: tuple[Batch, ...] | None = analysis.worked.get(key)
    if found is None:
        by_fact: dict[str, list[Plan]] = defaultdict(list)
        for name in names:
            by_fact[analysis.book.items[name].from_ or ""].append(plan_of(analysis, name))
        found = tuple(_batch(fact, plans) for fact, plans in by_fact.items())
        _keep(analysis, key, found)
    return found


def _batch(fact: str, plans: list[Plan]) -> Batch:
    reads = frozenset[str]().union(*(plan.names for plan in plans))
    by = {f"{BY}{window}" for plan in plans for window in windows_of(plan.item)}
    return Batch(fact, tuple(plan.name for plan in plans), tuple(plans), reads | by)


def _columns(analysis: Analysis, batch: Batch, names: tuple[str, ...]) -> Columns:
    """What the columns of a fact's rows are to the items over them."""
    key = "columns of rows", batch.fact, batch.names, names
    found: Columns | None = analysis.worked.get(key)
    if found is None:
        fact = analysis.book.facts[batch.fact]
        own = {*own_names(fact, names), *ENDS}
        outside = tuple(name for name in batch.reads if name not in own)
        found = Columns(names, numeric(fact, names), outside)
        _keep(analysis, key, found)
    return found


def _late(board: Board, table: Table, unit: str | None, batch: Batch) -> tuple[Recipe, Source]:
    """The same as `_work`, for rows that are still waited for."""
    return _work(board, table, unit, batch)()


def _work(board: Board, table: Table, unit: str | None, batch: Batch) -> Work:
    """What has to be done with the rows of a fact. It changes nothing but what is kept: threads may do it."""
    rows, fact, period = board.inputs.rows[batch.fact], board.book.facts[batch.fact], board.period
    ends = Scope(
        {name: table.values[name] for name in ENDS}, board.book.grades, workdays.calls(board.analysis)
    )
    given = _columns(board.analysis, batch, tuple(rows.columns))
    outside = [name for name in given.outside if name in table.values]
    whole = board.scope() if unit is None else board.cell_scope(unit)
    scope, beside = (whole, columns_beside(table, outside)) if outside else (ends, [])
    size, columns = table.size, [column.name for column in beside]

    def made(known: Shape) -> Recipe:
        return recipe(form(batch.fact, fact, known, scope, batch.reads, period, columns), batch.plans)

    def work() -> tuple[Recipe, Source]:
        known = shape(rows, given.names, given.numeric)
        key = "recipe", batch.fact, batch.names, unit, period, known
        found = None if outside else board.analysis.worked.get(key)
        if found is None:
            found = made(known)
            if not outside:
                _keep(board.analysis, key, found)
        return found, source(found.form, rows, size, unit, beside)

    return work


def _keep(analysis: Analysis, key: Hashable, found: object) -> None:
    """Keep something for the next evaluation; recipes of what reads the subject's values are made anew."""
    if len(analysis.worked) >= KEPT:
        analysis.worked.clear()
    analysis.worked[key] = found
