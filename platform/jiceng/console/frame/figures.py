"""How numbers and times are written on screens: true minus, a dash for none, Chinese date order."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal

from jiceng.kernel.clock import CHINA

NONE = "—"
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


def figure(value: Decimal | int | None, places: int | None = None) -> str:
    """A number for a ledger column: 12,345 · −2.00 · — for none; `places` fixes the decimals, half up."""
    if value is None:
        return NONE
    text = f"{value:,}" if places is None else f"{_rounded(Decimal(value), places):,.{places}f}"
    return text.replace("-", "−")


def amount(value: Decimal | None, share: bool) -> str:
    """A value over many subjects: a share as 70.13 %, any other number with the places it has (at most 4)."""
    if value is None:
        return NONE
    if share:
        return f"{figure(value * 100, 2)} %"
    return figure(Decimal(f"{_rounded(value, 4).normalize():f}"))


def day(value: date | None) -> str:
    """A calendar day as 2026-11-22, or a dash."""
    return NONE if value is None else value.isoformat()


def moment(value: datetime | None) -> str:
    """A moment in China's time as 2026-11-22 09:12, or a dash."""
    return NONE if value is None else value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def percent(part: int, whole: int) -> int:
    """`part` of `whole` in whole percent, rounded down; 0 of 0 is 0."""
    return part * 100 // whole if whole else 0


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), context=_EXACT)
