"""Rows of the workbook: the straight way to every state, days in order, phases of steps, money in fen."""

from datetime import date
from decimal import Decimal

import pytest

from jiceng_project_ledger.sheets.rows import fen, group_of, order_faults, phases_of, way_of
from jiceng_project_ledger.states import LIFE, State


@pytest.mark.parametrize("state", list(State))
def test_the_way_to_a_state_is_allowed_and_leads_there(state: State) -> None:
    at = State.DRAFT
    for act, _ in way_of(state):
        at = LIFE.after(at, act)
    assert at is state


def test_days_that_go_back_are_told_at_the_later_one() -> None:
    row: dict[str, date | None] = {
        "starts": date(2026, 3, 1),
        "deadline": date(2026, 2, 1),
        "submitted": date(2026, 1, 5),
    }
    row |= {"approved": date(2026, 1, 4), "began": None, "asked": date(2026, 1, 3), "ended": None}
    assert list(order_faults(row)) == [
        ("deadline", "完成期限早于开始"),
        ("approved", "早于前一步的日期"),
        ("asked", "早于前一步的日期"),
    ]


def test_phases_span_their_steps() -> None:
    def step(phase: str, first: int, last: int) -> dict[str, object]:
        return {"phase": phase, "starts": date(2026, first, 1), "ends": date(2026, last, 28)}

    phases, steps = phases_of([step("准备", 2, 3), step("实施", 3, 6), step("准备", 1, 2)])
    assert phases == [
        {"seq": 1, "name": "准备", "starts": date(2026, 1, 1), "ends": date(2026, 3, 28)},
        {"seq": 2, "name": "实施", "starts": date(2026, 3, 1), "ends": date(2026, 6, 28)},
    ]
    assert [(one["phase"], one["seq"]) for one in steps] == [(1, 1), (2, 2), (1, 3)]


def test_money_and_groups_are_read_as_typed() -> None:
    assert (fen(Decimal("29000.55")), fen(None)) == (2_900_055, 0)
    assert group_of("D1、D2, D3；") == ("D1", "D2", "D3")
