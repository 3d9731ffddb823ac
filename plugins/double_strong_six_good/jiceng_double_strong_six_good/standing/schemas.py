"""Where enterprises stand in a year: tiers, criteria, towns with their sites."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import msgspec

from jiceng_double_strong_six_good.vocabulary import CRITERIA, MODEL, TIERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from jiceng_double_strong_six_good.firms.schemas import Firm
    from jiceng_double_strong_six_good.limits import Limits

ENOUGH_TO_COMPARE = 2
"""From how many rated enterprises a town has a mean of its own."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A tier that a named person confirmed, of which run and why."""

    tier: str
    run: UUID
    reason: str
    by: str
    at: datetime


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One enterprise in a year: the computed tier ("" while there is none), points of the six criteria.

    `confirmed` is None until somebody confirmed a tier; `before` is last year's computed tier.
    """

    firm: Firm
    run: UUID
    status: str
    tier: str
    before: str
    score: Decimal | None
    points: dict[str, Decimal | None]
    confirmed: Verdict | None

    @property
    def settled(self) -> bool:
        """Whether the tier that was computed last is the one that was confirmed."""
        return self.confirmed is not None and self.confirmed.tier == self.tier

    @property
    def six(self) -> list[Decimal] | None:
        """The points of the six criteria in their order; None when one is open."""
        found = [self.points.get(name) for name in CRITERIA]
        given = [points for points in found if points is not None]
        return given if len(given) == len(found) else None


class Town(msgspec.Struct, frozen=True, kw_only=True):
    """One town: how many have each tier, how many sites were confirmed, and what that means."""

    name: str
    tiers: dict[str, int]
    confirmed: int
    words: str
    good: bool


class Board(msgspec.Struct, frozen=True):
    """A year: everybody who takes part, in the order of the roster."""

    year: int
    rows: tuple[Standing, ...]

    @property
    def rated(self) -> list[Standing]:
        """Those with a tier."""
        return [row for row in self.rows if row.tier]

    def count(self, tier: str) -> int:
        """How many have the tier."""
        return sum(row.tier == tier for row in self.rows)

    def towns(self, limits: Limits) -> list[Town]:
        """Every town with rated enterprises, in the order of the roster."""
        found: dict[str, list[Standing]] = {}
        for row in self.rated:
            found.setdefault(row.firm.town, []).append(row)
        return [_town(name, rows, limits) for name, rows in found.items()]

    def mean(self, town: str) -> tuple[list[Decimal] | None, bool]:
        """The mean of the six criteria over a town (True), or over everybody where it has too few (False)."""
        whole = [row for row in self.rated if row.six is not None]
        own = [row for row in whole if row.firm.town == town]
        if len(own) >= ENOUGH_TO_COMPARE:
            return _mean(own), True
        return (_mean(whole) if len(whole) >= ENOUGH_TO_COMPARE else None), False


def _mean(rows: Sequence[Standing]) -> list[Decimal]:
    columns = zip(*(row.six or [] for row in rows), strict=True)
    return [
        (sum(column, Decimal(0)) / len(rows)).quantize(Decimal("0.01"), ROUND_HALF_UP) for column in columns
    ]


def _town(name: str, rows: Sequence[Standing], limits: Limits) -> Town:
    tiers = {tier: sum(row.tier == tier for row in rows) for tier in TIERS}
    sites = tiers[MODEL]
    confirmed = sum(row.confirmed is not None and row.confirmed.tier == MODEL for row in rows)
    low, high = limits.sites_low, limits.sites_high
    wanted = f"{low}–{high} 个" if low != high else f"{low} 个"
    if sites < low:
        words = f"少于 {wanted}：参评 {len(rows)} 家，够示范点的 {sites} 家"
        words += f"，还差 {low - sites} 家，从中间档里培育"
    elif sites > high:
        words = f"多于 {wanted}：够示范点的 {sites} 家，由组织部门从中确定"
    else:
        words = f"符合 {wanted}"
    return Town(name=name, tiers=tiers, confirmed=confirmed, words=words, good=low <= sites <= high)
