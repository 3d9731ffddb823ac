"""Periods as a case file writes them: "2024", "2024-H1", "2024-Q3", "2024-05", or a first and a last day."""

import calendar
import re
from datetime import date

from jiceng_sdk.cases.shape import Span, Written

_WRITTEN = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(\d{2})))?")


def read_span(raw: Written, kind: str) -> Span:
    """Span of what was written; `kind` is the rulebook's period and names a span given by its days.

    Raises ValueError in plain words when nothing readable was written.
    """
    if isinstance(raw, dict):
        start, end = raw.get("start"), raw.get("end")
        if not isinstance(start, date) or not isinstance(end, date) or start > end:
            raise ValueError(f"期间 {raw!r} 应写成 {{ start = 2024-01-01, end = 2024-12-31 }}")
        return Span(kind=kind, start=start, end=end)
    found = _WRITTEN.fullmatch(str(raw))
    if not found:
        raise ValueError(f"期间 {raw!r} 应写成 2024、2024-H1、2024-Q3 或 2024-05")
    year = int(found[1])
    if found[2]:
        return _months("quarter", year, 3 * int(found[2]) - 2, 3)
    if found[3]:
        return _months("half", year, 6 * int(found[3]) - 5, 6)
    if found[4]:
        return _months("month", year, int(found[4]), 1)
    return _months("year", year, 1, 12)


def _months(kind: str, year: int, first: int, count: int) -> Span:
    last = first + count - 1
    if not 1 <= first <= last <= 12:  # noqa: PLR2004 - months of a year
        raise ValueError(f"没有第 {first} 个月")
    return Span(
        kind=kind, start=date(year, first, 1), end=date(year, last, calendar.monthrange(year, last)[1])
    )
