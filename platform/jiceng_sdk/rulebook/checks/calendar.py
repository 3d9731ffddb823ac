"""The calendar: years that follow each other, days that exist, and one at all where working days count."""

from collections.abc import Iterator
from itertools import pairwise

from jiceng_sdk.expressions.tree import Call, walk
from jiceng_sdk.faults import Fault
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.parts import Year
from jiceng_sdk.rulebook.workdays import WORKDAY_FUNCTIONS, listed

_SATURDAY, _DIGITS = 5, 4
_WEEKDAYS = "一二三四五"
_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
SAMPLE = '[calendar.2026] off = ["10-01..10-07", …]，work = ["10-10", …]'


def calendar(found: Analysis) -> Iterator[Fault]:
    """Faults of the calendar and of formulas that lack one."""
    years = found.book.calendar
    if not years:
        yield from _lacking(found)
        return
    for year, days in years.items():
        if len(year) == _DIGITS and year.isascii() and year.isdigit() and int(year):
            yield from _year(int(year), days, f"calendar.{year}")
        else:
            zh, en = f"“{year}”不是年份，写成 2026 这样", f"{year!r} is no year: write it like 2026"
            yield Fault(zh=zh, en=en, path=f"calendar.{year}", code="calendar")
    yield from _skipped(sorted(int(year) for year in years if year.isascii() and year.isdigit()))
    if not found.reads_calendar and not found.faults:
        zh, en = "没有算式用到日历", "no formula reads the calendar"
        yield Fault(zh=zh, en=en, path="calendar", code="unused", severity="warning")


def _skipped(known: list[int]) -> Iterator[Fault]:
    """Years that lie between others and are not there themselves."""
    for before, after in pairwise(known):
        if after == before + 1:
            continue
        gap = f"{before + 1}" if after == before + 2 else f"{before + 1}—{after - 1}"
        zh = f"日历里 {gap} 年空着，前后的年份都写了：请补上，或去掉多余的年份"
        en = f"the calendar has years before and after {gap}, but not {gap} itself"
        yield Fault(zh=zh, en=en, path="calendar", code="calendar")


def _lacking(found: Analysis) -> Iterator[Fault]:
    """Formulas that count working days without any calendar."""
    for path, typed in found.formulas.items():
        used = next(
            (
                part.function
                for part in walk(typed.tree)
                if isinstance(part, Call) and part.function in WORKDAY_FUNCTIONS
            ),
            "",
        )
        if used:
            zh = f"{used} 要有日历才知道哪天上班：照放假通知写 {SAMPLE}"
            en = f"{used} needs a calendar: write the days off and made up for, {SAMPLE}"
            yield Fault(zh=zh, en=en, path=path, code="calendar")


def _year(year: int, days: Year, path: str) -> Iterator[Fault]:
    if not days.off:
        zh, en = "没有写放假的日子", "no day off is named"
        yield Fault(zh=zh, en=en, path=f"{path}.off", code="calendar")
    wrong = [fault for key in ("off", "work") for fault in _unread(year, getattr(days, key), f"{path}.{key}")]
    yield from wrong
    if wrong:
        return
    off, work = set(listed(year, days.off)), set(listed(year, days.work))
    for day in sorted(off & work):
        zh = f"{day.month} 月 {day.day} 日又写了放假，又写了上班"
        yield Fault(zh=zh, en=f"{day} is both off and made up for", path=f"{path}.work", code="calendar")
    for day in sorted(work - off):
        if day.weekday() < _SATURDAY:
            word = _WEEKDAYS[day.weekday()]
            zh = f"{day.month} 月 {day.day} 日是星期{word}，本来就上班；work 只写调休上班的周末"
            en = f"{day} is a {_ENGLISH[day.weekday()]} and a working day anyway: name weekends only"
            yield Fault(zh=zh, en=en, path=f"{path}.work", code="calendar", severity="warning")


def _unread(year: int, texts: tuple[str, ...], path: str) -> Iterator[Fault]:
    for n, text in enumerate(texts):
        try:
            list(listed(year, (text,)))
        except ValueError:
            zh = f"“{text}”不是 {year} 年的日子：写成 10-01，几天连着写成 10-01..10-07；跨年的分别写在两年里"
            en = f"{text!r} is no day of {year}: write 10-01, or 10-01..10-07 for several"
            yield Fault(zh=zh, en=en, path=f"{path}[{n}]", code="calendar")
