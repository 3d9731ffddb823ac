"""People's own sheets: title rows, merged headers, 合计 rows, dashes, full-width digits, formulas."""

import datetime as dt
from decimal import Decimal

from tests.unit.spreadsheets.books import Rows, book

from jiceng.kernel import clock
from jiceng.kernel.spreadsheets import Column, read_table, read_workbook

COLUMNS = (
    Column("number", "编号", required=True, must=True),
    Column("name", "姓名", required=True, must=True),
    Column("education", "学历", kind="choice", options=("大专", "大学本科"), synonyms={"本科": "大学本科"}),
    Column("born", "出生日期", kind="date", aliases=("出生年月",)),
    Column("count", "人数", kind="integer", low=0, high=1000),
    Column("amount", "金额", kind="decimal"),
    Column("mobile", "流动", kind="flag"),
)
MESSY: Rows = (
    [None, "北渡镇党员花名册（2026 年 10 月）"],
    [None, "序号", "编号", "姓名", "基本信息", None, "人数"],
    [None, None, None, None, "学历", "出生年月"],
    [None, 1, "０１", "许 文澜", "本科", "２０２００１０２", 3],
    [],
    [None, 2, "02", "张　三", "—", "2001.06", "1,000"],
    [None, "合 计", "2 人"],
)
MERGES = ("B1:G1", "B2:B3", "C2:C3", "D2:D3", "E2:F2", "G2:G3")

LOST = "被 Excel 存成数字，末位已失真"


def test_the_header_is_found_below_titles_and_across_two_merged_rows() -> None:
    table = read_table(read_workbook(book(MESSY, merges=MERGES), "a.xlsx").sheets[0], COLUMNS)
    assert table.header == 2
    assert table.places == {"number": 2, "name": 3, "education": 4, "born": 5, "count": 6}
    assert [line + 1 for line in table.lines] == [4, 6]
    assert table.skipped == 5


def test_values_are_cleaned_and_typed() -> None:
    table = read_table(read_workbook(book(MESSY, merges=MERGES), "a.xlsx").sheets[0], COLUMNS)
    assert table.values["number"] == ["01", "02"]
    assert table.values["name"] == ["许文澜", "张三"]
    assert table.values["education"] == ["大学本科", None]
    assert table.values["born"] == [dt.date(2020, 1, 2), dt.date(2001, 6, 1)]
    assert table.values["count"] == [3, 1000]
    assert table.values["amount"] == [None, None]


def test_numbers_that_look_the_same_are_the_same() -> None:
    for number in ("00\u200b12", "\ufeff0012", "0012\u2060", "\u202e0012", "00\u00ad12", "００１２"):
        table = read_table(
            read_workbook(book([["编号", "姓名"], [number, "张三"]]), "a.xlsx").sheets[0], COLUMNS
        )
        assert table.values["number"] == ["0012"]


def test_a_dash_is_a_hint_and_stops_nothing() -> None:
    table = read_table(read_workbook(book(MESSY, merges=MERGES), "a.xlsx").sheets[0], COLUMNS)
    assert [(str(fault), fault.hint) for fault in table.faults] == [
        ("党员!E6 学历「—」：按空值处理；不用改", True)
    ]


def test_every_fault_is_told_at_once_at_its_cell() -> None:
    rows: Rows = [
        ["编号", "姓名", "学历", "出生日期", "人数", "金额", "流动"],
        ["", "李四", "博士", "2005.13", -1, "三元", "也许"],
        ["0001", "王五", "大专", "20200101", 2, "8_5", "是"],
        [1234567890123456.0, "无", "大专", "20200101", 2.5, 0.1, "是"],
    ]
    table = read_table(read_workbook(book(rows), "a.xlsx").sheets[0], COLUMNS)
    assert [str(fault) for fault in table.faults] == [
        "党员!A2 编号：编号是空的；补填编号",
        "党员!C2 学历「博士」：不在可选范围内；从下列各项中选一个：大专、大学本科",
        "党员!D2 出生日期「2005.13」：没有 13 月；改成 20051220、2005-12-20 或 2005.12 这样的写法",
        "党员!E2 人数「-1」：小于 0；应不小于 0",
        "党员!F2 金额「三元」：不是数字；只填数字，不带单位",
        "党员!G2 流动「也许」：应填「是」或「否」；改成「是」或「否」",
        "党员!F3 金额「8_5」：不是数字；只填数字，不带单位",
        f"党员!A4 编号「1.23456789012346e+15」：编号{LOST}；把该列设为「文本」后重新填写",
        "党员!B4 姓名「无」：姓名是空的；补填姓名",
        "党员!E4 人数「2.5」：不是整数；只填整数",
    ]
    assert table.values["amount"] == [None, None, Decimal("0.1")]
    assert table.values["mobile"] == [None, True, True]


def test_a_formula_is_refused_by_name_even_when_its_value_is_fine() -> None:
    rows: Rows = [["编号", "姓名", "人数"], ["1", "张三", "=1+2"], ["2", "李四", 4]]
    table = read_table(read_workbook(book(rows), "a.xlsx").sheets[0], COLUMNS)
    assert [str(fault) for fault in table.faults] == [
        "党员!C2 人数：是公式，结果会随别的格子变化；选中该格，复制，「选择性粘贴」为「数值」"
    ]


def test_a_missing_column_is_named() -> None:
    table = read_table(read_workbook(book([["编号", "学历"], ["1", "大专"]]), "a.xlsx").sheets[0], COLUMNS)
    assert [str(fault) for fault in table.faults] == [
        "党员 姓名：缺少「姓名」一列；在表头加上这一列并填写；可下载模板对照"
    ]
    assert table.lines == []


def test_a_sheet_without_a_header_says_so_for_every_column_it_must_have() -> None:
    table = read_table(read_workbook(book([["甲", "乙"], ["1", "2"]]), "a.xlsx").sheets[0], COLUMNS)
    assert [(fault.column, fault.what) for fault in table.faults] == [
        ("编号", "没有找到表头"),
        ("姓名", "没有找到表头"),
    ]


def test_a_csv_in_gbk_and_in_utf_8_is_the_same_table() -> None:
    text = "编号,姓名,学历\r\n0012,欧阳询,大专\r\n"
    for data in (text.encode("gbk"), text.encode("utf-8-sig"), text.encode("utf-16")):
        table = read_table(read_workbook(data, "党员.csv").sheets[0], COLUMNS)
        assert table.values["number"] == ["0012"]
        assert table.values["name"] == ["欧阳询"]
        assert table.faults == []


def test_a_formula_in_a_csv_is_refused_too() -> None:
    table = read_table(read_workbook("编号,姓名\n1,=HYPERLINK(1)\n".encode(), "党员.csv").sheets[0], COLUMNS)
    assert [fault.where for fault in table.faults] == ["党员!B2"]


def test_a_cell_merged_over_several_people_counts_for_each_of_them() -> None:
    rows: Rows = [["编号", "姓名", "学历"], ["1", "张三", "大专"], ["2", "李四", None], ["3", "王五", None]]
    table = read_table(read_workbook(book(rows, merges=("C2:C3",)), "a.xlsx").sheets[0], COLUMNS)
    assert table.values["education"] == ["大专", "大专", None]


def test_lines_below_the_table_are_no_people() -> None:
    rows: Rows = [
        ["编号", "姓名"],
        ["1", "张三"],
        ["合计：1人", None],
        ["制表人：周", None],
        ["注：含预备党员", None],
    ]
    table = read_table(read_workbook(book(rows), "a.xlsx").sheets[0], COLUMNS)
    assert table.values["number"] == ["1"]
    assert table.faults == []


def test_a_day_of_something_that_has_happened_is_not_after_today() -> None:
    done = Column("done", "完成日期", "date", past=True)
    number = Column("number", "编号", required=True, must=True)
    rows: Rows = [["编号", "完成日期"], ["P1", "2026-11-23"], ["P2", "2026-11-24"]]
    with clock.showing(dt.datetime(2026, 11, 23, 9, tzinfo=clock.CHINA)):
        table = read_table(read_workbook(book(rows), "a.xlsx").sheets[0], (number, done))
    (fault,) = table.faults
    assert (fault.address, fault.content) == ("B3", "2026-11-24")
    assert fault.what == "日期晚于今天（2026-11-23）"
