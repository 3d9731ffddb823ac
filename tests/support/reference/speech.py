"""Expressions on plain values: what a formula means for one subject (or one row of a fact)."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from tests.support.reference.values import GONE, OPEN, Grade, No, Value, both, compared, either, half_up

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

Call_ = Callable[[Call, "Env"], Value]


@dataclass(frozen=True)
class Env:
    """What names mean here: `read` by name, grades best first, functions that look beyond the row."""

    read: Callable[[str], Value]
    grades: tuple[str, ...] = ()
    calls: Mapping[str, Call_] = field(default_factory=dict)

    def over(self, own: Mapping[str, Value]) -> "Env":
        """The same with further names, which win."""
        return replace(self, read=lambda name: own[name] if name in own else self.read(name))


def meaning(formula: Formula | Tree, env: Env) -> Value:  # noqa: C901, PLR0911, PLR0912 - one answer per kind of tree
    """Value of a formula."""
    tree = formula.tree if isinstance(formula, Formula) else formula
    match tree:
        case Number():
            return Fraction(tree.value)
        case Text():
            return tree.value
        case Flag():
            return tree.value
        case Name():
            return env.read(tree.name)
        case Unary():
            part = meaning(tree.arg, env)
            if isinstance(part, No):
                return OPEN if tree.op == "not" else part
            return not part if tree.op == "not" else -exact(part)
        case Arithmetic():
            return _arithmetic(tree.op, meaning(tree.left, env), meaning(tree.right, env))
        case Logic():
            parts = [meaning(arg, env) for arg in tree.args]
            return both(parts) if tree.op == "and" else either(parts)
        case Compare():
            parts = [meaning(arg, env) for arg in tree.args]
            return both([_pair(op, parts[n], parts[n + 1], env) for n, op in enumerate(tree.ops)])
        case Among():
            item = meaning(tree.item, env)
            return either([_pair("==", item, meaning(option, env), env) for option in tree.options])
        case Call():
            return _call(tree, env)


def number(formula: Formula | Tree, env: Env) -> Fraction | None:
    """A number, or None where there is no answer."""
    found = meaning(formula, env)
    return None if isinstance(found, No) else exact(found)


def exact(value: Value) -> Fraction:
    """A value that must be a number."""
    assert isinstance(value, Fraction), value
    return value


def _pair(op: str, a: Value, b: Value, env: Env) -> Value:
    return compared(op, _alike(a, b, env), _alike(b, a, env))


def _alike(a: Value, b: Value, env: Env) -> Value:
    """A word beside a grade is that grade, beside a date that day."""
    if not isinstance(a, str):
        return a
    if isinstance(b, Grade):
        return Grade(len(env.grades) - env.grades.index(a))
    return date.fromisoformat(a) if isinstance(b, date) else a


def _arithmetic(op: str, a: Value, b: Value) -> Value:
    if isinstance(a, No) or isinstance(b, No):
        return lost([a, b])
    x, y = exact(a), exact(b)
    match op:
        case "+":
            return x + y
        case "-":
            return x - y
        case "*":
            return x * y
        case _:
            return OPEN if y == 0 else x / y


def _call(tree: Call, env: Env) -> Value:
    if tree.function in env.calls:
        return env.calls[tree.function](tree, env)
    parts = [meaning(arg, env) for arg in tree.args]
    if tree.function == "missing":
        return isinstance(parts[0], No)
    if tree.function == "if":
        asked, yes, no = parts
        return OPEN if isinstance(asked, No) else yes if asked else no
    if any(isinstance(part, No) for part in parts):
        return OPEN if tree.function == "count" else lost(parts)
    return _plain(tree.function, parts)


def lost(parts: list[Value]) -> Value:
    """What is made of something that is settled not to exist does not exist either."""
    return GONE if GONE in parts else OPEN


def _plain(function: str, parts: list[Value]) -> Value:  # noqa: C901, PLR0911, PLR0912 - one answer per function
    match function, parts:
        case "count", _:
            return Fraction(sum(part is True for part in parts))
        case "min", _:
            return min(exact(part) for part in parts)
        case "max", _:
            return max(exact(part) for part in parts)
        case "days", [date() as first, date() as last]:
            return Fraction((last - first).days)
        case "months", [date() as first, date() as last]:
            return Fraction(_full_months(first, last) if first <= last else -_full_months(last, first))
        case "month_of", [date() as day]:
            return Fraction(day.month)
        case "year_of", [date() as day]:
            return Fraction(day.year)
        case "years_before", [date() as day, n]:
            return _months_back(day, 12 * int(exact(n)))
        case "months_before", [date() as day, n]:
            return _months_back(day, int(exact(n)))
        case "days_before", [date() as day, n]:
            return day - timedelta(days=int(exact(n)))
        case "round", [x, n]:
            return half_up(exact(x), int(exact(n)))
        case "abs", [x]:
            return abs(exact(x))
        case "floor", [x]:
            return Fraction(floor(exact(x)))
        case "units", [x, size]:
            return OPEN if exact(size) == 0 else Fraction(floor(exact(x) / exact(size)))
    raise AssertionError(function)


def _full_months(first: date, last: date) -> int:
    """The most months that can be added to a day without passing the other; what it lacks is its last."""
    many = 0
    while _months_back(first, -many - 1) <= last:
        many += 1
    return many


def _months_back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def absent(value: Value) -> bool:
    """Whether there is no value, open or settled."""
    return value is OPEN or value is GONE
