"""What the plugin tells the home page: how many stars are in effect, who rose and fell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api.hooks import Earlier, Figure
from jiceng_star_rating.history import DOWN, STARS, UP, change
from jiceng_star_rating.lists import PLAQUES, listed
from jiceng_star_rating.reading import stars

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jiceng_star_rating.history import Line


async def figures() -> list[Figure]:
    """The newest year in effect: starred of all rated, risen, fallen, plaques to hand out."""
    found = await stars(in_effect=True)
    if not found.periods:
        return []
    newest = found.periods[0]
    starred, rated = _counted(found.lines, newest)
    plaques = sum(one.todo == "授牌" for one in listed(PLAQUES, found.lines, found.periods))
    told = [
        Figure(title="有星级的组织", value=starred, whole=rated, before=_before(found.lines, found.periods)),
        Figure(title="应当新授牌", value=plaques, path="lists/plaques"),
    ]
    if len(found.periods) > 1:
        changes = [
            change(line, found.periods, found.grades) for line in found.lines if newest in line.results
        ]
        told.append(Figure(title="比上年升星", value=changes.count(UP)))
        told.append(Figure(title="比上年降星", value=changes.count(DOWN), path="lists/lowered"))
    return told


def _counted(lines: Iterable[Line], title: str) -> tuple[int, int]:
    """How many organizations have a star in a period, of how many with a result."""
    grades = [line.results[title].grade for line in lines if title in line.results]
    return sum(grade in STARS for grade in grades), len(grades)


def _before(lines: Iterable[Line], newest_first: Sequence[str]) -> Earlier | None:
    return Earlier("上年", *_counted(lines, newest_first[1])) if len(newest_first) > 1 else None
