"""Stages of a campaign and their days: which one is on, how long it lasts. Pure; no database."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from datetime import date

SELF, SUPERIOR, DEPARTMENT, DONE, WAITING = "self", "superior", "department", "done", "waiting"
WITHDRAWN = "withdrawn"
RATING = (SELF, SUPERIOR, DEPARTMENT)
ORDER = (WAITING, *RATING, DONE, WITHDRAWN)
STAGE_NAMES = {
    WAITING: "未开始",
    SELF: "自评",
    SUPERIOR: "上级评议",
    DEPARTMENT: "部门评定",
    DONE: "已办结",
    WITHDRAWN: "已撤回",
}


class Dates(msgspec.Struct, frozen=True):
    """First day of the self-rating and last day of each stage; without `superior_until` it is left out."""

    self_from: date
    self_until: date
    superior_until: date | None
    department_until: date

    def faults(self) -> list[str]:
        """What is wrong with the order of the days."""
        ends = [
            ("自评", self.self_until),
            ("上级评议", self.superior_until),
            ("部门评定", self.department_until),
        ]
        given = [(name, day) for name, day in ends if day is not None]
        wrong = ["自评的截止日期早于开始日期"] if self.self_until < self.self_from else []
        return wrong + [
            f"{later}的截止日期应晚于{earlier}的截止日期"
            for (earlier, first), (later, then) in pairwise(given)
            if then <= first
        ]

    def stages(self) -> tuple[str, ...]:
        """The rating stages this campaign has, in order."""
        return tuple(stage for stage in RATING if stage != SUPERIOR or self.superior_until is not None)

    def last_day(self, stage: str) -> date:
        """The last day on which a stage may be rated without being opened again."""
        ends = {SELF: self.self_until, SUPERIOR: self.superior_until, DEPARTMENT: self.department_until}
        return ends[stage] or self.self_until

    def on(self, day: date) -> str:
        """The stage the calendar has reached; the last one lasts until somebody closes the campaign."""
        if day < self.self_from:
            return WAITING
        return next((stage for stage in self.stages() if day <= self.last_day(stage)), DEPARTMENT)


def later(one: str, other: str) -> str:
    """The later of two stages."""
    return max(one, other, key=ORDER.index)


def before(stage: str, dates: Dates) -> tuple[str, ...]:
    """The rating stages that come before one, the nearest first."""
    stages = dates.stages()
    return tuple(reversed(stages[: stages.index(stage)]))


def after(stage: str, dates: Dates) -> str:
    """The stage that follows; the last one is followed by the end."""
    stages = (*dates.stages(), DONE)
    return stages[stages.index(stage) + 1]
