"""Items for which only whether a window has a row matters: once a month, once a quarter.

The windows a subject has rows in are bits of one number, joined in the same aggregation as every other item
of the fact; nothing is sorted or grouped twice.
"""

from decimal import Decimal
from functools import lru_cache

import polars as pl

from jiceng_sdk.engine import period as windows
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.form import Form
from jiceng_sdk.engine.items.parts import Part
from jiceng_sdk.engine.items.plan import Plan
from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.period import Period
from jiceng_sdk.rulebook.parts import WINDOWS, Item, Limit

MOST_BITS = 62


def windowed(name: str, window: str, chosen: pl.Expr, form: Form) -> Part:
    """How many windows have a row that counts: the bit of every row's window."""
    bit = pl.when(chosen).then(_bit(window, form.period)).otherwise(integers.ZERO)
    return Part(name, bit, "bits", windows.count(window, form.period))


@lru_cache(maxsize=64)
def _bit(window: str, period: Period) -> pl.Expr:
    """The bit of every row's window."""
    shift = pl.Series([1 << n for n in range(windows.count(window, period))], dtype=pl.Int64)
    day = windows.number("day", period).cast(pl.UInt32)
    return pl.lit(shift.gather(windows.mapping("day", window, period))).gather(day)


def seen_once(plan: Plan, form: Form) -> tuple[str, Decimal] | None:
    """The window, and what it is worth as soon as it has a row; None when more must be looked at."""
    item = plan.item
    window = _window(item)
    if window is None or not form.inside or not form.dated or form.tallied:
        return None
    if item.combine != "sum" or item.merge or item.restored is not None or item.drop:
        return None
    if names.NTH in plan.names or windows.count(window, form.period) > MOST_BITS:
        return None
    worth = names.points(plan, form.scope).constant
    if worth is None:
        return None
    limit = item.limit[0] if item.limit else None
    if item.keep or limit is None:
        each = worth if limit is None else _between(worth, limit)
        return (window, each) if next(iter(item.keep.values())) == 1 else None
    return (window, _between(worth, limit)) if _full(worth, limit) else None


def _window(item: Item) -> str | None:
    """The only window of the item's frequency and limit."""
    found = {*item.keep, *(limit.per for limit in item.limit)}
    single = len(found) == 1 and len(item.keep) <= 1 and len(item.limit) <= 1
    window = next(iter(found), None)
    return window if single and window in WINDOWS else None


def _between(worth: Decimal, limit: Limit) -> Decimal:
    high = min(worth, limit.high)
    return high if limit.low is None else max(high, limit.low)


def _full(worth: Decimal, limit: Limit) -> bool:
    """Whether one row already reaches the bound that further rows would run into."""
    return (
        worth == 0
        or (worth > 0 and worth >= limit.high)
        or (limit.low is not None and worth <= limit.low < 0)
    )
