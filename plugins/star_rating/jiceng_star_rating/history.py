"""Stars over the years: the results of every period beside each other, and what changed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jiceng.api.results import FinalResult

STARS = {"五星": 5, "四星": 4, "三星": 3, "二星": 2, "一星": 1}
"""How many stars a grade is drawn with; any other grade is a word only."""
UNSTARRED = {
    "needs_ruling": "待裁定",
    "incomplete": "缺资料",
    "first_year": "当年新建不定星",
    "not_this_round": "本次不评",
    "exempt": "免评",
}
"""What is said in place of a star; a rulebook's own word stays."""
UP, DOWN, SAME, NEW = "up", "down", "same", "new"


class Organization(msgspec.Struct, frozen=True):
    """An organization as the roster has it now."""

    id: str
    number: str
    name: str
    town: str


class Line(msgspec.Struct, frozen=True):
    """An organization and its result of each period, by the period's title."""

    place: Organization
    results: Mapping[str, FinalResult]


def lines(places: Iterable[Organization], results: Iterable[FinalResult]) -> list[Line]:
    """A line for every organization with a result, in the order of `places`."""
    by_subject: dict[str, dict[str, FinalResult]] = {}
    for one in results:
        by_subject.setdefault(str(one.subject), {})[one.period] = one
    return [Line(place, by_subject[place.id]) for place in places if place.id in by_subject]


def periods(results: Iterable[FinalResult]) -> list[str]:
    """The titles of the periods there are results of, the newest first."""
    days = {one.period: one.first_day for one in results}
    return sorted(days, key=lambda title: days[title], reverse=True)


def change(line: Line, newest_first: Sequence[str], grades: Sequence[str]) -> str:
    """How the newest star compares with the one before: up, down, same; new without one to compare with.

    `grades` are the rulebook's, best first; a grade it no longer has compares with nothing.
    """
    now, then = (_level(line.results.get(title), grades) for title in (*newest_first, "", "")[:2])
    if now is None or then is None:
        return NEW
    return SAME if now == then else UP if now < then else DOWN


def spread(found: Iterable[Line], title: str, grades: Sequence[str]) -> dict[str, int]:
    """How many organizations have each grade in a period, best grade first; others under their status."""
    counts = dict.fromkeys(grades, 0)
    for line in found:
        one = line.results.get(title)
        if one is not None:
            word = one.grade or one.status
            counts[word] = counts.get(word, 0) + 1
    return counts


def _level(result: FinalResult | None, grades: Sequence[str]) -> int | None:
    if result is None or result.grade is None or result.grade not in grades:
        return None
    return grades.index(result.grade)
