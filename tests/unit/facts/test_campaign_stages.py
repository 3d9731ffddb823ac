"""Stages of a campaign by their days: which one is on, the order they must have, what follows what."""

from datetime import date

import pytest

from jiceng.facts.campaigns.stages import Dates, after, before, later

DATES = Dates(date(2026, 7, 1), date(2026, 7, 10), date(2026, 7, 31), date(2026, 8, 15))
WITHOUT_SUPERIOR = Dates(date(2026, 7, 1), date(2026, 7, 10), None, date(2026, 8, 15))


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (date(2026, 6, 30), "waiting"),
        (date(2026, 7, 1), "self"),
        (date(2026, 7, 10), "self"),
        (date(2026, 7, 11), "superior"),
        (date(2026, 7, 31), "superior"),
        (date(2026, 8, 1), "department"),
        (date(2026, 8, 15), "department"),
        (date(2027, 1, 1), "department"),
    ],
)
def test_a_stage_lasts_through_its_last_day_and_the_last_one_until_the_end(day: date, stage: str) -> None:
    assert DATES.on(day) == stage


def test_without_a_superior_the_department_follows_the_self_rating() -> None:
    assert WITHOUT_SUPERIOR.stages() == ("self", "department")
    assert WITHOUT_SUPERIOR.on(date(2026, 7, 11)) == "department"
    assert after("self", WITHOUT_SUPERIOR) == "department"


def test_the_days_must_follow_each_other() -> None:
    assert DATES.faults() == []
    assert Dates(date(2026, 7, 2), date(2026, 7, 1), None, date(2026, 7, 1)).faults() == [
        "自评的截止日期早于开始日期",
        "部门评定的截止日期应晚于自评的截止日期",
    ]
    assert Dates(date(2026, 7, 1), date(2026, 7, 10), date(2026, 7, 10), date(2026, 7, 11)).faults() == [
        "上级评议的截止日期应晚于自评的截止日期"
    ]


def test_one_day_is_long_enough_for_a_stage() -> None:
    assert Dates(date(2026, 7, 1), date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 3)).faults() == []


def test_what_comes_before_and_after_a_stage() -> None:
    assert before("department", DATES) == ("superior", "self")
    assert before("self", DATES) == ()
    assert after("department", DATES) == "done"
    assert later("superior", "self") == "superior"
    assert later("superior", "done") == "done"
