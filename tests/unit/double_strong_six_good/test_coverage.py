"""Coverage counted, advice to units without an organization, the limits of the settings."""

from decimal import Decimal

import pytest
from tests.support.enterprise_rows import unit

from jiceng.api import Invalid
from jiceng.api.hooks import Figure
from jiceng_double_strong_six_good.coverage.counting import (
    Advice,
    advice,
    by_town,
    counted,
    to_found,
    what_is_missing,
)
from jiceng_double_strong_six_good.limits import Limits, set_limits

TYPED = {
    "own_branch_from": "3",
    "employees_from": "30",
    "aim": "100",
    "sites_low": "2",
    "sites_high": "3",
    "visit_days": "92",
    "declare_until": "12-20",
}


def test_only_units_that_should_have_an_organization_enter_the_rate() -> None:
    found = counted(
        [unit("单独组建"), unit("联合组建"), unit("无党员"), unit("仅有个别党员", should_have=False)]
    )
    assert (found.units, found.should, found.covered, found.missing) == (4, 3, 2, 1)
    assert found.rate == Decimal("66.67")
    assert found.by_coverage == {"单独组建": 1, "联合组建": 1, "仅有个别党员": 1, "无党员": 1}


def test_where_no_unit_should_have_one_there_is_no_rate() -> None:
    assert counted([unit("无党员", should_have=False)]).rate is None


def test_216_of_308_are_70_13_percent() -> None:
    firms = [unit("联合组建")] * 216 + [unit("无党员")] * 92
    assert counted(firms).rate == Decimal("70.13")


def test_a_rate_is_rounded_half_up_on_its_page_and_on_the_home_page() -> None:
    firms = [unit("联合组建")] * 561 + [unit("无党员")] * 239  # 70.125 %
    assert counted(firms).rate == Decimal("70.13")
    assert Figure(title="覆盖率", value=561, whole=800).rate == Decimal("70.13")


@pytest.mark.parametrize(
    ("coverage", "members", "wanted"),
    [
        ("仅有个别党员", Decimal(3), Advice("单独组建", "党员 3 名，达到 3 名，单独组建党支部")),
        ("仅有个别党员", Decimal(10), Advice("单独组建", "党员 10 名，达到 3 名，单独组建党支部")),
        ("仅有个别党员", Decimal(2), Advice("联合组建", "党员 2 名，不足 3 名，与邻近单位联合组建")),
        (
            "仅有个别党员",
            None,
            Advice("联合组建", "仅有个别党员，人数未填，按不足 3 名，与邻近单位联合组建"),
        ),
        ("无党员", None, Advice("先派指导员", "没有党员，先派党建工作指导员，培养发展党员后再组建")),
        ("无党员", Decimal(0), Advice("先派指导员", "没有党员，先派党建工作指导员，培养发展党员后再组建")),
    ],
)
def test_advice_follows_the_number_of_members(coverage: str, members: Decimal | None, wanted: Advice) -> None:
    assert advice(unit(coverage), members, Limits()) == wanted


def test_the_list_to_found_begins_with_large_units_and_counts_its_advice() -> None:
    small, large = unit("无党员", employees=12, number="U1"), unit("仅有个别党员", number="U2")
    found = to_found([small, large, unit("单独组建")], {large.id: Decimal(4)}, Limits())
    assert [one.number for one, _ in found] == ["U2", "U1"]
    assert what_is_missing(found) == {"单独组建": 1, "联合组建": 0, "先派指导员": 1}
    assert [one for one in (small, large) if one.without_members] == [small]
    assert list(by_town([small, large])) == ["北渡镇"]


async def test_limits_out_of_range_are_all_told_and_nothing_is_kept() -> None:
    typed = TYPED | {"own_branch_from": "0", "aim": "三", "declare_until": "02-29"}
    with pytest.raises(Invalid) as told:
        await set_limits(typed)
    assert [str(fault) for fault in told.value.faults] == [
        "党员几名起单独组建“0”应是 1 到 50 的整数",
        "单列企业覆盖率目标 %“三”应是 1 到 100 的整数",
        "申报截止（月-日）“02-29”应写成 12-20 这样，2 月 29 日不行",
    ]
    with pytest.raises(Invalid) as told:
        await set_limits(TYPED | {"sites_low": "4"})
    assert "至少的个数不能大于至多的个数" in str(told.value.faults[0])
