"""Periods of appraisal as calendar spans, and their names on screens."""

from __future__ import annotations

import calendar
from datetime import date
from typing import NamedTuple

_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class Span(NamedTuple):
    """A period before it has a row: kind, first and last day, title."""

    kind: str
    first_day: date
    last_day: date
    title: str


def span_around(kind: str, day: date) -> Span:
    """The month, quarter, half year or year that `day` lies in.

    Raises ValueError for another kind.
    """
    if kind not in _MONTHS:
        raise ValueError(f"no such kind of period: {kind!r}")
    length = _MONTHS[kind]
    first = (day.month - 1) // length * length + 1
    last = first + length - 1
    return Span(
        kind,
        date(day.year, first, 1),
        date(day.year, last, calendar.monthrange(day.year, last)[1]),
        _title(kind, day.year, first),
    )


def _title(kind: str, year: int, month: int) -> str:
    match kind:
        case "month":
            return f"{year} 年 {month} 月"
        case "quarter":
            return f"{year} 年第{'一二三四'[(month - 1) // 3]}季度"
        case "half":
            return f"{year} 年{'上' if month == 1 else '下'}半年"
    return f"{year} 年度"
