"""What people type into the fields of a form, read into values.

A reader adds to `faults` what it cannot read, in plain Chinese with the field's title, and goes on with a
value that is never used: `refuse` tells all faults of a form at once. `single` reads a form's only such
field. Digits of full width, `2026/3/31` and `2026年3月31日` are read as people mean them.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, TypeVar
from unicodedata import normalize
from uuid import UUID

from jiceng.kernel.clock import today
from jiceng.kernel.errors import Invalid, NotFound
from jiceng.kernel.invisible import visible
from jiceng.kernel.spreadsheets.dates import DateError, read_date

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_FIGURE = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,2})?")
_COUNT = re.compile(r"[0-9]{1,6}")
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_BETWEEN = re.compile(r"[\s,、;]+")
_YEAR = re.compile(r"20[0-9]{2}")
_DAY = re.compile(r"[0-9]{8}|[0-9]{4}[-./年][0-9]{1,2}[-./月][0-9]{1,2}日?")
SHOWN = 20
"""So much of what was typed is told again."""
Typed = list[str] | str | None
"""A column of a form: none, one or several fields of the same name."""


def plain(text: str) -> str:
    """What was typed without blanks around and what nobody sees; full-width signs narrowed."""
    return normalize("NFKC", visible(text)).replace("−", "-").strip()


def read_numbers(text: str) -> list[str]:
    """Numbers of people or things, separated by blanks, lines, commas of any kind; each once."""
    return list(dict.fromkeys(part for part in _BETWEEN.split(plain(text)) if part))


def read_day(text: str, title: str, faults: list[str]) -> date | None:
    """A day, or None for an empty field."""
    typed = plain(text)
    if not typed:
        return None
    try:
        if _DAY.fullmatch(typed):
            return read_date(typed)
    except DateError as error:
        faults.append(f"{title}“{typed[:SHOWN]}”不是日期：{error.what}")
        return None
    faults.append(f"{title}“{typed[:SHOWN]}”不是日期，应写成 2026-03-31")
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
    found = _MONTH.fullmatch(plain(text))
    if found is None:
        faults.append(f"{title}“{plain(text)[:SHOWN]}”不是月份，应写成 2026-03" if text else f"请填{title}")
        return today().replace(day=1)
    return date(int(found[1]), int(found[2]), 1)


def read_year(text: str, title: str, faults: list[str]) -> int:
    """A year as 2026."""
    typed = plain(text)
    if not _YEAR.fullmatch(typed):
        faults.append(f"{title}“{typed[:SHOWN]}”不是年度，应写成 2026" if typed else f"请填{title}")
        return today().year
    return int(typed)


def read_figure(text: str, title: str, faults: list[str]) -> Decimal | None:
    """A number with at most two places, or None for an empty field; `1,234.5` and `85%` are read too."""
    typed = plain(text).replace(",", "").removesuffix("%")
    if not typed:
        return None
    if not _FIGURE.fullmatch(typed):
        faults.append(f"{title}“{typed[:SHOWN]}”不是数字（最多两位小数）")
        return None
    return Decimal(typed)


def read_count(text: str, title: str, faults: list[str]) -> int:
    """A whole number from 0 to 999,999; an empty field is 0."""
    typed = plain(text)
    if not typed:
        return 0
    if not _COUNT.fullmatch(typed):
        faults.append(f"{title}“{typed[:SHOWN]}”不是整数")
        return 0
    return int(typed)


def needed_count(text: str, title: str, faults: list[str]) -> int:
    """A whole number from 0 to 999,999 that must be given."""
    if not plain(text):
        faults.append(f"请填{title}")
    return read_count(text, title, faults)


def read_choice(text: str, title: str, faults: list[str]) -> UUID | None:
    """The id of what was chosen from a list, or None for nothing."""
    try:
        return UUID(text) if text.strip() else None
    except ValueError:
        faults.append(f"请从列表里选择{title}")
        return None


def needed_choice(text: str, title: str, faults: list[str]) -> UUID:
    """The id of what must be chosen from a list."""
    found = read_choice(text, title, faults)
    if found is None and not text.strip():
        faults.append(f"请从列表里选择{title}")
    return found or UUID(int=0)


def id_of(text: str, absent: str) -> UUID:
    """An id as a form sends it; what is none is absent: raises NotFound with these words."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(absent) from None


def single(read: Callable[[str, str, list[str]], T], text: str, title: str, what: str = "没有保存") -> T:
    """The one field of a form; raises Invalid for what `read` cannot read."""
    faults: list[str] = []
    found = read(text, title, faults)
    refuse(faults, title, what)
    return found


def rows(*columns: Typed) -> list[tuple[str, ...]]:
    """Columns of a form, each from top to bottom, as rows without blanks around; empty rows are left out."""
    lists = [[column] if isinstance(column, str) else column or [] for column in columns]
    found = [tuple(cell.strip() for cell in row) for row in zip_longest(*lists, fillvalue="")]
    return [row for row in found if any(row)]


def refuse(faults: list[str], where: str, what: str = "没有保存") -> None:
    """Raise Invalid with every fault, if there is one."""
    if faults:
        raise Invalid(faults, what, where=where)
