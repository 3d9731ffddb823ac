"""What a declaration must say before it is handed in, and the moves there are."""

from decimal import Decimal

import pytest
from tests.support.enterprises import TYPED

from jiceng.api.moves import IllegalMove
from jiceng_double_strong_six_good.declarations.content import kept, read
from jiceng_double_strong_six_good.declarations.states import LIFE, Act, State


def faults(**changed: str) -> list[str]:
    found: list[str] = []
    read({**TYPED, **changed}, found)
    return found


def test_a_complete_declaration_becomes_values() -> None:
    told: list[str] = []
    declared = read(TYPED, told)
    assert told == []
    assert declared.answers == {
        "growth": Decimal(20),
        "members": Decimal(6),
        "has_secretary": True,
        "has_committee": False,
        "head_secretary": False,
        "deputy": False,
        "election_state": "按期",
        "ledger": "齐全",
    }
    assert declared.own["production"] == Decimal("8.5")


def test_an_empty_declaration_is_told_everything_it_lacks() -> None:
    told: list[str] = []
    read({}, told)
    assert len(told) == 20
    assert told[:3] == ["发展强：经营增长自评分还没有填", "党员数还没有填", "有党组织书记还没有选"]
    assert told[-2:] == ["“社会反映好”还没有写做法和成效", "“社会反映好”自评分还没有填"]


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("growth", "20.1", "发展强：经营增长自评分“20.1”应是 0 到 20 的数，最多 1 位小数"),
        ("growth", "3.14", "发展强：经营增长自评分“3.14”应是 0 到 20 的数，最多 1 位小数"),
        ("members", "-1", "党员数“-1”应是 0 到 10000 的整数"),
        ("members", "NaN", "党员数“NaN”应是 0 到 10000 的整数"),
        ("members", "十二", "党员数“十二”应是 0 到 10000 的整数"),
        ("ledger", "很好", "党员和积极分子台账“很好”不在 齐全、不全、缺 之中"),
        ("own.labour", "11", "“劳动关系好”自评分“11”应是 0 到 10 的数，最多 1 位小数"),
        ("said.labour", "写" * 2001, "“劳动关系好”最多写 2000 字"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(field: str, text: str, told: str) -> None:
    assert faults(**{field: text}) == [told]


def test_only_the_forms_own_fields_are_kept_as_typed() -> None:
    assert kept({"growth": "十二", "members": " ", "_csrf_token": "x", "deputy": "是"}) == {
        "growth": "十二",
        "deputy": "是",
    }


def test_what_was_accepted_is_only_reopened_and_the_refusal_says_so() -> None:
    assert LIFE.allowed(State.ACCEPTED) == (Act.REOPEN,)
    with pytest.raises(IllegalMove) as told:
        LIFE.after(State.ACCEPTED, Act.HAND_IN)
    assert (told.value.what_zh, told.value.todo_zh) == (
        "申报已采信，不能提交",
        "现在可以：采信后退回重报",
    )
