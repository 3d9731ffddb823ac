"""Working days of the years a rulebook knows: how many there are up to a day, and which is the n-th."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct

from jiceng_sdk.rulebook.parts.calendar import Year

WORKDAY_FUNCTIONS = frozenset({"workdays_after", "workdays_before", "workdays_in", "workdays_late"})
_SATURDAY = 5
_DAY = re.compile(r"(?:(\d{4})-)?(?:(\d{1,2})-)?(\d{1,2})")
_BETWEEN = re.compile(r"\.\.|至|到|~|—+")
_WRITTEN = str.maketrans({"年": "-", "月": "-", "日": "", "号": "", "/": "-", " ": ""})


class Workdays(Struct, frozen=True):
    """`first`: the day with number 0. `before[i]`: working days before day i, one more entry than days.
    `days`: the numbers of the working days.
    """

    first: date
    before: tuple[int, ...]
    days: tuple[int, ...]


def span(year: int, text: str) -> tuple[date, date]:
    """First and last day of "10-01..10-07", "10-01" or "10月1日至7日". Raises ValueError."""
    plain = unicodedata.normalize("NFKC", text).translate(_WRITTEN)
    ends = _BETWEEN.split(plain)
    if len(ends) > 2:  # noqa: PLR2004 - from, to
        raise ValueError(text)
    first = _day(year, 0, ends[0])
    last = _day(year, first.month, ends[-1]) if len(ends) > 1 else first
    if last < first:
        raise ValueError(text)
    return first, last


def _day(year: int, month: int, text: str) -> date:
    found = _DAY.fullmatch(text)
    if found is None or int(found[1] or year) != year:
        raise ValueError(text)
    return date(year, int(found[2] or month), int(found[3]))


def listed(year: int, texts: tuple[str, ...]) -> Iterator[date]:
    """Every day that is named. Raises ValueError for what is no day of the year."""
    for text in texts:
        first, last = span(year, text)
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def workdays(calendar: Mapping[str, Year]) -> Workdays:
    """The working days of years that follow each other. Raises ValueError for a calendar with faults."""
    years = sorted(int(year) for year in calendar)
    off = {day for year in years for day in listed(year, calendar[str(year)].off)}
    work = {day for year in years for day in listed(year, calendar[str(year)].work)}
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    before, days = [0], []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        if day in work or (day.weekday() < _SATURDAY and day not in off):
            days.append(n)
        before.append(len(days))
    return Workdays(first, tuple(before), tuple(days))
