"""The user's own file comes back with its faults marked."""

import io

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.unit.spreadsheets.books import Rows, book, part_of, with_part

from jiceng.kernel.spreadsheets import CellFault, mark

ROWS: Rows = [["花名册", None, None], ["编号", "姓名", "人数"], ["1", "张三", "x"], ["2", "", 4]]
FAULTS = [
    CellFault("党员", "C3", "人数", "x", "不是数字", "只填数字"),
    CellFault("党员", "B4", "姓名", "", "姓名是空的", "补填姓名"),
    CellFault("党员", "C4", "人数", "—", "按空值处理", "不用改", hint=True),
]


def page(data: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(data)).worksheets[0]


def test_cells_are_yellow_with_a_comment_and_reasons_stand_in_a_new_column() -> None:
    marked = page(mark(book(ROWS, merges=("A1:C1",)), "a.xlsx", FAULTS))
    assert marked["C3"].fill.fgColor.rgb == "FFFFEB3B"
    assert marked["C3"].comment.text == "人数：不是数字；只填数字"
    assert [marked.cell(row, 4).value for row in range(1, 5)] == [
        None,
        "错误原因",
        "人数：不是数字；只填数字",
        "姓名：姓名是空的；补填姓名",
    ]
    assert marked["C4"].fill.fgColor.rgb != "FFFFEB3B"
    assert marked["C3"].value == "x"
    assert [str(area) for area in marked.merged_cells.ranges] == ["A1:C1"]


def test_a_marked_file_marked_again_has_only_the_faults_left() -> None:
    once = mark(book(ROWS), "a.xlsx", FAULTS)
    again = page(mark(once, "a.xlsx", FAULTS[:1]))
    assert again.max_column == 4
    assert again["B4"].comment is None
    assert again["B4"].fill.fgColor.rgb != "FFFFEB3B"
    assert [again.cell(row, 4).value for row in range(2, 5)] == ["错误原因", "人数：不是数字；只填数字", None]


def test_a_reason_that_begins_like_a_formula_is_text() -> None:
    fault = CellFault("党员", "C3", '=HYPERLINK("https://evil.example")', "x", "不是数字", "只填数字")
    marked = page(mark(book(ROWS), "a.xlsx", [fault]))
    assert marked["D3"].value.startswith('=HYPERLINK("https://evil.example")：')
    assert marked["D3"].data_type == "s"


def test_a_csv_comes_back_as_xlsx_with_the_same_addresses() -> None:
    fault = CellFault("党员", "B2", "姓名", "张三", "重名", "核对")
    marked = page(mark("编号,姓名\n=1+1,张三\n".encode("gbk"), "党员.csv", [fault]))
    assert marked["A2"].value == "=1+1"
    assert marked["A2"].data_type == "s"
    assert marked["B2"].comment.text == "姓名：重名；核对"
    assert marked["C2"].value == "姓名：重名；核对"


def test_a_fault_of_a_missing_sheet_stands_on_the_first() -> None:
    marked = page(
        mark(book(ROWS), "a.xlsx", [CellFault("组织", "", "组织编号", "", "没有找到表头", "看模板")])
    )
    assert marked["D1"].value == "错误原因：组织编号：工作表「组织」：没有找到表头；看模板"
    assert marked["A1"].comment.text == "组织编号：工作表「组织」：没有找到表头；看模板"


def test_a_file_whose_formats_cannot_be_read_comes_back_with_its_cells() -> None:
    sound = book(ROWS)
    styles = part_of(sound, "xl/styles.xml").replace(b'"gray125"', b'"polka"')
    broken = with_part(sound, "xl/styles.xml", styles)
    with pytest.raises(ValueError, match="could not read stylesheet"):
        load_workbook(io.BytesIO(broken))
    marked = page(mark(broken, "a.xlsx", FAULTS))
    assert marked["B3"].value == "张三"
    assert marked["C3"].comment.text == "人数：不是数字；只填数字"
