"""A month as a page: its weeks, and what is due on which day. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

_WEEK = 7


class Mark(msgspec.Struct, frozen=True):
    """Something due on a day: `title` is a msgid with `values`; `path` below the plugin's address."""

    day: date
    title: str
    values: dict[str, str | int]
    path: str
    late: bool = False


class Cell(msgspec.Struct, frozen=True):
    """A day of the page; `inside`: it lies in the month; `working` is None where the year is not known."""

    day: date
    inside: bool
    working: bool | None
    marks: tuple[Mark, ...]


def weeks(month: date, marks: Iterable[Mark], working: dict[date, bool | None]) -> list[list[Cell]]:
    """The weeks that touch the month, Monday first; days outside carry no marks."""
    by_day: dict[date, list[Mark]] = {}
    for mark in marks:
        by_day.setdefault(mark.day, []).append(mark)
    day = month - timedelta(days=month.weekday())
    found = []
    while day < _after(month):
        week = [day + timedelta(days=n) for n in range(_WEEK)]
        found.append([_cell(one, month, by_day, working) for one in week])
        day += timedelta(days=_WEEK)
    return found


def days_of(month: date) -> list[date]:
    """Every day of the month."""
    return [month + timedelta(days=n) for n in range((_after(month) - month).days)]


def _cell(day: date, month: date, by_day: dict[date, list[Mark]], working: dict[date, bool | None]) -> Cell:
    inside = (day.year, day.month) == (month.year, month.month)
    return Cell(day, inside, working.get(day), tuple(by_day.get(day, ())) if inside else ())


def _after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
