"""What people type into forms, read into values; what cannot be read is added to a list of faults."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from uuid import UUID

from jiceng.api import Invalid, NotFound, today

_FIGURE = re.compile(r"[-−]?\d{1,14}(\.\d{1,2})?")
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"20\d\d")
_LONGEST_COUNT = 6
Typed = list[str] | str | None
"""A column of a form: none, one or several fields of the same name."""


def read_day(text: str, title: str, faults: list[str]) -> date | None:
    """A day as 2026-03-31, or None for an empty field."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        faults.append(f"{title}“{text.strip()[:20]}”不是日期")
        return None


def needed_day(text: str, title: str, faults: list[str]) -> date:
    """A day that must be given; without one a fault is added."""
    before = len(faults)
    found = read_day(text, title, faults)
    if found is None and len(faults) == before:
        faults.append(f"请填{title}")
    return found or today()


def read_month(text: str, title: str, faults: list[str]) -> date:
    """A month as 2026-03, as its first day."""
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        faults.append(f"{title}“{text.strip()[:20]}”不是月份，应写成 2026-03")
        return today().replace(day=1)
    return date(int(found[1]), int(found[2]), 1)


def read_year(text: str, title: str, faults: list[str]) -> int:
    """A year as 2026."""
    if not _YEAR.fullmatch(text.strip()):
        faults.append(f"{title}“{text.strip()[:10]}”不是年度，应写成 2026")
        return today().year
    return int(text)


def read_figure(text: str, title: str, faults: list[str]) -> Decimal | None:
    """A number with at most two places, or None for an empty field."""
    typed = text.strip().replace(",", "").replace("，", "").removesuffix("%")
    if not typed:
        return None
    if not _FIGURE.fullmatch(typed):
        faults.append(f"{title}“{typed[:20]}”不是数字（最多两位小数）")
        return None
    return Decimal(typed.replace("−", "-"))


def read_count(text: str, title: str, faults: list[str]) -> int:
    """A whole number from 0 on; an empty field is 0."""
    typed = text.strip()
    if not typed:
        return 0
    if not typed.isascii() or not typed.isdecimal() or len(typed) > _LONGEST_COUNT:
        faults.append(f"{title}“{typed[:20]}”不是整数")
        return 0
    return int(typed)


def rows(*columns: Typed) -> list[tuple[str, ...]]:
    """Columns of a form, each from top to bottom, as rows without blanks around; empty rows are left out."""
    lists = [[column] if isinstance(column, str) else column or [] for column in columns]
    found = [tuple(cell.strip() for cell in row) for row in zip_longest(*lists, fillvalue="")]
    return [row for row in found if any(row)]


def id_of(text: str, absent: str) -> UUID:
    """An id as a form sends it; what is none is absent: raises NotFound with these words."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(absent) from None


def refuse(faults: list[str], where: str, what: str = "没有保存") -> None:
    """Raise Invalid with every fault, if there is one."""
    if faults:
        raise Invalid(faults, what, where=where)
