"""Unit: plans by templates, and the Gantt chart's places."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng_project_ledger.library.schemas import Project
from jiceng_project_ledger.library.vocabulary import Kind
from jiceng_project_ledger.planning.checking import faults
from jiceng_project_ledger.planning.gantt import NAMES, TIME, of_plan, of_projects
from jiceng_project_ledger.planning.schemas import Phase, Plan, Step
from jiceng_project_ledger.planning.templates import DELIVERED, applied, taken_from
from jiceng_project_ledger.states import State

JAN, JUN, JUL, DEC = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31)
PLAN = Plan(
    (Phase("准备", JAN, JUN), Phase("实施", JUL, DEC)),
    (
        Step(1, "摸底", JAN, JUN, 40, done=date(2026, 7, 10)),
        Step(2, "建设", JUL, DEC, 60),
    ),
)


def project(**said: Any) -> Project:
    whole: dict[str, Any] = dict.fromkeys(
        ("id", "organization", "subject", "made_by", "handed_in_by", "ended")
    )
    names = {"organization_name": "", "town": "", "responsible_name": "", "responsible_number": ""}
    told = {"title": "红色物业", "kind": Kind.MAIN, "year": 2026, "number": "2026-001", "round": 1}
    days = {"starts": JAN, "deadline": DEC, "began": JAN, "state": State.IN_PROGRESS}
    return Project(**whole | names | told | days | said)


@pytest.mark.parametrize("name", DELIVERED)
@given(st.integers(30, 900))
def test_a_delivered_template_stands_for_any_dates(name: str, days: int) -> None:
    end = JAN + timedelta(days=days)
    plan = applied(DELIVERED[name], JAN, end)
    assert faults(plan, JAN, end) == []
    assert plan.steps[-1].ends == end


@given(st.dates(JAN, JUN), st.dates(JUL, DEC))
def test_a_plan_kept_as_a_template_gives_the_same_plan_again(middle: date, end: date) -> None:
    after = middle + timedelta(days=1)
    phases = (Phase("准备", JAN, middle), Phase("实施", after, end))
    plan = Plan(phases, (Step(1, "摸底", JAN, middle, 40, "清单"), Step(2, "建设", after, end, 60)))
    assert applied(taken_from(plan, JAN, end), JAN, end) == plan


def test_bars_stand_on_one_scale_with_today_and_the_deadline() -> None:
    chart = of_plan(project(), PLAN, date(2026, 7, 2))
    assert [line.name for line in chart.lines] == ["准备", "摸底", "实施", "建设"]
    prepare, survey, build, construct = chart.lines
    assert (prepare.planned.x, prepare.percent, prepare.done) == (NAMES, 100, date(2026, 7, 10))
    assert survey.planned.x + survey.planned.width == construct.planned.x == NAMES + TIME * 181 // 365
    assert (survey.late, construct.late, build.percent) == (10, 0, 0)
    assert survey.actual is not None
    assert survey.actual.width > survey.planned.width
    assert chart.today == NAMES + TIME * 182 // 365
    assert chart.deadline == NAMES + TIME * 364 // 365
    assert [month.words for month in chart.months][:2] == ["2026-01", "2026-02"]
    assert chart.height > chart.lines[-1].y


def test_before_it_began_there_is_nothing_actual() -> None:
    chart = of_plan(project(began=None), Plan(PLAN.phases, PLAN.steps[1:]), JUN)
    assert [line.actual for line in chart.lines] == [None, None, None]


def test_projects_without_dates_are_left_out_and_the_late_ones_marked() -> None:
    rows = [
        (project(), 40),
        (project(title="没有期限", starts=None, deadline=None), 0),
        (project(title="超期", deadline=JUN), 10),
    ]
    chart = of_projects(rows, DEC)
    assert [(line.name, line.late, line.percent) for line in chart.lines] == [
        ("红色物业", 0, 40),
        ("超期", 184, 10),
    ]
    assert of_projects([], DEC).lines == ()


def test_what_runs_past_its_dates_is_drawn_to_its_end() -> None:
    day = date(2027, 3, 15)
    for chart in (of_plan(project(), PLAN, day), of_projects([(project(), 40)], day)):
        late = chart.lines[-1]
        assert late.actual is not None
        assert chart.today is not None
        assert late.actual.x + late.actual.width >= chart.today > late.planned.x + late.planned.width
        assert late.actual.x + late.actual.width <= NAMES + TIME
    begun_late = project(began=date(2027, 2, 1))
    (line,) = of_projects([(begun_late, 0)], day).lines
    assert line.actual is not None
    assert line.planned.x + line.planned.width < line.actual.x < NAMES + TIME
