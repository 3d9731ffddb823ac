"""What several pages of the plugin send."""

from __future__ import annotations

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
