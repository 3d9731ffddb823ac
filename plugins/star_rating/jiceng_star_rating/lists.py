"""Lists that follow from stars in effect: plaques to give, keep and take back, awards, demotions. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from jiceng.api.results import FinalResult
    from jiceng_star_rating.history import Line, Organization

PLAQUES, AWARDS, LOWERED, REMOVED = "plaques", "awards", "lowered", "removed"
TITLES = {PLAQUES: "授牌名单", AWARDS: "表彰建议名单", LOWERED: "降星名单", REMOVED: "摘牌名单"}
NOTES = {
    PLAQUES: "按办法应当授牌的组织；上年已授的续牌，不再另发",
    AWARDS: "供评先评优参考，由本单位研究决定",
    LOWERED: "本年星级低于上年的组织",
    REMOVED: "降到授牌线以下或者不再评星，牌匾应当收回的组织",
}


class Listed(msgspec.Struct, frozen=True):
    """One organization on a list: its star now and before, and what is to be done."""

    place: Organization
    grade: str
    before: str
    score: str
    todo: str


def listed(which: str, found: Iterable[Line], newest_first: Sequence[str]) -> list[Listed]:
    """The organizations on a list of the newest period; an empty list without one."""
    if not newest_first:
        return []
    title, earlier = newest_first[0], newest_first[1] if len(newest_first) > 1 else ""
    rows = []
    for line in found:
        now, then = line.results.get(title), line.results.get(earlier)
        if now is not None and (todo := _TODO[which](now, then)):
            score = "" if now.score is None else f"{now.score.normalize():f}"
            rows.append(Listed(line.place, now.grade or "", (then.grade or "") if then else "", score, todo))
    return rows


def _plaque(now: FinalResult, then: FinalResult | None) -> str:
    if now.outputs.get("plaque") is not True:
        return ""
    if then is None or then.outputs.get("plaque") is not True:
        return "授牌"
    return "续牌" if now.grade == then.grade else "换牌"


def _award(now: FinalResult, _: FinalResult | None) -> str:
    return "列入表彰建议" if now.outputs.get("award") is True else ""


def _lowered(now: FinalResult, _: FinalResult | None) -> str:
    return "提醒整改" if now.outputs.get("lowered") is True else ""


def _removed(now: FinalResult, then: FinalResult | None) -> str:
    held = then is not None and then.outputs.get("plaque") is True
    gone = held and now.outputs.get("plaque") is False
    return "收回牌匾" if now.outputs.get("removed") is True or gone else ""


_TODO: dict[str, Callable[[FinalResult, FinalResult | None], str]] = {
    PLAQUES: _plaque,
    AWARDS: _award,
    LOWERED: _lowered,
    REMOVED: _removed,
}
