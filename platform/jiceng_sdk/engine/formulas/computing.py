"""Expression tree → array. Three-valued, as in `compile`; what integers cannot say is left to Polars.

The tree has been typed by `rulebook.analysis`; kinds that do not fit here are a programming error.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache, reduce

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from jiceng_sdk.engine.formulas.compile import TURNED
from jiceng_sdk.engine.numbers import columns, quotients
from jiceng_sdk.engine.numbers.columns import LARGE, Column, Data, Unfit
from jiceng_sdk.engine.numbers.exact import decimals
from jiceng_sdk.engine.numbers.integers import LARGEST
from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.expressions.tree import (
    Among,
    Arithmetic,
    Call,
    Compare,
    Flag,
    Logic,
    Name,
    Number,
    Text,
    Tree,
    Unary,
)
from jiceng_sdk.rulebook.parts import Rounding

_FIRST_DAY = date(1970, 1, 1)
_DAYS = 10_000_000
"""More days than lie between two dates."""
YES = columns.flag(np.True_)  # type: ignore[arg-type] # one for all
BEYOND = frozenset({"streak", "times", "next", "prior"}) | {
    f"cohort_{what}"
    for what in ("max", "min", "mean", "median", "sum", "count", "rank", "dense", "deviation")
}
"""Functions that look at other periods or subjects."""


class Reading(Struct, frozen=True):
    """What a formula reads: `named` gives a column by name, `general` what Polars makes of a part (a quotient
    at 12 places). Both raise Unfit. `grades`: best first. `reserved`: functions that look beyond the row;
    `calls`: those of them that arrays can say.
    """

    named: Callable[[str], Column]
    general: Callable[[Tree], Column]
    grades: tuple[str, ...] = ()
    reserved: frozenset[str] = frozenset()
    calls: "Mapping[str, Callable[[Call, Reading], Column]]" = field(default_factory=dict)

    def over(self, values: "Mapping[str, Column]") -> "Reading":
        """The same with further names, which win over the known ones; Polars knows nothing of them."""

        def named(name: str) -> Column:
            return values[name] if name in values else self.named(name)

        return replace(self, named=named, general=_unfit)

    def level(self, grade: str) -> int:
        """Worst grade 1, best `len(grades)`."""
        return len(self.grades) - self.grades.index(grade)


def _unfit(tree: Tree) -> Column:
    """A part that only arrays may say."""
    raise Unfit(tree)


def met(formula: Formula | Tree | None, reading: Reading) -> Column:
    """A condition; without a formula always true. Where arrays do not suffice Polars computes it."""
    return YES if formula is None else decided(formula, reading)


def decided(formula: Formula | Tree, reading: Reading) -> Column:
    """What comparisons, ranks and conditions read: a quotient at its 12 places."""
    tree = formula.tree if isinstance(formula, Formula) else formula
    try:
        return _MAKERS[type(tree)](tree, reading).snapped
    except Unfit:
        return reading.general(tree)


def computed(tree: Tree, reading: Reading) -> Column:
    """The column of a formula, quotients exact. Raises Unfit for what has no integer, KeyError for a
    stranger.
    """
    return _MAKERS[type(tree)](tree, reading)


def _number(tree: Number, reading: Reading) -> Column:  # noqa: ARG001 - as all makers
    return written(tree.value)


@lru_cache(maxsize=4096)
def _word(value: str) -> Column:
    return Column("text", np.int64(0), options=(value,))  # type: ignore[arg-type] # one for all


def _text(tree: Text, reading: Reading) -> Column:  # noqa: ARG001 - as all makers
    return _word(tree.value)


def _flag(tree: Flag, reading: Reading) -> Column:  # noqa: ARG001 - as all makers
    return columns.flag(np.bool_(tree.value))  # type: ignore[arg-type] # one for all


def _name(tree: Name, reading: Reading) -> Column:
    return reading.named(tree.name)


def _unary(tree: Unary, reading: Reading) -> Column:
    part = computed(tree.arg, reading)
    return columns.negated(part) if tree.op == "not" else replace(part, data=-part.data)


def _logic(tree: Logic, reading: Reading) -> Column:
    parts = [decided(arg, reading) for arg in tree.args]
    return columns.all_met(parts) if tree.op == "and" else columns.one_met(parts)


def _among(tree: Among, reading: Reading) -> Column:
    item = decided(tree.item, reading)
    links = [_link("==", item, computed(option, reading).snapped, reading) for option in tree.options]
    return columns.one_met(links)


@lru_cache(maxsize=4096)
def written(value: Decimal) -> Column:
    """A number written out."""
    places = decimals(value)
    whole = int(value.scaleb(places))
    if abs(whole) >= LARGEST:
        raise Unfit
    return Column("number", np.int64(whole), None, places, abs(whole))  # type: ignore[arg-type] # one for all


def _arithmetic(tree: Arithmetic, reading: Reading) -> Column:
    left, right = computed(tree.left, reading), computed(tree.right, reading)
    if LARGE in (left.data.dtype, right.data.dtype):
        raise Unfit
    if tree.op == "/":
        return quotients.divided(left, right)
    if tree.op == "*":
        return quotients.times(left, right)
    return quotients.added(left, right, less=tree.op == "-")


def _chain(tree: Compare, reading: Reading) -> Column:
    args = tree.args
    parts = [None if isinstance(arg, Number) else decided(arg, reading) for arg in args]
    links: list[Column] = []
    for n, op in enumerate(tree.ops):
        left, right = parts[n], parts[n + 1]
        if left is not None and isinstance(end := args[n + 1], Number):
            links.append(_against(op, left, end, reading))
        elif right is not None and isinstance(end := args[n], Number):
            links.append(_against(TURNED[op], right, end, reading))
        else:
            one, two = left or decided(args[n], reading), right or decided(args[n + 1], reading)
            links.append(_link(op, one, two, reading))
    return links[0] if len(links) == 1 else columns.all_met(links)


def _against(op: str, part: Column, end: Number, reading: Reading) -> Column:
    """A comparison with a number written out."""
    plain = part.kind == "number" and part.data.ndim and part.data.dtype is not LARGE and part.below is None
    whole = _end(end.value, part.places) if plain else None
    if whole is None:
        return _link(op, part, decided(end, reading), reading)
    data, null = columns.COMPARED[op](part.data, whole), part.null
    if part.absent is not None:
        data, null = data & ~part.absent, None if null is None else null & ~part.absent
    return Column("flag", data if null is None else data & ~null, null)


@lru_cache(maxsize=4096)
def _end(value: Decimal, places: int) -> Data | None:
    """A number written out as an integer at these places; None where it is none of 64 bits."""
    whole = value.scaleb(places)
    if decimals(value) > places or abs(whole) >= LARGEST:
        return None
    return np.int64(int(whole))  # type: ignore[return-value] # one for all


def _link(op: str, left: Column, right: Column, reading: Reading) -> Column:
    if left.kind != right.kind:
        left, right = _alike(left, right, reading), _alike(right, left, reading)
    return columns.compared(op, left, right)


def _alike(this: Column, other: Column, reading: Reading) -> Column:
    """A quoted word beside a grade is that grade, beside a date that day."""
    if this.kind == "text" and other.kind == "grade":
        return Column("grade", np.int64(reading.level(this.options[0])))  # type: ignore[arg-type] # one for all
    if this.kind == "text" and other.kind == "date":
        day = date.fromisoformat(this.options[0]) - _FIRST_DAY
        return Column("date", np.int64(day.days))  # type: ignore[arg-type] # one for all
    return this


def _call(tree: Call, reading: Reading) -> Column:
    if tree.function in reading.calls:
        return reading.calls[tree.function](tree, reading)
    if tree.function in reading.reserved or tree.function not in FUNCTIONS:
        raise Unfit
    if tree.function in ("if", "count", "missing"):
        return FUNCTIONS[tree.function](
            *(_argument(arg, n, tree, reading) for n, arg in enumerate(tree.args))
        )
    return FUNCTIONS[tree.function](*(computed(arg, reading) for arg in tree.args))


def _argument(arg: Tree, n: int, tree: Call, reading: Reading) -> Column:
    """Conditions and what is only asked to be there may come from Polars; numbers may not, they are exact."""
    branch = tree.function == "if" and n > 0
    return computed(arg, reading) if branch else decided(arg, reading)


def _floor(part: Column) -> Column:
    part = part.snapped
    if 10**part.places >= LARGEST:
        raise Unfit
    return columns.number(part.data // np.int64(10**part.places), 0, part.most + 1, part)


def _round(part: Column, places: Column) -> Column:
    return columns.rounded(part, Rounding(places=int(places.data)))


def _units(part: Column, size: Column) -> Column:
    if part.below is not None or size.below is not None:
        return _floor(quotients.divided(part, size))
    (above, below), most, _ = columns.aligned([part, size])
    nothing = np.equal(below, 0)
    if not nothing.any():
        return columns.number(above // below, 0, most + 1, part, size)
    if not (nothing.ndim or part.data.ndim):
        raise Unfit
    null = nothing if nothing.ndim else np.full(part.data.shape, nothing)
    return columns.number(above // np.where(nothing, 1, below), 0, most + 1, part, size, null=null)


def _count(*parts: Column) -> Column:
    hits = reduce(np.add, [part.data.astype(np.int64) for part in parts])
    return columns.number(hits, 0, len(parts), *parts)


def _missing(part: Column) -> Column:
    if part.data.ndim == 0:
        return columns.flag(np.False_)  # type: ignore[arg-type] # one for all
    return columns.flag(part.holes(len(part.data)).copy())


def _days(first: Column, last: Column) -> Column:
    data = last.data.astype(np.int64) - first.data.astype(np.int64)
    return columns.number(data, 0, _DAYS, first, last)


def _months(first: Column, last: Column) -> Column:
    """Whole months; the last one is full on the same day, or on the last of a month without it."""
    one, two = (part.data.astype(np.int64) for part in (first, last))
    early, late = _month_and_day(np.minimum(one, two)), _month_and_day(np.maximum(one, two))
    ends = (np.maximum(one, two) + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    short = (late[1] < early[1]) & (ends == late[0])
    many = late[0] - early[0] - short
    return columns.number(np.where(two < one, -many, many), 0, _DAYS, first, last)


def _month_and_day(days: Data) -> tuple[Data, Data]:
    """Months since 1970, and the day of the month from 0."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    return months.astype(np.int64), (dates - months.astype("datetime64[D]")).astype(np.int64)


def _month_of(day: Column) -> Column:
    months = day.data.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return columns.number(months % 12 + 1, 0, 12, day)


def _year_of(day: Column) -> Column:
    years = day.data.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    return columns.number(years + _FIRST_DAY.year, 0, 9999, day)


FUNCTIONS: dict[str, Callable[..., Column]] = {
    "if": quotients.chosen,
    "min": lambda *parts: quotients.picked(parts, largest=False),
    "max": lambda *parts: quotients.picked(parts, largest=True),
    "abs": lambda part: replace(part, data=np.abs(part.data)),
    "floor": _floor,
    "round": _round,
    "units": _units,
    "count": _count,
    "missing": _missing,
    "days": _days,
    "months": _months,
    "month_of": _month_of,
    "year_of": _year_of,
}
_MAKERS: dict[type, Callable[..., Column]] = {
    Number: _number,
    Text: _text,
    Flag: _flag,
    Name: _name,
    Unary: _unary,
    Arithmetic: _arithmetic,
    Logic: _logic,
    Compare: _chain,
    Among: _among,
    Call: _call,
}
"""One for each kind of part."""
