"""The clock has one seam, ids sort by time, refusals speak two languages."""

from datetime import UTC, date, datetime

import pytest

from jiceng.kernel import clock
from jiceng.kernel.errors import Conflict, Invalid, NotFound, Refusal
from jiceng.kernel.ids import new_id


def test_the_clock_can_be_stopped_and_goes_on_afterwards() -> None:
    with clock.showing(datetime(2026, 3, 31, 16, 30, tzinfo=UTC)):
        assert clock.now() == datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
        assert clock.today() == date(2026, 4, 1), "half past midnight in China is already April"
    assert clock.now().year >= 2026
    assert clock.now() != datetime(2026, 3, 31, 16, 30, tzinfo=UTC)


def test_the_clock_never_shows_a_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"), clock.showing(datetime(2026, 1, 1)):  # noqa: DTZ001 - on purpose
        pass
    assert clock.now().tzinfo is UTC


def test_new_ids_are_version_7_and_sort_by_time() -> None:
    ids = [new_id() for _ in range(1000)]
    assert {each.version for each in ids} == {7}
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000


def test_a_refusal_says_what_where_and_what_to_do_in_both_languages() -> None:
    refusal = Refusal("缺少列", "B2", "请补上", what_en="column missing", todo_en="add it")
    assert str(refusal) == "缺少列（B2）。请补上\ncolumn missing (B2). add it"


def test_each_kind_of_refusal_has_its_http_status() -> None:
    assert [
        NotFound().status,
        Conflict("x").status,
        Invalid(["a"]).status,
        Refusal("x", status=413).status,
    ] == [
        404,
        409,
        422,
        413,
    ]


def test_an_invalid_input_lists_every_fault_on_its_own_line() -> None:
    words = str(Invalid(["第 2 行：缺少姓名", "第 9 行：日期有误"]))
    assert words.splitlines()[-2:] == ["第 2 行：缺少姓名", "第 9 行：日期有误"]
    assert "发现 2 处错误，什么都没有保存" in words
