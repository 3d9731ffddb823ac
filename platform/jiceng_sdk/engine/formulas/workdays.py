"""Functions that count working days, on columns; rulebooks that use none pay for nothing."""

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl

from jiceng_sdk.engine.formulas import value as v
from jiceng_sdk.engine.formulas.compile import compiled
from jiceng_sdk.engine.formulas.scope import Maker, Scope
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers.exact import whole
from jiceng_sdk.engine.period import Period
from jiceng_sdk.expressions.tree import Call
from jiceng_sdk.faults import Fault
from jiceng_sdk.rulebook import Analysis
from jiceng_sdk.rulebook.workdays import Workdays

_FIRST_DAY = date(1970, 1, 1)
_KEY = "working days"
_NONE: Mapping[str, Maker] = {}
_NOTHING = pl.lit(0, dtype=pl.Int64)
_Made = Callable[..., Value]


def calls(analysis: Analysis) -> Mapping[str, Maker]:
    """The functions under the calendar of a rulebook; none where nothing reads it."""
    if not analysis.reads_calendar:
        return _NONE
    found: Mapping[str, Maker] | None = analysis.worked.get(_KEY)
    if found is None:
        found = analysis.worked[_KEY] = _makers(analysis.workdays)
    return found


def unknown_years(analysis: Analysis, period: Period) -> tuple[Fault, ...]:
    """What to say when working days count in a period whose years the calendar does not have."""
    if not analysis.reads_calendar:
        return ()
    years = range(period.start.year, period.end.year + 1)
    return tuple(
        Fault(
            zh=f"规则书的日历没有 {year} 年，不知道哪天上班：照放假通知补上 [calendar.{year}]",
            en=f"the calendar of the rulebook lacks {year}: add [calendar.{year}] with the days off",
            path=f"calendar.{year}",
            code="calendar",
        )
        for year in years
        if str(year) not in analysis.book.calendar
    )


class _Days:
    """The calendar as columns that rows look into; a day outside its years has no answer."""

    def __init__(self, known: Workdays) -> None:
        self.first = (known.first - _FIRST_DAY).days
        self.many, self.working = len(known.before) - 1, len(known.days)
        self._before = pl.lit(pl.Series(known.before, dtype=pl.Int64))
        self._nth = pl.lit(pl.Series([self.first + n for n in known.days], dtype=pl.Int32).cast(pl.Date))

    def number(self, day: Value) -> pl.Expr:
        """A day's number, nothing outside the calendar."""
        return _inside(day.expr.to_physical().cast(pl.Int64) - self.first, self.many)

    def before(self, number: pl.Expr) -> pl.Expr:
        """Working days before a day of this number."""
        return self._before.gather(number)

    def nth(self, place: pl.Expr) -> pl.Expr:
        """The working day at this place, from 0; nothing outside the calendar."""
        return self._nth.gather(_inside(place, self.working))


def _inside(number: pl.Expr, many: int) -> pl.Expr:
    return pl.when((number >= 0) & (number < many)).then(number).otherwise(None)


def _makers(known: Workdays) -> Mapping[str, Maker]:
    days = _Days(known)

    def after(day: Value, many: Value) -> Value:
        """The n-th working day after; with 0 the day itself, or the next that is one."""
        n, at = _many(many), days.number(day)
        return _date(
            days.nth(days.before(at + (n > 0).cast(pl.Int64)) + n - (n > 0).cast(pl.Int64)), day, many
        )

    def before(day: Value, many: Value) -> Value:
        """The n-th working day before; with 0 the day itself, or the last that was one."""
        n, at = _many(many), days.number(day)
        back = pl.max_horizontal(n, pl.lit(1, dtype=pl.Int64))
        return _date(days.nth(days.before(at + (n == 0).cast(pl.Int64)) - back), day, many)

    def between(first: Value, last: Value) -> Value:
        """Working days from the first to the last day, both included."""
        many = days.before(days.number(last) + 1) - days.before(days.number(first))
        return _count(pl.when(many < 0).then(_NOTHING).otherwise(many), first, last)

    def late(due: Value, done: Value) -> Value:
        """Working days begun after a deadline."""
        many = days.before(days.number(done)) - days.before(days.number(due) + 1) + 1
        return _count(pl.when(done.expr <= due.expr).then(_NOTHING).otherwise(many), due, done)

    made: dict[str, _Made] = {
        "workdays_after": after,
        "workdays_before": before,
        "workdays_in": between,
        "workdays_late": late,
    }
    return {name: _maker(make) for name, make in made.items()}


def _maker(make: _Made) -> Maker:
    def called(call: Call, scope: Scope) -> Value:
        return make(*(compiled(arg, scope) for arg in call.args))

    return called


def _many(part: Value) -> pl.Expr:
    """How many, rounded down; less than none has no answer."""
    n = part.snapped().floor().cast(pl.Int64)
    return pl.when(n >= 0).then(n).otherwise(None)


def _date(found: pl.Expr, *parts: Value) -> Value:
    return Value(found, "date", absent=v.any_absent(*parts), nullable=True)


def _count(many: pl.Expr, *parts: Value) -> Value:
    return v.number(whole(many), 0, *parts, nullable=True)
