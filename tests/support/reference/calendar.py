"""Working days, counted one by one from what the calendar names."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

from tests.support.reference.speech import Env, exact, lost, meaning
from tests.support.reference.values import OPEN, No, Value

from jiceng_sdk.expressions.tree import Call
from jiceng_sdk.rulebook import Rulebook

_DAY = timedelta(days=1)
_WEEKEND = (5, 6)


def working(book: Rulebook, day: date) -> bool | None:
    """Whether people work on a day; None in a year the calendar does not have."""
    year = book.calendar.get(str(day.year))
    if year is None:
        return None
    if any(_named(text, day) for text in year.work):
        return True
    return day.weekday() not in _WEEKEND and not any(_named(text, day) for text in year.off)


def _named(text: str, day: date) -> bool:
    ends = [f"{day.year}-{end}" for end in text.split("..")]
    return ends[0] <= day.isoformat() <= ends[-1]


def calls(book: Rulebook) -> dict[str, Any]:
    """The functions of working days, by name."""

    def maker(count: Callable[[Rulebook, Any, Any], Value]) -> Any:
        def called(call: Call, env: Env) -> Value:
            parts = [meaning(arg, env) for arg in call.args]
            return lost(parts) if any(isinstance(part, No) for part in parts) else count(book, *parts)

        return called

    return {
        "workdays_after": maker(lambda book, day, many: _step(book, day, many, _DAY)),
        "workdays_before": maker(lambda book, day, many: _step(book, day, many, -_DAY)),
        "workdays_in": maker(_between),
        "workdays_late": maker(_late),
    }


def _step(book: Rulebook, day: date, many: Value, by: timedelta) -> Value:
    left = floor(exact(many))
    if left < 0 or working(book, day) is None:
        return OPEN
    if left == 0:
        while working(book, day) is False:
            day += by
        return OPEN if working(book, day) is None else day
    while left:
        day += by
        if working(book, day) is None:
            return OPEN
        left -= working(book, day) is True
    return day


def _between(book: Rulebook, first: date, last: date) -> Value:
    """How many from the first to the last, both included."""
    if working(book, first) is None or working(book, last) is None:
        return OPEN
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    return Fraction(sum(working(book, day) is True for day in days))


def _late(book: Rulebook, due: date, done: date) -> Value:
    """The first working day after the deadline is one late, and whoever is done before it too."""
    if done <= due:
        return Fraction(0)
    if working(book, due) is None or working(book, done) is None:
        return OPEN
    between = [due + n * _DAY for n in range(1, (done - due).days)]
    return Fraction(1 + sum(working(book, day) is True for day in between))
