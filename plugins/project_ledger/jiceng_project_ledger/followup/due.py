"""The calendar of follow-up: which report is due on which day, and until when it may be handed in. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(StrEnum):
    """What is due."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


KIND_WORDS: dict[Kind, str] = {
    Kind.MONTH: "月汇报",
    Kind.QUARTER: "季调度",
    Kind.HALF: "半年初评",
    Kind.YEAR: "年终总评",
}
MONTHS: dict[Kind, int] = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF: 6, Kind.YEAR: 12}
"""How many months a period of the kind has. A half-year is rated once a year, after June."""
_LAST_DAY = 28
_LONGEST_GRACE = 90
_LONGEST_CORRECTION = 30


class WorkingDays(Protocol):
    """What is needed of the tenant's calendar."""

    @property
    def years(self) -> frozenset[int]:
        """The years whose working days are known."""

    def next_working(self, day: date) -> date:
        """The day itself when it is a working day, else the first one after it."""


class Rhythm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On which day of the month after a period its papers are due, and how many days later it closes.

    `corrects_within`: days for correcting a report that was returned.
    """

    month_day: int = 5
    quarter_day: int = 10
    half_day: int = 15
    year_day: int = 20
    closes_after: int = 15
    corrects_within: int = 5

    def day_of(self, kind: Kind) -> int:
        """The day of the month on which papers of a kind are due."""
        days = {
            Kind.MONTH: self.month_day,
            Kind.QUARTER: self.quarter_day,
            Kind.HALF: self.half_day,
            Kind.YEAR: self.year_day,
        }
        return days[kind]

    def faults(self) -> list[str]:
        """What is wrong with them, in Chinese; empty when they can be used."""
        found = [
            f"{KIND_WORDS[kind]}的报送日应在 1 到 {_LAST_DAY} 之间"
            for kind in Kind
            if not 1 <= self.day_of(kind) <= _LAST_DAY
        ]
        if not 0 <= self.closes_after <= _LONGEST_GRACE:
            found.append(f"关账天数应在 0 到 {_LONGEST_GRACE} 之间")
        if not 0 <= self.corrects_within <= _LONGEST_CORRECTION:
            found.append(f"退回改正天数应在 0 到 {_LONGEST_CORRECTION} 之间")
        return found


class Due(msgspec.Struct, frozen=True):
    """A period (named by its first day) and its days.

    `known` is false when the tenant's calendar has no such year yet: `day` is then the plain one.
    After `closes` nothing is handed in unless the period is re-opened for one project.
    """

    kind: Kind
    first: date
    last: date
    day: date
    closes: date
    known: bool = True


def due(kind: Kind, first: date, rhythm: Rhythm, days: WorkingDays) -> Due:
    """When the papers of the period that begins on `first` are due: the next working day."""
    after = add_months(first, MONTHS[kind])
    plain = after.replace(day=rhythm.day_of(kind))
    known = {plain.year, (plain + timedelta(days=_LAST_DAY)).year} <= days.years
    day = days.next_working(plain) if known else plain
    return Due(kind, first, after - timedelta(days=1), day, day + timedelta(days=rhythm.closes_after), known)


def correct_by(day: date, rhythm: Rhythm, days: WorkingDays) -> date:
    """Until when a report returned on a day may be corrected; a working day where the calendar knows it."""
    last = day + timedelta(days=rhythm.corrects_within)
    known = {last.year, (last + timedelta(days=_LAST_DAY)).year} <= days.years
    return days.next_working(last) if known else last


def beginning(kind: Kind, day: date) -> date:
    """The first day of the period of a kind that `day` lies in; a half-year is always the first one."""
    if kind is Kind.MONTH:
        return day.replace(day=1)
    if kind is Kind.QUARTER:
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(day.year, 1, 1)


def periods(kind: Kind, first: date, last: date) -> Iterator[date]:
    """The first days of the periods of a kind that touch the span from `first` to `last`."""
    day = beginning(kind, first)
    while day <= last:
        if kind is not Kind.HALF or first <= date(day.year, 6, 30):
            yield day
        day = add_months(day, 12 if kind is Kind.HALF else MONTHS[kind])


def add_months(day: date, months: int) -> date:
    """The first of the month so many months later (or earlier)."""
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)
