"""Working days: which days count, and how long a window of so many of them lasts. Pure; no database."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jiceng.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = Path(__file__).parent / "holidays"
_WEEKEND = 5
LONGEST_WINDOW = 60
"""Working days that a window may have at most."""


class UnknownYear(Refusal):
    """A year whose holidays nobody has entered: nothing is guessed."""

    status = 409

    def __init__(self, year: int) -> None:
        super().__init__(
            f"还没有 {year} 年的工作日历，不能推算工作日",
            where=f"{year} 年度",
            todo_zh="请按国务院办公厅的放假通知，在“工作日历”页填入这一年的放假和调休安排",
            what_en=f"the working days of {year} are not known",
            todo_en="enter the holidays and make-up days of the year on the calendar page",
        )


class Day(msgspec.Struct, frozen=True):
    """A day that is not what its weekday says."""

    day: date
    working: bool
    note: str


class Shipped(msgspec.Struct, frozen=True):
    """A year that comes with the platform: where it is from, and its exceptions."""

    source: str
    days: tuple[Day, ...]


class Calendar(msgspec.Struct, frozen=True):
    """The working days of one tenant: years that are known and the exceptions to Monday–Friday in them."""

    years: frozenset[int]
    exceptions: Mapping[date, bool]

    def is_working(self, day: date) -> bool:
        """Whether it is a working day; raises UnknownYear when its year is not known."""
        if day.year not in self.years:
            raise UnknownYear(day.year)
        return self.exceptions.get(day, day.weekday() < _WEEKEND)

    def next_working(self, day: date) -> date:
        """The day itself when it is a working day, else the first one after it."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def last_of(self, first: date, working_days: int) -> date:
        """The last day of a window that opens on `first` and holds so many working days (1 to 60)."""
        if not 1 <= working_days <= LONGEST_WINDOW:
            raise Refusal(f"工作日数应在 1 到 {LONGEST_WINDOW} 之间", where="工作日数", status=422)
        day = self.next_working(first)
        for _ in range(working_days - 1):
            day = self.next_working(day + timedelta(days=1))
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days there are from `first` to `last`, both counted; 0 when `last` is earlier."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return sum(map(self.is_working, days))


def shipped_years() -> frozenset[int]:
    """The years that come with the platform."""
    return frozenset(int(path.stem) for path in _FOLDER.glob("*.toml"))


@cache
def shipped(year: int) -> Shipped | None:
    """The holidays of a year that come with the platform, or None."""
    path = _FOLDER / f"{year}.toml"
    if not path.exists():
        return None
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    days = [
        Day(day, working=False, note=name)
        for name, (first, last) in content["off"].items()
        for day in days_from(date.fromisoformat(first), date.fromisoformat(last))
    ]
    days += [
        Day(date.fromisoformat(day), working=True, note=name)
        for name, some in content["working"].items()
        for day in some
    ]
    return Shipped(content["source"], tuple(sorted(days, key=lambda one: one.day)))


def days_from(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both counted."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
