"""Lines of a score that rest on a ballot of too few voters: told as one, which says what they give together.

The score stays exact and its lines add up to it; what a single party gave can no longer be read from them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from jiceng_sdk.engine import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jiceng.facts.schemas import FactShown
    from jiceng_sdk.rulebook import Analysis

TITLE = "评议得分（合并显示）"
WHY = "有评议方投票人数太少，各方得分不分开显示，以免看出个人的意见；得分按全部票数计算"


def withheld_kinds(groups: Iterable[Sequence[FactShown]]) -> frozenset[str]:
    """Kinds of facts of which some may not be shown."""
    return frozenset(fact.kind for facts in groups for fact in facts if fact.withheld)


def resting_on(analysis: Analysis, kinds: frozenset[str]) -> frozenset[str]:
    """Names of the items that count facts of these kinds, or items that do."""
    found: set[str] = set()
    for name in analysis.order:
        if name in analysis.book.items and analysis.reads[name] & (kinds | found):
            found.add(name)
    return frozenset(found)


def comparing_nothing_hidden(told: Sequence[Line], analysis: Analysis, hidden: frozenset[str]) -> list[Line]:
    """The lines without comparisons of what rests on `hidden` items: they would tell what these gave."""
    found = set(hidden)
    for name in analysis.order:
        if analysis.reads[name] & found:
            found.add(name)
    return [line for line in told if line.kind != "compared" or line.path.split(".")[1] not in found]


def together(told: Sequence[Line], hidden: frozenset[str]) -> list[Line]:
    """The lines with those of `hidden` items made one, where the first of them stood."""
    apart = [line for line in told if not _of(line, hidden)]
    merged = [line for line in told if _of(line, hidden)]
    if not merged:
        return list(told)
    one = Line(
        path="items",
        title=TITLE,
        clause="",
        kind="item",
        points=sum((line.points for line in merged), Decimal(0)),
        because=WHY,
        depth=merged[0].depth,
    )
    place = list(told).index(merged[0])
    return [*apart[:place], one, *apart[place:]]


def _of(line: Line, hidden: frozenset[str]) -> bool:
    name = line.path.removeprefix("items.").partition(".")[0]
    return line.path.startswith("items.") and name in hidden
