"""The value of a typed expression for tried values of what it reads: exact, None = no answer."""

import math
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from jiceng_sdk.expressions.printing import show
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
    Unary,
)
from jiceng_sdk.expressions.typedtree import Typed
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.parts import MONTHS

Value = Fraction | bool | str | None
Tried = Mapping[str, Value]
FIRST_DAY = date(2024, 1, 1)
"""The period whose days are tried begins here; any would do."""
_COMPUTED = frozenset({"if", "min", "max", "abs", "floor", "round", "units", "count"})


def days_of(period: str) -> dict[str, date]:
    """The ends of a period, as formulas call them."""
    after = FIRST_DAY + timedelta(days=1)
    if period in MONTHS:
        year, month = divmod(MONTHS[period], 12)
        after = date(FIRST_DAY.year + year, month + 1, 1)
    return {"period.start": FIRST_DAY, "period.end": after - timedelta(days=1)}


def earlier(day: date, months: int) -> date | None:
    """The same day so many months before, or the month's last; None before the first year."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])) if year > 0 else None


class Trying:
    """Evaluates expressions of one rulebook; classes are looked through, other functions are unknowns."""

    def __init__(self, found: Analysis) -> None:
        self._found = found
        self._days = days_of(found.book.period)

    def opened(self, typed: Typed) -> Typed | None:
        """The expression of the class that a name stands for."""
        if typed.symbol is None or typed.symbol.origin != "class":
            return None
        return self._found.formulas.get(f"classes.{typed.symbol.name}")

    def unknowns(self, typed: Typed) -> dict[str, Typed]:
        """What has to be tried: names and functions that are not computed here, by their text."""
        if (inner := self.opened(typed)) is not None:
            return self.unknowns(inner)
        tree = typed.tree
        if self._fixed(typed) is not None:
            return {}
        if isinstance(tree, Name) or (isinstance(tree, Call) and tree.function not in _COMPUTED):
            return {show(tree): typed}
        return {key: one for arg in typed.args for key, one in self.unknowns(arg).items()}

    def value(self, typed: Typed, tried: Tried) -> Value:  # noqa: PLR0911 - one line per part
        """The value; None when something it needs has none."""
        if (inner := self.opened(typed)) is not None:
            return self.value(inner, tried)
        if (day := self._fixed(typed)) is not None:
            return Fraction(day.toordinal())
        match typed.tree:
            case Number(value=number):
                return Fraction(number)
            case Text(value=word):
                return Fraction(self._found.book.level(word)) if typed.kind == "grade" else word
            case Flag(value=flag):
                return flag
            case Name(name=name):
                return None if tried.get(f"missing({name})") is True else tried.get(name)
            case Call(function=function) if function not in _COMPUTED:
                return tried.get(show(typed.tree))
            case Compare(ops=ops):
                return self._chain(ops, typed, tried)
            case Among():
                item, *options = (self.value(arg, tried) for arg in typed.args)
                return None if item is None else item in options
            case _:
                return self._computed(typed, tried)

    def _fixed(self, typed: Typed) -> date | None:
        """A day of the calendar, or one that depends on the period alone: its ends, and so many years or
        months before them.
        """
        match typed.tree:
            case Text(value=word) if typed.kind == "date":
                return date.fromisoformat(word)
            case Name(name=name):
                return self._days.get(name)
            case Call(function="years_before" | "months_before" as before, args=(day, Number(value=many))):
                end = self._days.get(day.name) if isinstance(day, Name) else None
                return (
                    None if end is None else earlier(end, int(many) * (12 if before == "years_before" else 1))
                )
        return None

    def _chain(self, ops: tuple[str, ...], typed: Typed, tried: Tried) -> Value:
        values = [self.value(arg, tried) for arg in typed.args]
        if None in values:
            return None
        return all(holds(op, a, b) for op, a, b in zip(ops, values, values[1:], strict=False))

    def _computed(self, typed: Typed, tried: Tried) -> Value:
        values = [self.value(arg, tried) for arg in typed.args]
        match typed.tree:
            case Logic(op=op):
                known = [value for value in values if value is not None]
                sure = (op == "or") in known
                return (op == "or") if sure else None if None in values else op == "and"
            case Unary(op="not"):
                return None if values[0] is None else not values[0]
            case Call(function="if"):
                return None if values[0] is None else values[1] if values[0] else values[2]
        numbers = [Fraction(value) for value in values if value is not None and not isinstance(value, str)]
        return None if len(numbers) < len(values) else _number(typed, numbers)


def _number(typed: Typed, n: list[Fraction]) -> Value:  # noqa: PLR0911 - one line per sign
    match typed.tree:
        case Unary():
            return -n[0]
        case Arithmetic(op="+"):
            return n[0] + n[1]
        case Arithmetic(op="-"):
            return n[0] - n[1]
        case Arithmetic(op="*"):
            return n[0] * n[1]
        case Arithmetic(op="/"):
            return n[0] / n[1] if n[1] else None
        case Call(function=function):
            return _function(function, n)
        case _:
            return None


def _function(function: str, n: list[Fraction]) -> Value:  # noqa: PLR0911 - one line per function
    match function:
        case "min":
            return min(n)
        case "max":
            return max(n)
        case "abs":
            return abs(n[0])
        case "floor":
            return Fraction(math.floor(n[0]))
        case "units":
            return Fraction(math.floor(n[0] / n[1])) if n[1] else None
        case "count":
            return sum(n, Fraction(0))
        case _:
            scale = 10 ** int(n[1])
            whole = math.floor(abs(n[0]) * scale + Fraction(1, 2))
            return Fraction(whole if n[0] >= 0 else -whole, scale)


def holds(op: str, a: Value, b: Value) -> bool:
    """Whether a comparison holds; words have no order."""
    if op in ("==", "!="):
        return (a == b) == (op == "==")
    if isinstance(a, str) or isinstance(b, str) or a is None or b is None:
        return False
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
