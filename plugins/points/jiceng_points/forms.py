"""What people type into forms, read: days, whole numbers, ids; every fault is told in plain Chinese."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from jiceng.api import Invalid

NUMBER = re.compile(r"-?[0-9]{1,9}")


def day_of(text: str, title: str) -> date:
    """The day in a field; raises Invalid when it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid([f"{title}“{text[:20]}”不是日期"], "没有保存", where=title) from error


def optional_day(text: str, title: str) -> date | None:
    """The day in a field that may be empty."""
    return day_of(text, title) if text.strip() else None


def number_of(text: str, title: str) -> int:
    """The whole number in a field; raises Invalid when it is none."""
    typed = text.strip()
    if not NUMBER.fullmatch(typed):
        raise Invalid([f"{title}“{typed[:20]}”不是整数"], "没有保存", where=title)
    return int(typed)


def optional_number(text: str, title: str) -> int | None:
    """The whole number in a field that may be empty."""
    return number_of(text, title) if text.strip() else None


def id_of(text: str, title: str) -> UUID:
    """The id a list sends; raises Invalid for anything else."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid([f"请从列表里选择{title}"], "没有保存", where=title) from error


def optional_id(text: str, title: str) -> UUID | None:
    """The id a list sends, or nothing."""
    return id_of(text, title) if text.strip() else None


def year_of(year: int, today: date) -> int:
    """The year asked for in an address; this year for anything that is none."""
    return year if 2000 <= year <= 2099 else today.year  # noqa: PLR2004 - the years there are
