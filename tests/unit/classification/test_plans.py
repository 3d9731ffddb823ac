"""A plan moves only along its states; months without a report are named from the month it began in."""

from datetime import date

import msgspec
import pytest

from jiceng.api import Invalid
from jiceng.api.moves import IllegalMove
from jiceng.api.turning_round import ProgressForm
from jiceng.kernel.ids import new_id
from jiceng_classification.forms import ActForm, PlanForm
from jiceng_classification.plans.schemas import Plan
from jiceng_classification.plans.states import LIFE, MOVES, Act, State

PLAN = Plan(
    id=new_id(),
    organization=new_id(),
    year=2026,
    programme="治弱",
    causes=("换届超期",),
    goal="",
    measures="",
    helper="",
    first_secretary="",
    deadline=date(2026, 9, 30),
    state=State.RUNNING,
    started=date(2026, 3, 20),
    ended=None,
    made_by=None,
    handed_in_by=None,
    percent=None,
    months=(date(2026, 4, 1),),
)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", list(Act))
def test_an_act_leads_where_the_table_says_or_is_refused_with_what_is_allowed(state: State, act: Act) -> None:
    if (state, act) in MOVES:
        assert LIFE.after(state, act) is MOVES[state, act]
        assert act in LIFE.allowed(state)
    else:
        with pytest.raises(IllegalMove, match=r"现在可以|已经了结"):
            LIFE.after(state, act)


def test_a_stopped_plan_is_only_drafted_anew() -> None:
    assert LIFE.allowed(State.STOPPED) == (Act.REDO,)
    assert LIFE.allowed(State.RUNNING) == (Act.HAND_IN, Act.EXTEND, Act.STOP)


def test_a_month_is_late_after_the_fifth_of_the_next() -> None:
    assert PLAN.late_months(date(2026, 4, 5)) == []
    assert PLAN.late_months(date(2026, 4, 6)) == [date(2026, 3, 1)]
    assert PLAN.late_months(date(2026, 7, 6)) == [date(2026, 3, 1), date(2026, 5, 1), date(2026, 6, 1)]
    december = msgspec.structs.replace(PLAN, started=date(2026, 12, 1), months=())
    assert december.late_months(date(2027, 1, 6)) == [date(2026, 12, 1)]


def test_only_a_running_plan_owes_reports_and_can_be_overdue() -> None:
    accepted = msgspec.structs.replace(PLAN, state=State.ACCEPTED)
    assert accepted.late_months(date(2026, 12, 31)) == []
    assert not accepted.overdue(date(2026, 12, 31))
    assert PLAN.overdue(date(2026, 10, 1))
    assert not PLAN.overdue(date(2026, 9, 30))


def test_a_plan_is_late_by_its_deadline_or_by_a_month() -> None:
    reported = msgspec.structs.replace(PLAN, months=tuple(date(2026, month, 1) for month in range(3, 10)))
    assert not reported.late(date(2026, 9, 30))
    assert reported.late(date(2026, 10, 1)), "past its deadline"
    assert PLAN.late(date(2026, 4, 6)), "March lacks its report"


def test_every_fault_of_a_form_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        PlanForm(year="今年", deadline="九月").draft(new_id())
    assert [str(fault) for fault in refused.value.faults] == [
        "期限“九月”不是日期，应写成 2026-03-31",
        "年度“今年”不是年度，应写成 2026",
    ]
    with pytest.raises(Invalid) as unread:
        ProgressForm("2026-03", "八成", "开了会").said()
    assert unread.value.faults == ("完成情况“八成”不是整数",)
    with pytest.raises(Invalid, match="请选要办理的事"):
        ActForm("销号").wanted()
    assert ProgressForm("2026-03", "80", "开了会").said() == (date(2026, 3, 1), 80, "开了会")
