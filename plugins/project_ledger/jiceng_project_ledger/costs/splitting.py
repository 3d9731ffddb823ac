"""Purchases that together would need a stricter way than each alone: told as a warning. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng_project_ledger.costs.rules import Route

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from jiceng_project_ledger.costs.rules import Thresholds

_ORDER = list(Route)


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """A line of some project of the owner organization; `day` it was awarded, or written while it is not."""

    project: UUID
    number: str
    line: int
    name: str
    amount: int
    supplier: str
    day: date


class Split(msgspec.Struct, frozen=True):
    """The other purchases, what all of them cost together in fen, and how that should have been bought."""

    others: tuple[Bought, ...]
    total: int
    route: Route


def split(own: Bought, bought: Iterable[Bought], rules: Thresholds) -> Split | None:
    """Whether a purchase looks like a part of a larger one.

    Others count that are for the same thing or from the same supplier, lie within the tenant's window of days
    and were not bought in a stricter way themselves. None when all together need no stricter way.
    """
    alone = _ORDER.index(rules.route(own.amount))
    others = tuple(
        one
        for one in bought
        if (one.project, one.line) != (own.project, own.line)
        and abs((one.day - own.day).days) <= rules.window_days
        and _ORDER.index(rules.route(one.amount)) <= alone
        and (_key(one.name) == _key(own.name) or (own.supplier and _key(one.supplier) == _key(own.supplier)))
    )
    total = own.amount + sum(one.amount for one in others)
    together = rules.route(total)
    if not rules.window_days or _ORDER.index(together) <= alone:
        return None
    return Split(others, total, together)


def splits(project: UUID, bought: list[Bought], rules: Thresholds) -> dict[int, Split]:
    """The lines of a project that look like parts of something larger, by number."""
    found = {one.line: split(one, bought, rules) for one in bought if one.project == project}
    return {line: one for line, one in found.items() if one is not None}


def _key(words: str) -> str:
    """The words without blanks and without the number of a part: 展板（一）, 展板 2."""
    plain = "".join(words.split()).rstrip("0123456789一二三四五六七八九十（）()第批期次、.-")
    return plain or "".join(words.split())
