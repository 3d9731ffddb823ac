"""Reads coverage: today, and at the end of earlier years, from the roster's states with days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from jiceng.api import first_day, today
from jiceng.api.facts import numbers_of
from jiceng_double_strong_six_good.coverage.counting import Advice, Count, by_town, counted, to_found
from jiceng_double_strong_six_good.firms.queries import firms
from jiceng_double_strong_six_good.limits import Limits, limits
from jiceng_double_strong_six_good.vocabulary import NON_PUBLIC, SCHEME, SOCIETY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal
    from uuid import UUID

    from jiceng_double_strong_six_good.firms.schemas import Firm

YEARS_SHOWN = 5


class Point(msgspec.Struct, frozen=True):
    """Coverage of non-public enterprises on a day: of all, and of the large ones among them."""

    day: date
    all: Count
    large: Count


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows: counts by kind and by town today, the years before, who should found one.

    `points` end with today's; `before` is last year's, None while no roster tells of it.
    """

    day: date
    limits: Limits
    kinds: dict[str, Count]
    large: Count
    towns: dict[str, Count]
    points: tuple[Point, ...]
    to_found: tuple[tuple[Firm, Advice], ...]

    @property
    def now(self) -> Count:
        """Today's non-public enterprises."""
        return self.points[-1].all

    @property
    def before(self) -> Point | None:
        """The end of last year."""
        return self.points[-2] if len(self.points) > 1 else None

    @property
    def rise(self) -> Decimal | None:
        """Percentage points above last year's rate, two places."""
        if self.before is None or self.now.rate is None or self.before.all.rate is None:
            return None
        return self.now.rate - self.before.all.rate

    @property
    def reached(self) -> bool:
        """Whether the large enterprises reached the aim."""
        return self.large.rate is None or self.large.rate >= self.limits.aim


async def coverage(today_seen: Mapping[UUID, Firm]) -> Coverage:
    """Coverage of the units that may be seen here; `today_seen` are those of today."""
    day, rules = today(), await limits()
    seen = list(today_seen.values())
    points = [_point(one, list((await firms(one)).values()), rules) for one in await _earlier_days(day)]
    points.append(_point(day, seen, rules))
    private = _of_kind(seen, NON_PUBLIC)
    return Coverage(
        day=day,
        limits=rules,
        kinds={NON_PUBLIC: counted(private), SOCIETY: counted(_of_kind(seen, SOCIETY))},
        large=points[-1].large,
        towns={town: counted(some) for town, some in by_town(private).items()},
        points=tuple(points),
        to_found=tuple(to_found(seen, await members_in(day), rules)),
    )


async def members_in(day: date) -> Mapping[UUID, Decimal]:
    """The newest number of members each unit declared."""
    return await numbers_of(SCHEME, "members", last_day=day)


async def _earlier_days(day: date) -> list[date]:
    """The last days of the years before, as far back as a roster tells of them."""
    first = await first_day()
    ends = [date(day.year - back, 12, 31) for back in range(YEARS_SHOWN, 0, -1)]
    return [end for end in ends if first is not None and first <= end]


def _point(day: date, seen: Iterable[Firm], rules: Limits) -> Point:
    private = _of_kind(seen, NON_PUBLIC)
    large = [one for one in private if one.large(rules.employees_from)]
    return Point(day, counted(private), counted(large))


def _of_kind(seen: Iterable[Firm], kind: str) -> list[Firm]:
    return [one for one in seen if one.kind == kind]
