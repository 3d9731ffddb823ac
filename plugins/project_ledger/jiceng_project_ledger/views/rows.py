"""One project as the ledger shows it, on the page and in the workbook; groups of them. Pure."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 - msgspec reads the annotations
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from jiceng_project_ledger.followup.distance import benchmark_of, distance
from jiceng_project_ledger.followup.lights import WORDS as LIGHT_WORDS
from jiceng_project_ledger.followup.lights import Colour
from jiceng_project_ledger.library.vocabulary import KIND_WORDS
from jiceng_project_ledger.states import STATE_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from jiceng_project_ledger.followup.distance import Benchmark, Distance
    from jiceng_project_ledger.followup.schemas import Standing, Verdict

NO_LIGHT, NO_PHASE = "未亮灯", "未分阶段"
Value = str | int | Decimal | None


class Entry(msgspec.Struct, frozen=True):
    """A project, where it stands on a day, its confirmed ratings of a year by kind."""

    standing: Standing
    day: date
    ratings: Mapping[str, Verdict]

    @property
    def days_late(self) -> int:
        """How many days the project itself is past its deadline."""
        return self.standing.project.days_late(self.day)

    @property
    def benchmark(self) -> Benchmark | None:
        """What it is measured by."""
        return benchmark_of(self.standing.project)

    @property
    def distance(self) -> Distance | None:
        """How far it is from its benchmark by the last figure reported; None before one is."""
        figures, benchmark = self.standing.figures, self.benchmark
        if benchmark is None or not figures:
            return None
        month = max(figures)
        return distance(benchmark, month, figures[month])

    def score(self, kind: str) -> Decimal | None:
        """The confirmed score of a kind of rating."""
        return self.ratings[kind].score if kind in self.ratings else None

    @property
    def overspent(self) -> bool:
        """Whether more was spent than planned."""
        return self.standing.spent > self.standing.project.budget


class Grouping(msgspec.Struct, frozen=True):
    """A way to group the ledger: its title, what a project belongs to, in which order groups stand."""

    title: str
    of: Callable[[Entry], str]
    order: tuple[str, ...] = ()


def _light(entry: Entry) -> str:
    light = entry.standing.light
    return LIGHT_WORDS[light.colour] if light else NO_LIGHT


def _lateness(entry: Entry) -> str:
    late = max(entry.days_late, entry.standing.progress.days_late if entry.standing.project.running else 0)
    return next(title for title, least in _LATE.items() if late >= least)


_LATE = {"超期 90 天以上": 91, "超期 31 至 90 天": 31, "超期 30 天以内": 1, "没有超期": 0}
GROUPINGS: dict[str, Grouping] = {
    "unit": Grouping("按单位", lambda entry: entry.standing.project.town or "—"),
    "state": Grouping(
        "按状态",
        lambda entry: STATE_WORDS[entry.standing.project.state],
        tuple(STATE_WORDS.values()),
    ),
    "phase": Grouping("按阶段", lambda entry: entry.standing.phase or NO_PHASE),
    "light": Grouping("按亮灯", _light, (*(LIGHT_WORDS[one] for one in Colour), NO_LIGHT)),
    "late": Grouping("按超期", _lateness, tuple(_LATE)),
    "kind": Grouping(
        "按类别", lambda entry: KIND_WORDS[entry.standing.project.kind], tuple(KIND_WORDS.values())
    ),
}


def grouped(entries: Sequence[Entry], by: Grouping) -> list[tuple[str, list[Entry]]]:
    """The groups that have somebody, in their order (those without one by their first project's place)."""
    found: dict[str, list[Entry]] = {name: [] for name in by.order}
    for entry in entries:
        found.setdefault(by.of(entry), []).append(entry)
    return [(name, some) for name, some in found.items() if some]


def months_shown(months: Sequence[date]) -> str:
    """Months as 2026-03、2026-05."""
    return "、".join(f"{month:%Y-%m}" for month in months)
