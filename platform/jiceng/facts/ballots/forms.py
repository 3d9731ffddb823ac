"""What the pages of ballots send, read into what the service takes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast, get_args

import msgspec

from jiceng.facts.ballots.asking import usual_options
from jiceng.facts.ballots.drafting import Wanted
from jiceng.facts.ballots.schemas import Measure, Option
from jiceng.kernel.clock import CHINA
from jiceng.kernel.spreadsheets.values import number_in
from jiceng.kernel.typed import needed_count, needed_day, refuse
from jiceng.roster.queries import SubjectKind

if TYPE_CHECKING:
    from decimal import Decimal

SATISFIED = "满意"
MOST_POINTS = 1000


class BallotForm(msgspec.Struct, frozen=True):
    """A new ballot. `goes_to`: scheme:fact|measure or empty; `options`: a line each, empty for the usual."""

    title: str = ""
    goes_to: str = ""
    kind: str = "organization"
    answers: str = "satisfied"
    options: str = ""
    day: str = ""
    closes_at: str = ""
    quorum: str = "1/2"
    minimum: str = "5"
    drop_high: str = "0"
    drop_low: str = "0"
    note: str = ""


class PartyForm(msgspec.Struct, frozen=True):
    """A party to add."""

    word: str = ""
    title: str = ""
    weight: str = "1"
    small: str = ""


class RollForm(msgspec.Struct, frozen=True):
    """Lines to add to a roll: from where, and what is needed for it."""

    source: str = "numbered"
    organization: str = ""
    below: str = ""
    lines: str = ""
    count: str = "0"


class LayerForm(msgspec.Struct, frozen=True):
    """A layer of a tiered review."""

    layer: str = ""
    organization: str = ""
    slips: str = "0"
    word: str = ""
    weight: str = "1"


class SubjectsForm(msgspec.Struct, frozen=True):
    """Numbers of subjects, separated by anything."""

    numbers: str = ""


class PledgeForm(msgspec.Struct, frozen=True):
    """What a subject promised, and whether it takes part."""

    pledge: str = ""
    took_part: str = ""


class WithdrawalForm(msgspec.Struct, frozen=True):
    """Why a ballot is withdrawn."""

    reason: str = ""


class DecisionForm(msgspec.Struct, frozen=True):
    """What becomes of a proposal."""

    decision: str = ""
    reason: str = ""


class CountForm(msgspec.Struct, frozen=True):
    """How many papers a batch holds."""

    papers: str = "0"


async def wanted(form: BallotForm) -> Wanted:
    """The ballot a form asks for. Raises Invalid with everything that cannot be read."""
    target, _, measure = form.goes_to.partition("|")
    faults: list[str] = []
    kind = form.kind if form.kind in get_args(SubjectKind) else "organization"
    chosen = cast("Measure", measure if measure in get_args(Measure) else "rate")
    day = needed_day(form.day, "计入日期", faults)
    closes_at = _read_moment(form.closes_at, faults)
    numbers = [
        needed_count(value, name, faults)
        for value, name in (
            (form.minimum, "最少份数"),
            (form.drop_high, "去掉最高分"),
            (form.drop_low, "去掉最低分"),
        )
    ]
    options = _read_options(form.options, faults)
    refuse(faults, "", "票决没有建立")
    return Wanted(
        title=form.title,
        kind=cast("SubjectKind", kind),
        target=target,
        measure=chosen,
        day=day,
        options=options or await usual_options(target, chosen, form.answers),
        minimum=numbers[0],
        drop_high=numbers[1],
        drop_low=numbers[2],
        quorum=form.quorum,
        note=form.note,
        closes_at=closes_at,
    )


def _read_moment(text: str, faults: list[str]) -> datetime | None:
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=CHINA)
    except ValueError:
        faults.append("「截止时间」应是日期和时间")
        return None


def _read_options(text: str, faults: list[str]) -> tuple[Option, ...]:
    """A line each: the option, its points (or nothing), 满意 when it counts as satisfied."""
    options = []
    for name, *said in filter(None, (line.split() for line in text.splitlines())):
        points = [_read_points(name, part, faults) for part in said if part != SATISFIED]
        if len(points) > 1:
            faults.append(f"选项「{name[:20]}」写了不止一个分值")
        options.append(Option(name, points[0] if points else None, SATISFIED in said))
    return tuple(options)


def _read_points(option: str, text: str, faults: list[str]) -> Decimal | None:
    points = number_in(text)
    if points is None:
        faults.append(f"选项「{option[:20]}」的分值「{text[:20]}」不是数字")
        return None
    if abs(points) > MOST_POINTS:
        faults.append(f"选项「{option[:20]}」的分值太大")
    return points
