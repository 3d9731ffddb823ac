"""The period of an evaluation and its windows; months and quarters count from its first day, not
from January.
"""

from datetime import date
from functools import lru_cache
from typing import Literal

import polars as pl
from msgspec import Struct

from jiceng_sdk.rulebook.parts import MONTHS, WINDOWS

PeriodKind = Literal["day", "month", "quarter", "half", "year"]


class Period(Struct, frozen=True):
    """From the first to the last day, both included."""

    kind: PeriodKind
    start: date
    end: date

    @property
    def months(self) -> int:
        """Calendar months begun."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    @property
    def days(self) -> int:
        """Days, both ends included."""
        return (self.end - self.start).days + 1

    def cells(self, unit: str) -> int:
        """How many sub-periods of that unit: 12 months, 4 quarters, 2 halves of a year."""
        return -(-self.months // MONTHS[unit])


def order(window: str) -> int:
    """Small windows first; a field of the event comes before all of them."""
    return WINDOWS.index(window) + 1 if window in WINDOWS else 0


def inside(small: str, large: str) -> bool:
    """Whether every `small` window lies in one `large` window; weeks lie in nothing but the period."""
    if small not in WINDOWS or large not in WINDOWS:
        return large in {small, "period"}
    return large in {small, "period"} or (
        small != "week" and large != "week" and order(small) <= order(large)
    )


def number(window: str, period: Period, day: pl.Expr | None = None) -> pl.Expr:
    """The window a date falls in, as an integer from 0 at the period's start (negative before it)."""
    day = pl.col("date") if day is None else day
    match window:
        case "period":
            return pl.lit(0, dtype=pl.Int32)
        case "day":
            return day.to_physical() - pl.lit((period.start - date(1970, 1, 1)).days, dtype=pl.Int32)
        case "week":
            monday = pl.lit(period.start).dt.truncate("1w")
            return (day.dt.truncate("1w") - monday).dt.total_days().cast(pl.Int32) // 7
    month = (day.dt.year() - period.start.year) * 12 + day.dt.month().cast(pl.Int32) - period.start.month
    return month if window == "month" else month // MONTHS[window]


def count(window: str, period: Period) -> int:
    """How many different numbers `number` gives for dates inside the period."""
    match window:
        case "period":
            return 1
        case "day":
            return period.days
        case "week":
            return period.days // 7 + 2
    return -(-period.months // MONTHS[window])


@lru_cache(maxsize=256)
def mapping(small: str, large: str, period: Period) -> pl.Series:
    """For every number of the small window the number of the large one that holds it."""
    if large == "period":
        return pl.repeat(0, count(small, period), dtype=pl.UInt32, eager=True)
    if small in MONTHS:
        step = MONTHS[large] // MONTHS[small] if large in MONTHS else count(small, period)
        return pl.int_range(count(small, period), eager=True, dtype=pl.UInt32) // step
    days = pl.date_range(period.start, period.end, eager=True).alias("date")
    found = pl.DataFrame(days).select(
        number(small, period).alias("small"), number(large, period).alias("large")
    )
    return found.unique("small", keep="first").sort("small")["large"].cast(pl.UInt32)
