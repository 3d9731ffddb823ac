"""The forecast: at the pace so far, which required items will be missed, and when. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence


class Task(msgspec.Struct, frozen=True):
    """A required item that is not done yet."""

    number: str
    title: str
    deadline: date


class Outlook(msgspec.Struct, frozen=True):
    """When a required item would be done at the pace so far (None: never); `missed`: after its deadline."""

    task: Task
    expected: date | None
    missed: bool


class ItemOutlook(msgspec.Struct, frozen=True):
    """How many of `eligible` will have done an item by its deadline at the pace so far."""

    number: str
    title: str
    deadline: date
    eligible: int
    done: int
    expected: int

    @property
    def missing(self) -> int:
        """How many will not have done it; 0 where some of `done` have left since."""
        return max(0, self.eligible - self.expected)


def outlook(left: Sequence[Task], done: Sequence[date], year: int, today: date) -> list[Outlook]:
    """The open tasks in the order of their deadlines, done one by one at the pace of the year so far.

    The pace is `done` per day since 1 January: with n done in d days the k-th open one is expected k·d/n days
    from today. Without anything done there is no pace and every open one is missed.
    """
    days = max((today - date(year, 1, 1)).days + 1, 1)
    ordered = sorted(left, key=lambda task: (task.deadline, task.number))
    found = []
    for place, task in enumerate(ordered, start=1):
        expected = today + timedelta(days=-(-place * days // len(done))) if done else None
        missed = expected is None or expected > task.deadline
        found.append(Outlook(task, expected, missed))
    return found


def item_outlook(task: Task, *, eligible: int, done: int, opens: date, today: date) -> ItemOutlook:
    """One required item over all who should do it: a straight line from its first day through today."""
    passed = min(max((today - opens).days + 1, 1), (task.deadline - opens).days + 1)
    whole = (task.deadline - opens).days + 1
    expected = min(eligible, done * whole // passed)
    return ItemOutlook(task.number, task.title, task.deadline, eligible, done, max(expected, done))
