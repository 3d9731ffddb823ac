"""Red, yellow, green: which rule gives a project its colour, each with the sentence that says so. Pure."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping


class Colour(StrEnum):
    """A project's light."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


WORDS: dict[Colour, str] = {Colour.RED: "红灯", Colour.YELLOW: "黄灯", Colour.GREEN: "绿灯"}
LOOKS: dict[Colour, str] = {Colour.RED: "bad", Colour.YELLOW: "warn", Colour.GREEN: "ok"}
"""The class of the status mark."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which value on a light is yellow or red: percent behind the plan, days, reports, findings."""

    yellow_behind: int = 5
    red_behind: int = 20
    yellow_days: int = 1
    red_days: int = 30
    yellow_missed: int = 1
    red_missed: int = 2
    yellow_findings: int = 1
    red_findings: int = 3

    def faults(self) -> list[str]:
        """What is wrong with them, in Chinese; empty when they can be used."""
        found = []
        for title, low, high in (
            ("进度落后", self.yellow_behind, self.red_behind),
            ("步骤超期天数", self.yellow_days, self.red_days),
            ("缺报次数", self.yellow_missed, self.red_missed),
            ("未整改问题数", self.yellow_findings, self.red_findings),
        ):
            if not 0 < low <= high <= LARGEST:
                found.append(f"{title}：黄灯应大于 0 且不大于红灯，红灯不大于 {LARGEST}")
        return found


LARGEST = 1000


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a project on a day.

    `planned` and `done` are percent of the plan's weight; `late_step` and `days_late` of the step that is
    late longest; `missed` counts reports that are overdue, `findings` those not set right.
    """

    planned: Decimal = Decimal(0)
    done: Decimal = Decimal(0)
    late_step: str = ""
    days_late: int = 0
    missed: int = 0
    findings: int = 0

    @property
    def behind(self) -> Decimal:
        """How many percent it is behind its plan; 0 when it is not."""
        return max(Decimal(0), self.planned - self.done)


class Reason(msgspec.Struct, frozen=True):
    """Why: `words` is a msgid of the catalog, `values` what stands in it."""

    colour: Colour
    words: str
    values: Mapping[str, str | int]

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return self.words % self.values


class Light(msgspec.Struct, frozen=True):
    """A colour and the rules that gave it: the strictest first; a green light has one reason too."""

    colour: Colour
    reasons: tuple[Reason, ...]

    @property
    def zh(self) -> str:
        """All reasons as one sentence."""
        return "；".join(reason.zh for reason in self.reasons)


BEHIND = "进度应到 %(planned)s%%，实际 %(done)s%%，落后 %(behind)s%%，达到%(light)s线 %(limit)s%%"
LATE = "步骤“%(step)s”已超期 %(days)s 天，达到%(light)s线 %(limit)s 天"
MISSED = "近三个月有 %(missed)s 次月汇报过期未报，达到%(light)s线 %(limit)s 次"
FINDINGS = "有 %(findings)s 个监督问题没有整改，达到%(light)s线 %(limit)s 个"
FINE = "进度应到 %(planned)s%%，实际 %(done)s%%，没有超期、缺报和未整改问题达到黄灯线"


Rule = tuple[Decimal | int, int, int, str, dict[str, str | int]]
"""A value, its two limits, the sentence and what stands in it."""


def light(known: Progress, limits: Limits) -> Light:
    """The colour of a project: the worst that any rule gives."""
    behind: dict[str, str | int] = {
        "planned": _shown(known.planned),
        "done": _shown(known.done),
        "behind": _shown(known.behind),
    }
    rules: tuple[Rule, ...] = (
        (known.behind, limits.yellow_behind, limits.red_behind, BEHIND, behind),
        (
            known.days_late,
            limits.yellow_days,
            limits.red_days,
            LATE,
            {"step": known.late_step, "days": known.days_late},
        ),
        (known.missed, limits.yellow_missed, limits.red_missed, MISSED, {"missed": known.missed}),
        (known.findings, limits.yellow_findings, limits.red_findings, FINDINGS, {"findings": known.findings}),
    )
    found = []
    for value, yellow, red, words, values in rules:
        if value >= yellow:
            colour, limit = (Colour.RED, red) if value >= red else (Colour.YELLOW, yellow)
            found.append(Reason(colour, words, {**values, "light": WORDS[colour], "limit": limit}))
    if not found:
        values = {"planned": behind["planned"], "done": behind["done"]}
        return Light(Colour.GREEN, (Reason(Colour.GREEN, FINE, values),))
    worst = Colour.RED if any(one.colour is Colour.RED for one in found) else Colour.YELLOW
    return Light(worst, tuple(sorted(found, key=lambda one: one.colour is not Colour.RED)))


def _shown(percent: Decimal) -> str:
    return f"{percent.quantize(Decimal('0.1')).normalize():f}"
