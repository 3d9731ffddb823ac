"""What the pages of follow-up send: text as typed; every fault of a form is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Invalid
from jiceng.api.typed import (
    read_count,
    read_day,
    read_figure,
    read_month,
    refuse,
    single,
)
from jiceng_project_ledger.followup.due import Kind
from jiceng_project_ledger.followup.schemas import Said

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


def month_of(text: str) -> date:
    """The month in an address or a field, as its first day; raises Invalid for what is none."""
    return single(read_month, text, "月份", "没有这个月")


class ReportForm(msgspec.Struct, frozen=True):
    """A monthly report as typed."""

    percent: str = ""
    work: str = ""
    trouble: str = ""
    ahead: str = ""
    figure: str = ""

    def said(self) -> Said:
        """The report; raises Invalid for what cannot be read."""
        faults: list[str] = []
        percent = read_count(self.percent, "自报进度", faults)
        figure = read_figure(self.figure, "对标指标现值", faults)
        refuse(faults, "月汇报")
        return Said(percent=percent, work=self.work, trouble=self.trouble, ahead=self.ahead, figure=figure)


class DecisionForm(msgspec.Struct, frozen=True):
    """Accept or return, with words."""

    words: str = ""


class ReopenForm(msgspec.Struct, frozen=True):
    """Until when a month is open again, and why."""

    until: str = ""
    reason: str = ""

    def last(self) -> date | None:
        """The day, if one was given; raises Invalid for what is no day."""
        return single(read_day, self.until, "重开到")


class InstructionForm(msgspec.Struct, frozen=True):
    """What a late project is told, and until when it answers."""

    instruction: str = ""
    answer_due: str = ""

    def until(self) -> date | None:
        """The day, if one was given; raises Invalid for what is no day."""
        return single(read_day, self.answer_due, "答复期限")


class AnswerForm(msgspec.Struct, frozen=True):
    """What the owner organization answers."""

    answer: str = ""


class RatingForm(msgspec.Struct, frozen=True):
    """One rater's score and words."""

    year: str = ""
    score: str = ""
    comment: str = ""


class ConfirmForm(msgspec.Struct, frozen=True):
    """The words with which the mean is confirmed."""

    year: str = ""
    reason: str = ""


class SettingsForm(msgspec.Struct, frozen=True):
    """The numbers of lights and rhythm, each by its own name."""

    yellow_behind: str = ""
    red_behind: str = ""
    yellow_days: str = ""
    red_days: str = ""
    yellow_missed: str = ""
    red_missed: str = ""
    yellow_findings: str = ""
    red_findings: str = ""
    month_day: str = ""
    quarter_day: str = ""
    half_day: str = ""
    year_day: str = ""
    closes_after: str = ""
    corrects_within: str = ""
    survey: str = ""


def kind_of(text: str) -> Kind:
    """Half-year or year-end, from an address; raises Invalid for anything else."""
    if text not in {Kind.HALF, Kind.YEAR}:
        raise Invalid(["只有半年初评（half）和年终总评（year）"], "没有这种评议", where=text[:20])
    return Kind(text)


def score_typed(text: str) -> Decimal | None:
    """The score in a field, None when it is empty; raises Invalid for what is no number."""
    return single(read_figure, text, "评分")
