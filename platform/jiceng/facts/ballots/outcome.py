"""What counted votes say: rate of satisfaction, mark, and which of it may be shown. Pure and exact."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiceng.facts.ballots.schemas import BallotInfo, Option

Votes = dict[str, int]
"""Option → votes."""


class Shown(msgspec.Struct, frozen=True):
    """What a page may say of one subject: its votes, rate and mark; the same of each party, or nothing."""

    votes: Votes
    rate: Decimal | None
    mark: Decimal | None
    parties: tuple[tuple[str, Votes, Decimal | None], ...] = ()

    @property
    def leading(self) -> str | None:
        """The option most voted for."""
        return leading(self.votes)


def rate(votes: Mapping[str, int], options: Sequence[Option]) -> Fraction | None:
    """Share of the votes for options that mean satisfied, in percent; None without votes or such options."""
    cast = sum(votes.values())
    if not cast or not any(one.satisfied for one in options):
        return None
    return Fraction(100 * sum(votes.get(one.name, 0) for one in options if one.satisfied), cast)


def points_kept(
    votes: Mapping[str, int], options: Sequence[Option], *, high: int, low: int
) -> list[Fraction]:
    """The points of every vote, lowest first, without the `high` highest and the `low` lowest.

    Empty when too few votes are left to drop from.
    """
    worth = {one.name: Fraction(one.points) for one in options if one.points is not None}
    every = sorted(points for name, points in worth.items() for _ in range(votes.get(name, 0)))
    return every[low : len(every) - high] if len(every) > high + low else []


def mean(points: Sequence[Fraction]) -> Fraction | None:
    """The mean; None of nothing."""
    return sum(points, Fraction(0)) / len(points) if points else None


def mark(parties: Sequence[tuple[int, Mapping[str, int]]], ballot: BallotInfo) -> Fraction | None:
    """Means of the parties (weight, votes) by their weights; None when a party with weight has no mean.

    Extremes are dropped within each party.
    """
    total, weights = Fraction(0), 0
    for weight, votes in parties:
        if not weight:
            continue
        found = mean(points_kept(votes, ballot.options, high=ballot.drop_high, low=ballot.drop_low))
        if found is None:
            return None
        total += weight * found
        weights += weight
    return total / weights if weights else None


def leading(votes: Mapping[str, int]) -> str | None:
    """The option with the most votes; None without a vote, and when two have equally many."""
    most = max(votes.values(), default=0)
    found = [name for name, count in votes.items() if count == most]
    return found[0] if most and len(found) == 1 else None


def rounded(value: Fraction | None, places: int = 2) -> Decimal | None:
    """Half up to so many places, exactly."""
    if value is None:
        return None
    step = Decimal(1).scaleb(-places)
    units = value * 10**places
    whole = (2 * units.numerator + units.denominator) // (2 * units.denominator)
    return (Decimal(whole) * step).quantize(step, ROUND_HALF_UP)


def added(many: Sequence[Mapping[str, int]]) -> Votes:
    """The votes of several parties together."""
    total: Votes = {}
    for votes in many:
        for name, count in votes.items():
            total[name] = total.get(name, 0) + count
    return total


def shown(
    ballot: BallotInfo, parties: Sequence[tuple[str, int, Mapping[str, int]]], papers: Mapping[str, int]
) -> Shown | None:
    """What may be told of one subject by the parties (title, weight, votes) that counted.

    `papers` returned by each party. None when fewer voted than may be told apart. Parties are told only when
    each of them is large enough: of one left out, the difference to the total would tell all the same, and so
    would votes and weighted mark together, so that only the one the ballot is for is told then.
    """
    together = added([votes for _, _, votes in parties])
    if sum(together.values()) < ballot.minimum:
        return None
    large = all(
        papers[title] >= ballot.minimum and sum(votes.values()) >= ballot.minimum
        for title, _, votes in parties
    )
    weighted = rounded(mark([(weight, votes) for _, weight, votes in parties], ballot))
    if not large and ballot.measure == "mark":
        return Shown({}, None, weighted)
    told = rounded(rate(together, ballot.options))
    if not large:
        return Shown(together, told, None)
    each = tuple((title, dict(votes), rounded(rate(votes, ballot.options))) for title, _, votes in parties)
    return Shown(together, told, weighted, each if len(parties) > 1 else ())
