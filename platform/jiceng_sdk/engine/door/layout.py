"""What the facts of a rulebook must look like; worked out once and kept in `Analysis.worked`."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import polars as pl
from msgspec import Struct

from jiceng_sdk.engine.door.shape import Shape, bounds, of_fact, of_field
from jiceng_sdk.engine.numbers.exact import SNAP
from jiceng_sdk.rulebook import Analysis
from jiceng_sdk.rulebook.parts import WINDOWS, Fact, Quota, Rulebook

_DAYS = frozenset(WINDOWS) - {"period"}
KEPT = "facts"
"""Under which the layout is kept."""
_SHORT = 2**15


class Rowed(Struct, frozen=True):
    """A fact of rows: the shapes of its columns by name, and the names expressions read them by. `numbers`:
    what makes numbers of words with options, and integers of decimals; `grouped`: free words that items group
    rows by; `dated`: something reads the day of its rows.
    """

    fact: Fact
    path: str
    shapes: Mapping[str, Shape]
    named: Mapping[str, str]
    numbers: Mapping[str, pl.Expr]
    grouped: frozenset[str]
    dated: bool


class Layout(Struct, frozen=True):
    """`single`: facts with one value per subject and period; `monthly`: per sub-period; `rows`: events,
    ballots, results; `readable`: columns the frame of subjects may have; `cohorts`: those whose words alone
    tell cohorts apart.
    """

    facts: Mapping[str, Fact]
    single: Mapping[str, Shape]
    monthly: Mapping[str, Fact]
    rows: Mapping[str, Rowed]
    readable: frozenset[str]
    cohorts: tuple[str, ...]


def layout(analysis: Analysis) -> Layout:
    """The layout of the facts of a rulebook."""
    found: Layout | None = analysis.worked.get(KEPT)
    if found is None:
        found = analysis.worked[KEPT] = _layout(analysis)
    return found


def _layout(analysis: Analysis) -> Layout:
    book = analysis.book
    facts, windows = book.facts, defaultdict[str, set[str]](set)
    for name, item in book.items.items():
        limits = (limit.per for limit in item.limit)
        windows[item.from_ or ""].update((item.merge or "", *item.keep, *limits))
        if "date" in analysis.items_read[name] or item.each:
            windows[item.from_ or ""].add("day")
    single = {n: of_fact(n, fact) for n, fact in facts.items() if not fact.rows and fact.each is None}
    rows = {name: _rowed(name, fact, windows[name]) for name, fact in facts.items() if fact.rows}
    return Layout(
        facts,
        single,
        {name: fact for name, fact in facts.items() if fact.each is not None},
        rows,
        frozenset({"subject", *single, *(name for name, fact in facts.items() if fact.many)}),
        tuple(name for name in _cohorts(book) if name in single and facts[name].absent is None),
    )


def _cohorts(book: Rulebook) -> list[str]:
    """What quotas and area values group by, where it is one name."""
    quotas = (rule.within for rule in book.decide if isinstance(rule, Quota))
    found = [*quotas, *(area.by for area in book.area.values())]
    return list(dict.fromkeys(names[0] for names in found if len(names) == 1))


def _rowed(name: str, fact: Fact, windows: AbstractSet[str]) -> Rowed:
    shapes = _shapes(name, fact)
    named = {column: _named(name, fact, column) for column in shapes}
    numbers = {column: _numbers(column, shape) for column, shape in shapes.items() if _numbered(shape)}
    exact = ("number", "flag", "date")
    free = frozenset(n for n, shape in shapes.items() if shape.kind not in exact and not shape.options)
    dated = fact.kind == "event" or (not fact.many and not windows.isdisjoint(_DAYS))
    return Rowed(fact, f"facts.{name}", shapes, named, numbers, free & windows, dated)


def _numbered(shape: Shape) -> bool:
    """Whether the engine reads a column by numbers it does not show at once."""
    return shape.kind == "number" or bool(shape.options)


def _numbers(column: str, shape: Shape) -> pl.Expr:
    """The numbers of words, nothing for those that are no option; decimals × 10^scale where 32 bits hold
    them, 16 where the bounds need no more.
    """
    if shape.kind == "number":
        most = max(-shape.low, shape.high).scaleb(shape.places)
        return pl.col(column).to_physical().cast(pl.Int16 if most < _SHORT else pl.Int32, strict=False)
    return pl.col(column).cast(shape.dtype, strict=False).to_physical()


def _named(name: str, fact: Fact, column: str) -> str:
    """The name expressions use: `result.score` of a result, the fact's own name for a choice with
    many values.
    """
    if fact.kind == "result":
        return f"result.{column}"
    return name if fact.many else column


def _shapes(name: str, fact: Fact) -> Mapping[str, Shape]:
    """What every column of its rows must look like."""
    path = f"facts.{name}"
    if fact.many:
        return {"value": of_fact(name, fact)}
    found = {n: of_field(f"{path}.{n}", n, field) for n, field in fact.fields.items()}
    if fact.kind == "result":
        found["score"] = Shape(f"{path}.score", "得分", "number", (), *bounds(fact), SNAP)
        found["grade"] = Shape(f"{path}.grade", "等次", "choice", fact.options)
        found["role"] = Shape(f"{path}.role", "角色", "text")
    return found
