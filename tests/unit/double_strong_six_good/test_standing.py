"""Towns with their sites explained, means to compare with, months of help that are late."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.support.enterprise_rows import standing

from jiceng.kernel.clock import now
from jiceng.kernel.ids import new_id
from jiceng_double_strong_six_good.help.schemas import Draft, Help
from jiceng_double_strong_six_good.help.states import State
from jiceng_double_strong_six_good.instructors.schemas import Instructor
from jiceng_double_strong_six_good.limits import Limits
from jiceng_double_strong_six_good.standing.schemas import Board, Verdict


def confirmed(tier: str) -> Verdict:
    return Verdict(tier=tier, run=new_id(), reason="核对过", by="周", at=now())


@pytest.mark.parametrize(
    ("tiers", "words", "good"),
    [
        (["示范", "中间"], "少于 2–3 个：参评 2 家，够示范点的 1 家，还差 1 家，从中间档里培育", False),
        (["示范", "示范", "后进"], "符合 2–3 个", True),
        (["示范"] * 4, "多于 2–3 个：够示范点的 4 家，由组织部门从中确定", False),
    ],
)
def test_the_sites_of_a_town_are_counted_and_explained(tiers: list[str], words: str, good: bool) -> None:
    board = Board(2026, tuple(standing(tier, 8) for tier in tiers))
    (town,) = board.towns(Limits())
    assert (town.words, town.good) == (words, good)
    assert town.tiers == {tier: tiers.count(tier) for tier in ("示范", "中间", "后进")}


def test_a_town_with_two_rated_has_its_own_mean_and_one_with_fewer_is_compared_with_all() -> None:
    rows = (standing("示范", 9), standing("中间", 6), standing("中间", 3, town="云岭镇"))
    board = Board(2026, rows)
    assert board.mean("北渡镇") == ([Decimal("7.50")] * 6, True)
    assert board.mean("云岭镇") == ([Decimal("6.00")] * 6, False)
    assert Board(2026, rows[:1]).mean("北渡镇") == (None, False)


def test_a_tier_is_settled_only_while_the_computed_one_is_the_confirmed_one() -> None:
    assert standing("示范", 9, confirmed=confirmed("示范")).settled
    assert not standing("中间", 7, confirmed=confirmed("示范")).settled
    assert not standing("中间", 7).settled


def test_help_is_late_by_month_and_overdue_after_its_deadline() -> None:
    found = Help(
        id=new_id(),
        unit=new_id(),
        year=2025,
        problems="欠薪",
        measures="",
        helper="",
        deadline=dt.date(2026, 3, 31),
        state=State.RUNNING,
        started=dt.date(2026, 1, 20),
        ended=None,
        handed_in_by=None,
        percent=40,
        months=(dt.date(2026, 2, 1),),
    )
    assert found.late_months(dt.date(2026, 4, 6)) == [dt.date(2026, 1, 1), dt.date(2026, 3, 1)]
    assert found.late_months(dt.date(2026, 4, 5)) == [dt.date(2026, 1, 1)]
    assert (found.overdue(dt.date(2026, 3, 31)), found.overdue(dt.date(2026, 4, 1))) == (False, True)
    assert found.said().lacking() == ["措施", "帮扶人"]
    assert Draft().lacking() == ["问题", "措施", "帮扶人", "期限"]


def test_an_instructor_is_late_from_the_last_visit_or_else_from_the_first_day() -> None:
    there = Instructor(
        id=new_id(),
        unit=new_id(),
        name="李",
        employer="",
        since=dt.date(2026, 1, 1),
        until=dt.date(2026, 12, 31),
        task="找党员",
        ended=None,
        visits=0,
        last_visit=None,
    )
    assert not there.visit_late(dt.date(2026, 4, 3), 92)
    assert there.visit_late(dt.date(2026, 4, 4), 92)
    assert (there.expired(dt.date(2026, 12, 31)), there.expired(dt.date(2027, 1, 1))) == (False, True)
