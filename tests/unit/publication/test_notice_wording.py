"""What a notice says over its columns, by the kind of subject it is about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from jiceng.console.frame.wording import say
from jiceng.evaluation.schemas import RunInfo
from jiceng.kernel.ids import new_id
from jiceng.publication.acts.forms import NoticeForm
from jiceng.publication.flow.states import State
from jiceng.publication.notice.wording import worded, written
from jiceng.publication.schemas import NoticeRow, PublicationInfo

ROW = NoticeRow("东街党支部", "企业甲", Decimal(90), "示范")


def run_of(subject: str) -> RunInfo:
    given: dict[str, Any] = dict.fromkeys(RunInfo.__struct_fields__)
    return RunInfo(**given | {"title": "评定", "period": "2026 年度", "subject": subject})


def notice() -> PublicationInfo:
    day = date(2026, 12, 21)
    info = PublicationInfo(id=new_id(), run=new_id(), state=State.NOTICE)
    return structs.replace(
        info, grades=("示范",), first_day=day, last_day=date(2026, 12, 25), working_days=5, office="组织科"
    )


@pytest.mark.parametrize(
    ("subject", "columns", "cells"),
    [
        ("organization", ("组织", "得分", "拟定等次"), ("企业甲", "90.00", "示范")),
        ("enterprise", ("组织", "名称", "得分", "拟定等次"), ("东街党支部", "企业甲", "90.00", "示范")),
        ("project", ("组织", "名称", "得分", "拟定等次"), ("东街党支部", "企业甲", "90.00", "示范")),
        ("member", ("组织", "姓名", "拟定等次"), ("东街党支部", "企业甲", "示范")),
    ],
)
def test_the_subject_stands_in_a_column_of_its_own_unless_it_is_an_organization(
    subject: str, columns: tuple[str, ...], cells: tuple[str, ...]
) -> None:
    text = worded(run_of(subject), notice(), [ROW], whole=1, basis="", places=2, by="组织部")
    assert (text.columns, text.rows) == (columns, (cells,))


def test_a_score_is_rounded_half_up_as_on_every_page() -> None:
    scores = (Decimal("85.125"), Decimal("85.135"), Decimal("-0.125"))
    rows = [NoticeRow("东街党支部", "企业甲", score, "示范") for score in scores]
    text = worded(run_of("organization"), notice(), rows, whole=3, basis="", places=2, by="组织部")
    assert [row[1] for row in text.rows] == ["85.13", "85.14", "-0.13"]


def test_a_day_is_written_as_on_official_papers_and_in_english_as_everywhere() -> None:
    day = written(date(2026, 3, 5))
    assert say(day.words, "zh", day.values) == "2026年3月5日"
    assert say(day.words, "en", day.values) == "2026-03-05"


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        ("优 秀", ("优 秀",)),
        ("优 秀 合格", ("优", "秀", "合格")),
        ("合格", ("合格",)),
        (["优 秀", "合格"], ("优 秀", "合格")),
    ],
)
def test_a_grade_with_a_space_in_it_is_one_grade(sent: list[str] | str, wanted: tuple[str, ...]) -> None:
    form = NoticeForm(grades=sent, first_day="2026-12-21", working_days="5", office="组织科", phone="1")
    assert form.notice(("优 秀", "合格")).grades == wanted
