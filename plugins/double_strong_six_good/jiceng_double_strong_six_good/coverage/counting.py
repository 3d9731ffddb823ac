"""Counting of coverage and the advice to units without an organization. Pure: no database, no clock."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import msgspec

from jiceng_double_strong_six_good.vocabulary import COVERAGE, FEW, JOINT, SEPARATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from jiceng_double_strong_six_good.firms.schemas import Firm
    from jiceng_double_strong_six_good.limits import Limits

INSTRUCT = "先派指导员"
"""What comes before founding where there is no member at all."""
ADVICE = (SEPARATE, JOINT, INSTRUCT)


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """Units of a kind: all by how they are covered, those that should have an organization, and have one."""

    units: int = 0
    by_coverage: dict[str, int] = {}
    should: int = 0
    covered: int = 0

    @property
    def rate(self) -> Decimal | None:
        """Covered in percent of those that should have one, two places; None when none should."""
        if not self.should:
            return None
        return (Decimal(self.covered * 100) / self.should).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def missing(self) -> int:
        """How many organizations are still to be founded."""
        return self.should - self.covered


class Advice(msgspec.Struct, frozen=True):
    """What a unit without an organization should do, and why, in words."""

    kind: str
    why: str


def counted(firms: Iterable[Firm]) -> Count:
    """The count of some units; only units that should have an organization enter the rate."""
    some = list(firms)
    should = [one for one in some if one.should_have]
    found = Counter(one.coverage for one in some)
    return Count(
        units=len(some),
        by_coverage={coverage: found[coverage] for coverage in COVERAGE},
        should=len(should),
        covered=sum(one.covered for one in should),
    )


def by_town(firms: Iterable[Firm]) -> dict[str, list[Firm]]:
    """The units of every town, in the order of their first unit; "" for units nobody looks after."""
    found: dict[str, list[Firm]] = {}
    for one in firms:
        found.setdefault(one.town, []).append(one)
    return found


def advice(firm: Firm, members: Decimal | None, limits: Limits) -> Advice:
    """What the unit should do.

    The rule: as many members as the limit or more found a branch of their own; fewer join a neighbouring
    unit's; without members an instructor comes first. 仅有个别党员 counts as few where the number is unknown.
    """
    least = limits.own_branch_from
    said = f"{members.normalize():f}" if members is not None else ""
    if members is not None and members >= least:
        return Advice(SEPARATE, f"党员 {said} 名，达到 {least} 名，单独组建党支部")
    if members:
        return Advice(JOINT, f"党员 {said} 名，不足 {least} 名，与邻近单位联合组建")
    if members is None and firm.coverage == FEW:
        return Advice(JOINT, f"仅有个别党员，人数未填，按不足 {least} 名，与邻近单位联合组建")
    return Advice(INSTRUCT, "没有党员，先派党建工作指导员，培养发展党员后再组建")


def to_found(
    firms: Iterable[Firm], members: Mapping[UUID, Decimal], limits: Limits
) -> list[tuple[Firm, Advice]]:
    """The units that should have an organization and have none, large ones first, each with its advice."""
    lacking = [one for one in firms if one.should_have and not one.covered]
    lacking.sort(key=lambda one: (not one.large(limits.employees_from), one.town, one.number))
    return [(one, advice(one, members.get(one.id), limits)) for one in lacking]


def what_is_missing(advised: Sequence[tuple[Firm, Advice]]) -> dict[str, int]:
    """How many units each advice goes to."""
    found = Counter(one.kind for _, one in advised)
    return {kind: found[kind] for kind in ADVICE}
