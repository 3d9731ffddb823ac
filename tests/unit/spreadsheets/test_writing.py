"""Workbooks written for people."""

import datetime as dt
import io

import msgspec
import pytest
from openpyxl import load_workbook

from jiceng.kernel.errors import Refusal
from jiceng.kernel.spreadsheets import Column, SheetOut, read_table, read_workbook, write_workbook, writing

COLUMNS = (
    Column("number", "编号", required=True),
    Column("sex", "性别", kind="choice", options=("男", "女")),
    Column("joined", "入党日期", kind="date"),
    Column("dual", "双报到", kind="flag"),
)
ROWS = [("0012", "男", dt.date(2020, 7, 1), True), ("=HYPERLINK(1)", None, None, False)]


def written() -> bytes:
    return write_workbook(
        [SheetOut("党员", COLUMNS, ROWS)], made=dt.date(2026, 11, 1), cover=(("租户", "chengxi"),)
    )


def test_the_same_rows_give_the_same_bytes() -> None:
    assert written() == written()


def test_what_is_written_is_read_back_and_no_text_becomes_a_formula() -> None:
    book = read_workbook(written(), "a.xlsx")
    assert book.sheets[0].rows == [["租户", "chengxi"]]
    table = read_table(book.sheets[1], COLUMNS)
    assert table.faults == []
    assert table.values == {
        "number": ["0012", "=HYPERLINK(1)"],
        "sex": ["男", None],
        "joined": [dt.date(2020, 7, 1), None],
        "dual": [True, False],
    }


def test_a_choice_that_would_end_the_rule_of_its_drop_down_has_none() -> None:
    columns = (
        Column("a", "甲", kind="choice", options=("一\"&cmd|'/c calc'!A0&\"", "二")),
        Column("b", "乙", kind="choice", options=("一,二", "三")),
        Column("c", "丙", kind="choice", options=("=1+1", "二")),
    )
    data = write_workbook([SheetOut("表", columns)], made=dt.date(2026, 1, 1))
    rules = load_workbook(io.BytesIO(data)).worksheets[0].data_validations.dataValidation
    assert {str(rule.sqref): rule.formula1 for rule in rules} == {"C2:C501": '"=1+1,二"'}


def test_choices_and_flags_have_drop_downs() -> None:
    page = load_workbook(io.BytesIO(written())).worksheets[1]
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert rules == {"B2:B503": '"男,女"', "D2:D503": '"是,否"'}


def test_more_rows_than_excel_holds_are_refused_and_not_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 3)
    rows, made = [("D001",), ("D002",)], dt.date(2026, 11, 1)
    sheet = SheetOut("评定结果", (Column("number", "编号"),), rows)
    assert write_workbook([sheet], made=made)
    with pytest.raises(Refusal, match="有 3 行，Excel 一张表放不下") as refused:
        write_workbook([msgspec.structs.replace(sheet, rows=[*rows, ("D003",)])], made=made)
    assert refused.value.where == "评定结果"
