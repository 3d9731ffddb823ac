"""What several pages of the plugin send, and how its figures are read."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

import msgspec

from jiceng.api import Invalid, today
from jiceng.api.typed import plain, read_year, single

AnAct = TypeVar("AnAct", bound=StrEnum)


class ReasonForm(msgspec.Struct, frozen=True):
    """Why."""

    reason: str = ""


class YearForm(msgspec.Struct, frozen=True):
    """A year as typed."""

    year: str = ""


def act_in(kind: type[AnAct], text: str) -> AnAct:
    """The act a button stands for; raises Invalid for none."""
    if text not in set(kind):
        raise Invalid(["请选要办理的事"], "没有办理", where="办理")
    return kind(text)


def year_in(address: int) -> int:
    """The year in an address; this year for 0. Raises Invalid for what is no year."""
    return single(read_year, str(address), "年度", "没有这一年") if address else today().year


def year_of(text: str) -> int:
    """A year of a form; this year for none. Raises Invalid for what is no year."""
    return single(read_year, text, "年度", "没有办理") if plain(text) else today().year


def number(text: str, title: str, most: int, places: int, faults: list[str]) -> Decimal:
    """A number from 0 to `most`; a fault is appended for anything else, and 0 returned."""
    said = plain(text)
    if not said:
        faults.append(f"{title}还没有填")
        return Decimal(0)
    try:
        value = Decimal(said) if len(said) <= len("10000.5") and said.isascii() else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value <= most or value != round(value, places):
        form = "整数" if not places else f"数，最多 {places} 位小数"
        faults.append(f"{title}“{said[:20]}”应是 0 到 {most} 的{form}")
        return Decimal(0)
    return value
