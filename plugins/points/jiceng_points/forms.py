"""What the pages of points share: whole numbers that may be negative, the year asked for in an address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jiceng.api.typed import plain

if TYPE_CHECKING:
    from datetime import date

_NUMBER = re.compile(r"-?[0-9]{1,9}")


def read_number(text: str, title: str, faults: list[str]) -> int | None:
    """A whole number, negative too, or None for an empty field."""
    typed = plain(text)
    if typed and not _NUMBER.fullmatch(typed):
        faults.append(f"{title}“{typed[:20]}”不是整数")
        return None
    return int(typed) if typed else None


def needed_number(text: str, title: str, faults: list[str]) -> int:
    """A whole number that must be given, negative too."""
    if not plain(text):
        faults.append(f"请填{title}")
    return read_number(text, title, faults) or 0


def year_of(year: int, today: date) -> int:
    """The year asked for in an address; this year for anything that is none."""
    return year if 2000 <= year <= 2099 else today.year  # noqa: PLR2004 - the years there are
