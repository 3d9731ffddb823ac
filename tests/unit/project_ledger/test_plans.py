"""Unit: when a plan may stand, what is done of it, what a change leaves as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
import pytest

from jiceng_project_ledger.planning.changing import _touched, carried_over, side_by_side
from jiceng_project_ledger.planning.checking import faults
from jiceng_project_ledger.planning.schemas import Phase, Plan, PlanChange, Step

JAN, MAR, APR, JUN, JUL, DEC = (
    date(2026, 1, 1),
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 6, 30),
    date(2026, 7, 1),
    date(2026, 12, 31),
)
PHASES = (Phase("准备", JAN, JUN), Phase("实施", JUL, DEC))
STEPS = (
    Step(1, "摸底", JAN, MAR, 30, "清单"),
    Step(1, "定方案", APR, JUN, 30, "方案"),
    Step(2, "建设", JUL, DEC, 40, "议事厅"),
)
PLAN = Plan(PHASES, STEPS)


def with_step(number: int, **changed: object) -> Plan:
    steps = list(STEPS)
    steps[number - 1] = msgspec.structs.replace(steps[number - 1], **changed)
    return Plan(PHASES, tuple(steps))


def test_a_sound_plan_has_no_faults() -> None:
    assert faults(PLAN, JAN, DEC) == []


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(), ["请至少写一个步骤"]),
        (with_step(3, weight=30), ["各步权重合计应是 100，现在是 90"]),
        (with_step(1, starts=JUN), ["第 1 步：结束 2026-03-31 早于开始 2026-06-30"]),
        (with_step(3, starts=JUN), ["第 3 步：开始 2026-06-30 早于所属阶段“实施”的 2026-07-01"]),
        (with_step(2, ends=JUL), ["第 2 步：结束 2026-07-01 晚于所属阶段“准备”的 2026-06-30"]),
        (
            with_step(2, phase=3),
            ["第 2 步：没有第 3 阶段", "第 3 步：排在后一阶段的步骤之后，请按阶段先后排列"],
        ),
        (with_step(2, name=" "), ["第 2 步：请写步骤，最多 100 字"]),
        (
            with_step(2, weight=0),
            ["第 2 步：权重应是 1 到 100 的整数，现在是 0", "各步权重合计应是 100，现在是 70"],
        ),
    ],
)
def test_every_fault_is_told_with_the_step_it_is_in(plan: Plan, said: list[str]) -> None:
    assert faults(plan, JAN, DEC) == said


def test_phases_are_told_apart_from_the_project_and_from_each_other() -> None:
    plan = Plan((Phase("准备", JUN, JAN), Phase("实施", MAR, DEC)), (Step(2, "建设", APR, DEC, 100),))
    assert faults(plan, APR, JUN) == [
        "第 1 阶段：结束 2026-01-01 早于开始 2026-06-30",
        "第 2 阶段：早于项目开始 2026-04-01",
        "第 2 阶段：晚于项目期限 2026-06-30",
        "第 2 阶段：比前一阶段开始得早",
        "阶段“准备”没有步骤",
    ]


def test_progress_is_counted_by_weight() -> None:
    plan = with_step(1, done=MAR)
    assert (plan.done, plan.due(JUN), plan.due(date(2026, 6, 29))) == (30, 60, 30)
    assert [step.name for step in plan.late(JUL)] == ["定方案"]
    assert plan.current == "准备"
    assert Plan().current == ""
    assert with_step(1, done=APR).steps[0].days_late(DEC) == 1


def test_what_is_done_stays_done_in_a_changed_plan() -> None:
    before = with_step(1, done=MAR, proof="清单 12 份")
    later = with_step(3, weight=50)
    assert carried_over(before, later).steps[0] == before.steps[0]
    assert carried_over(before, later).steps[2].weight == 50
    assert carried_over(PLAN, before).steps[0].done is None


def test_of_steps_that_share_a_name_only_the_one_that_is_done_stays_done() -> None:
    meetings = (
        Step(1, "例会", JAN, MAR, 30, "记录"),
        Step(1, "例会", APR, JUN, 30, "记录"),
        Step(2, "建设", JUL, DEC, 40, "议事厅"),
    )
    held = msgspec.structs.replace(meetings[0], done=MAR, proof="到会 20 人")
    before = Plan(PHASES, (held, *meetings[1:]))
    later = Plan(PHASES, (*meetings[:2], msgspec.structs.replace(meetings[2], deliverable="议事厅、图书角")))
    assert [step.done for step in carried_over(before, later).steps] == [MAR, None, None]
    assert carried_over(before, later).steps[1].starts == APR
    assert _touched(before, later) == []
    assert _touched(before, Plan(PHASES, meetings[1:])) == ["步骤“例会”已经完成，不能改也不能删"]


def compared(after: Plan) -> list[tuple[str, str]]:
    """Names of old and new steps beside each other, "" where there is none."""
    change = PlanChange(
        id=UUID(int=1),
        seq=1,
        reason="",
        before=PLAN,
        after=after,
        state="asked",
        asked_by=None,
        asked_at=datetime(2026, 8, 1, tzinfo=UTC),
        decision="",
        decided_by="",
        decided_at=None,
    )
    return [(old.name if old else "", new.name if new else "") for old, new in side_by_side(change)]


def test_a_step_that_only_has_another_name_stands_beside_what_it_was() -> None:
    assert compared(with_step(2, name="定办法")) == [("摸底", "摸底"), ("定方案", "定办法"), ("建设", "建设")]
    assert compared(with_step(2, name="定办法", weight=20)) == [
        ("摸底", "摸底"),
        ("定方案", "定办法"),
        ("建设", "建设"),
    ]


def test_a_step_of_another_name_and_other_dates_is_another_step() -> None:
    assert compared(with_step(2, name="定办法", ends=MAR)) == [
        ("摸底", "摸底"),
        ("定方案", ""),
        ("", "定办法"),
        ("建设", "建设"),
    ]


def test_of_two_steps_with_the_same_dates_none_is_taken_for_another() -> None:
    two = (Step(1, "甲", APR, JUN, 10), Step(1, "乙", APR, JUN, 20))
    assert compared(Plan(PHASES, (STEPS[0], *two, STEPS[2]))) == [
        ("摸底", "摸底"),
        ("定方案", ""),
        ("", "甲"),
        ("", "乙"),
        ("建设", "建设"),
    ]
