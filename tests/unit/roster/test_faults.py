"""Everything that can be wrong with a roster file: told at once, at its cell, with what to do."""

import pytest
from tests.support.roster_books import MEMBER_HEAD, PEOPLE, TOWN, Rows, roster_book

from jiceng.kernel.errors import Refusal
from jiceng.roster.service import preview_for_new

UNIT_HEAD = ("单位编号", "单位名称", "单位类型", "职工人数", "应建组织", "组织覆盖", "党组织编号")
POST_HEAD = ("党员编号", "组织编号", "职务", "任职日期", "离任日期")

ADD_IT = "改成名册里的组织编号，或先在「组织」表里加上它"
CATEGORIES = "机关(学校)、社区、农村、两新、特殊群体"


def faults(data: bytes, name: str = "名册.xlsx") -> list[str]:
    return [str(fault) for fault in preview_for_new(data, name, "donghu", "东湖区").errors]


def refused(data: bytes, name: str = "名册.xlsx") -> str:
    with pytest.raises(Refusal) as caught:
        preview_for_new(data, name, "donghu", "东湖区")
    return caught.value.in_words()


def test_a_sound_file_has_no_faults() -> None:
    assert faults(roster_book()) == []


def test_the_roster_of_another_tenant_is_refused_at_its_cell() -> None:
    assert refused(roster_book(cover=(("租户", "xishan"),))) == (
        "这是「xishan」的名册，不是「东湖区」的（名册.xlsx，封面!B1）。"
        "请换成本单位的名册；如果确是本单位的，把该格改成 donghu。"
    )
    assert faults(roster_book(cover=(("租户", "东湖区"),))) == []


def test_a_workbook_that_is_no_roster_is_refused() -> None:
    assert refused(roster_book(None, None, cover=(), 工资表=(("姓名", "工资"), ("张三", 1)), 表2=())) == (
        "文件里没有名册（工作表：工资表、表2）（名册.xlsx）。"
        "工作表应叫「组织」「单位」「党员」「任职」，表头见模板；请下载模板对照。"
    )


def test_a_missing_column() -> None:
    people = [row[:4] for row in PEOPLE]
    assert faults(roster_book(members=people, member_head=MEMBER_HEAD[:4])) == [
        "党员 所在组织编号：缺少「所在组织编号」一列；在表头加上这一列并填写；可下载模板对照"
    ]


def test_a_number_that_occurs_twice_points_at_the_first() -> None:
    doubled = (*PEOPLE, ("M1", "另一人", "农村", "正式", "Z2", "20100701"))
    assert faults(roster_book(members=doubled)) == [
        "党员!A5 党员编号「M1」：与 A2 重复，党员编号应各不相同；改成各自的编号，或删去重复的一行"
    ]


def test_an_unknown_organization_names_the_nearest() -> None:
    lost = (*PEOPLE, ("M4", "罗昭宁", "农村", "正式", "上圩村支部", "20200701"))
    assert faults(roster_book(members=lost)) == [
        f"党员!E5 所在组织编号「上圩村支部」：名册里没有这个组织，相近的是「上圩村党支部」；{ADD_IT}"
    ]


def test_a_column_of_the_wrong_kind_is_told_at_every_cell_and_guessed_at_a_hundred_times() -> None:
    lost = [(f"N{n}", "罗昭宁", "农村", "正式", f"上圩村党支部{n}", "20200701") for n in range(150)]
    told = faults(roster_book(members=lost))
    assert len(told) == 150
    assert sum("相近的是「上圩村党支部」" in one for one in told) == 100
    again = faults(roster_book(members=[(*row[:4], "上圩村支部", row[5]) for row in lost]))
    assert sum("相近的是「上圩村党支部」" in one for one in again) == 150


def test_an_organization_may_be_named_instead_of_numbered_unless_two_have_the_name() -> None:
    named = (("M1", "许文澜", "农村", "正式", "上圩村党支部", "20050701"),)
    assert faults(roster_book(members=named)) == []
    twice = (*TOWN, ("Z3", "上圩村党支部", "党支部", "农村", "Z0", "19700101"))
    assert faults(roster_book(twice, named)) == [
        "党员!E2 所在组织编号「上圩村党支部」：有 2 个组织叫这个名字；改填组织编号"
    ]


def test_an_unknown_superior() -> None:
    orphan = (*TOWN, ("Z3", "新村党支部", "党支部", "农村", "Z9", "19700101"))
    told = faults(roster_book(orphan))
    assert told[0].startswith("组织!E5 上级组织编号「Z9」：名册里没有这个组织，相近的是「Z")


def test_a_circle_of_superiors_is_told_at_each_of_its_organizations_only() -> None:
    circle: Rows = (
        ("Z0", "甲党委", "党委", "农村", "Z2", "19520101"),
        ("Z1", "乙支部", "党支部", "农村", "Z0", "19650101"),
        ("Z2", "丙支部", "党支部", "农村", "Z0", "19650101"),
        ("Z3", "丁支部", "党支部", "农村", "Z3", "19650101"),
    )
    assert faults(roster_book(circle, None)) == [
        "组织!E2 上级组织编号「Z2」：上级关系绕成了圈（共 2 个组织）；改成真正的上级组织编号",
        "组织!E4 上级组织编号「Z0」：上级关系绕成了圈（共 2 个组织）；改成真正的上级组织编号",
        "组织!E5 上级组织编号「Z3」：上级组织就是它自己；改成真正的上级组织编号",
    ]


def test_formulas_and_bad_dates_and_wrong_words_are_told_together() -> None:
    bad: Rows = (
        ("M1", "许文澜", "农村", "正式", "Z1", "2005.13"),
        ("M2", "=A1", "村民", "正式", "Z1", "20100701"),
    )
    assert faults(roster_book(members=bad)) == [
        "党员!F2 入党日期「2005.13」：没有 13 月；改成 20051220、2005-12-20 或 2005.12 这样的写法",
        "党员!B3 姓名：姓名是空的；补填姓名",
        "党员!B3 姓名：是公式，结果会随别的格子变化；选中该格，复制，「选择性粘贴」为「数值」",
        f"党员!C3 评议类别「村民」：不在可选范围内，相近的是「农村」；从下列各项中选一个：{CATEGORIES}",
    ]


def test_dates_out_of_order_and_half_a_departure() -> None:
    bad: Rows = (
        ("M1", "许文澜", "农村", "正式", "Z1", "20050701", "20200101", "20190101", "转出"),
        ("M2", "沈听舟", "农村", "正式", "Z1", "20100701", "20200101", "20250101"),
        ("M3", "何岸", "农村", "正式", "Z1", "20100701", "20200101", None, "去世"),
    )
    assert faults(roster_book(members=bad)) == [
        "党员!H2 离开日期「2019-01-01」：早于转入日期（2020-01-01）；核对两个日期",
        "党员!I3 离开原因：填了离开日期，没有填离开原因；补填：转出、出党或去世",
        "党员!H4 离开日期：填了离开原因，没有填离开日期；补填离开日期",
        "党员!G2 转入日期「2020-01-01」：离开日期（2019-01-01）早于进入日期（2020-01-01）；核对转入日期",
    ]


def test_units_and_posts_are_checked_against_the_rest_of_the_file() -> None:
    units: Rows = (UNIT_HEAD, ("U1", "恒远", "非公企业", 40, "是", "单独组建", None))
    posts: Rows = (
        POST_HEAD,
        ("M9", "Z1", "书记", "20240101", "20270101"),
        ("M1", "Z1", "书记", "20240101", "20270101"),
        ("M1", "Z1", "支部书记", "20240101", "20270101"),
    )
    assert faults(roster_book(单位=units, 任职=posts)) == [
        "单位!G2 党组织编号：组织覆盖是「单独组建」，没有填党组织编号；补填党组织编号",
        "任职!A2 党员编号「M9」：名册里没有这个党员；改成「党员」表里的党员编号",
        "任职!C4 职务「书记」：与第 3 行重复；删去重复的一行",
    ]


def test_a_csv_of_members_in_gbk_is_recognized_by_its_header() -> None:
    text = "党员编号,姓名,评议类别,党员状态,支部\nM1,许文澜,农村,正式党员,上圩村党支部\n"
    assert faults(text.encode("gbk"), "党员.csv") == [
        f"党员!E2 所在组织编号「上圩村党支部」：名册里没有这个组织；{ADD_IT}"
    ]


def test_a_roster_of_a_future_day_is_refused_at_its_cell() -> None:
    told = faults(roster_book(cover=(("租户", "donghu"), ("名册日期", "2099-01-01"))))
    assert told == ["封面!B2 名册日期「2099-01-01」：名册日期在今天之后；改成名册实际统计的日期"]
