"""What every part of a rulebook has, and the words shared by several parts."""

from decimal import Decimal
from typing import Literal

from msgspec import Struct

Unit = Literal["day", "week", "month", "quarter", "half", "year", "period"]
SubPeriod = Literal["month", "quarter", "half"]
Mode = Literal["half_up", "half_even", "down", "up"]

WINDOWS: tuple[Unit, ...] = ("day", "week", "month", "quarter", "half", "year", "period")
MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class Part(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"from_": "from", "for_": "for"},
):
    """A titled part; `clause` is the document and article it stands for, `basis` the sentence it rests on."""

    title: str = ""
    clause: str = ""
    basis: str = ""


class Rounding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`round = 2` or `round = { places = 2, mode = "down" }`; half_up is 四舍五入, away from zero."""

    places: int
    mode: Mode = "half_up"


class Limit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points per window: `day = 2` (at most) or `month = [-6, 6]`; `per` is a window or a field."""

    per: str
    low: Decimal | None = None
    high: Decimal
