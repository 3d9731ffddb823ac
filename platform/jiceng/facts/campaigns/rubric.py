"""The rubric of a rulebook: a line for every single value that people rate, with the rules that read it.

A line is a fact with one value for each subject and period (number, flag, choice, date) that somebody hands
in. What comes as rows (events, ballots), from the roster, by month or from another scheme is no line.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from jiceng.facts.rows.checking import VALUE, fields_of
from jiceng.facts.rows.sheets import column_of
from jiceng.facts.rows.shown import in_words
from jiceng.kernel.spreadsheets.values import UnreadableError, reader
from jiceng.schemes.wording.words import Said, decisions_said, items_said
from jiceng_sdk.expressions import names
from jiceng_sdk.rulebook import DEFAULT_MAX
from jiceng_sdk.rulebook.formulas import formulas

if TYPE_CHECKING:
    from collections.abc import Collection

    from jiceng.facts.schemas import Value
    from jiceng_sdk.rulebook import Fact, Rulebook

_PART = re.compile(r"items\.([^.\[]+)|(decide\[\d+\])")
LONGEST_WORDS = 500
"""Characters of a proof or a comment."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line: the fact `name`, what may be filled in, and the rules it counts in.

    `low`, `high`, `places` belong to a number, `options` to a choice. `must`: without it the subject has no
    result; else `usual` says what holds when nothing is filled in.
    """

    name: str
    title: str
    clause: str
    kind: str
    low: Decimal | None = None
    high: Decimal | None = None
    places: int = 0
    options: tuple[str, ...] = ()
    must: bool = False
    usual: str = ""
    rules: tuple[Said, ...] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be chosen, for a flag or a choice."""
        return ("是", "否") if self.kind == "flag" else self.options

    @property
    def range_in_words(self) -> str:
        """What may be filled in: 0–15, 是／否, 达标／无设备, 日期."""
        match self.kind:
            case "number":
                return _range(self.low, self.high)
            case "flag" | "choice":
                return "／".join(self.choices)
        return "日期"


def rateable(book: Rulebook) -> tuple[str, ...]:
    """The names of the facts that can be lines, in the rulebook's order."""
    return tuple(
        name
        for name, fact in book.facts.items()
        if fact.source != "roster" and not fact.rows and fact.each is None
    )


def lines_of(book: Rulebook, wanted: Collection[str]) -> tuple[Line, ...]:
    """The lines of these facts, in the rulebook's order; names the rulebook lacks are left out."""
    rules = _rules_by_fact(book)
    return tuple(
        _line(name, book.facts[name], rules.get(name, ())) for name in rateable(book) if name in set(wanted)
    )


def read(line: Line, fact: Fact, text: str) -> Value:
    """The value that a text stands for; None when it is empty.

    Raises UnreadableError: not of the line's kind, outside its range, with too many decimals.
    """
    if not text.strip():
        return None
    value = reader(column_of(VALUE, fields_of(fact)[VALUE]))(text)
    if isinstance(value, Decimal):
        _fits(line, value)
    return value if not isinstance(value, int) else bool(value)


def written(value: Value) -> str:
    """A value as one would type it."""
    return in_words(value)


def _fits(line: Line, value: Decimal) -> None:
    low = -DEFAULT_MAX if line.low is None else line.low
    high = DEFAULT_MAX if line.high is None else line.high
    if not low <= value <= high:
        raise UnreadableError(f"应在 {_range(line.low, line.high)} 之间", "核对分值")
    if _decimals(value) > line.places:
        raise UnreadableError(f"最多 {line.places} 位小数", "核对分值")


def _decimals(value: Decimal) -> int:
    """Places after the point, trailing zeros not counted; normalize() would round what has 29 digits."""
    _, digits, exponent = value.as_tuple()
    zeros = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return max(0, -exponent - zeros) if value and isinstance(exponent, int) else 0


def _range(low: Decimal | None, high: Decimal | None) -> str:
    if low is None and high is None:
        return "数字"
    if high is None:
        return f"不小于 {low}"
    return f"不大于 {high}" if low is None else f"{low}–{high}"


def _line(name: str, fact: Fact, rules: tuple[Said, ...]) -> Line:
    return Line(
        name=name,
        title=fact.title or name,
        clause=fact.clause,
        kind=fact.kind,
        low=fact.min,
        high=fact.max,
        places=fact.places,
        options=fact.options,
        must=fact.must_be_given and fact.for_ is None,
        usual=_usual(fact),
        rules=rules,
    )


def _usual(fact: Fact) -> str:
    if fact.absent is not None:
        return fact.absent
    if fact.kind == "flag" and not fact.must_be_given:
        return "是" if fact.default is True else "否"
    return "" if fact.default is None or isinstance(fact.default, bool) else in_words(fact.default)


def _rules_by_fact(book: Rulebook) -> dict[str, tuple[Said, ...]]:
    """The items and decisions that read each fact, as they are said to people."""
    said = {one.name: one for one in (*items_said(book), *decisions_said(book))}
    read: dict[str, list[str]] = {}
    for path, formula in formulas(book):
        if found := _PART.match(path):
            for name in names(formula.tree):
                read.setdefault(name, []).append(found[1] or found[2])
    for name, item in book.items.items():
        if item.from_:
            read.setdefault(item.from_, []).append(name)
    for place, decision in enumerate(book.decide):
        if source := getattr(decision, "from_", None):
            read.setdefault(source, []).append(f"decide[{place}]")
    return {
        fact: tuple(said[part] for part in dict.fromkeys(parts) if part in said)
        for fact, parts in read.items()
    }
