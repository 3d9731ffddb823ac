"""Stars over two years: what changed, and which organization stands on which list."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from jiceng.api.results import FinalResult
from jiceng_star_rating.history import Line, Organization, change, lines, periods, spread
from jiceng_star_rating.lists import AWARDS, LOWERED, PLAQUES, REMOVED, listed

GRADES = ("五星", "四星", "三星", "二星", "一星")
YEARS = ["2026 年度", "2025 年度"]


def result(year: int, grade: str | None, subject: int = 1, *, status: str = "rated") -> FinalResult:
    now = -1 if grade is None else GRADES.index(grade)
    return FinalResult(
        run=UUID(int=year),
        run_number=year,
        period=f"{year} 年度",
        first_day=date(year, 1, 1),
        last_day=date(year, 12, 31),
        subject=UUID(int=subject),
        organization=None,
        status=status,
        score=None if grade is None else Decimal("85.50"),
        grade=grade,
        outputs={"plaque": 0 <= now <= 2, "award": grade == "五星", "lowered": False, "removed": False},
    )


def place(number: int) -> Organization:
    return Organization(str(UUID(int=number)), f"O{number}", f"第{number}党支部", "湖口镇")


def line(then: str | None, now: str | None) -> Line:
    results = [result(year, grade) for year, grade in ((2025, then), (2026, now)) if grade is not None]
    return Line(place(1), {one.period: one for one in results})


def test_organizations_without_a_result_have_no_line_and_the_order_is_the_rosters() -> None:
    found = lines([place(3), place(1), place(2)], [result(2026, "五星", 1), result(2026, "四星", 3)])
    assert [one.place.number for one in found] == ["O3", "O1"]


def test_the_newest_period_comes_first() -> None:
    assert periods([result(2025, "五星"), result(2026, "四星")]) == YEARS


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [("三星", "四星", "up"), ("三星", "二星", "down"), ("三星", "三星", "same"), (None, "三星", "new")],
)
def test_a_star_is_compared_with_the_year_before(then: str | None, now: str, told: str) -> None:
    assert change(line(then, now), YEARS, GRADES) == told


def test_a_grade_the_rules_no_longer_have_compares_with_nothing() -> None:
    assert change(line("五星", "四星"), YEARS, GRADES[1:]) == "new"


def test_the_spread_counts_grades_and_those_without_one_by_status() -> None:
    unstarred = Line(place(2), {"2026 年度": result(2026, None, 2, status="first_year")})
    counts = spread([line(None, "五星"), unstarred], "2026 年度", GRADES)
    assert counts == {"五星": 1, "四星": 0, "三星": 0, "二星": 0, "一星": 0, "first_year": 1}


@pytest.mark.parametrize(
    ("then", "now", "todo"),
    [
        (None, "三星", ["授牌"]),
        ("二星", "三星", ["授牌"]),
        ("三星", "三星", ["续牌"]),
        ("三星", "四星", ["换牌"]),
        ("三星", "二星", []),
    ],
)
def test_a_plaque_is_given_kept_or_replaced(then: str | None, now: str, todo: list[str]) -> None:
    found = listed(PLAQUES, [line(then, now)], YEARS)
    assert [one.todo for one in found] == todo


def test_a_plaque_is_taken_back_also_from_who_is_no_longer_rated() -> None:
    out = Line(
        place(1),
        {"2025 年度": result(2025, "三星"), "2026 年度": result(2026, None, status="not_this_round")},
    )
    assert [one.todo for one in listed(REMOVED, [out], YEARS)] == ["收回牌匾"]
    assert listed(REMOVED, [line("二星", "一星")], YEARS) == []


def test_awards_and_demotions_follow_the_rulebooks_outputs() -> None:
    found = listed(AWARDS, [line(None, "五星"), line(None, "四星")], YEARS)
    assert [(one.grade, one.score, one.todo) for one in found] == [("五星", "85.5", "列入表彰建议")]
    fallen = result(2026, "四星")
    fallen.outputs["lowered"] = True
    both = Line(place(1), {"2025 年度": result(2025, "五星"), "2026 年度": fallen})
    assert [(one.before, one.grade, one.todo) for one in listed(LOWERED, [both], YEARS)] == [
        ("五星", "四星", "提醒整改")
    ]


def test_without_a_period_every_list_is_empty() -> None:
    assert listed(PLAQUES, [], []) == []
