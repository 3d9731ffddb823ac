"""OpenDocument sheets, as LibreOffice and WPS write them."""

import io
import zipfile

import pytest

from jiceng.kernel.errors import Refusal
from jiceng.kernel.spreadsheets import Column, read_table, read_workbook

SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def ods(rows: str) -> bytes:
    body = f'<office:spreadsheet><table:table table:name="党员">{rows}</table:table></office:spreadsheet>'
    content = f"<office:document-content {SPACES}><office:body>{body}</office:body></office:document-content>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", "<manifest/>")
        made.writestr("content.xml", content)
    return buffer.getvalue()


def text(*cells: str) -> str:
    made = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row>{made}</table:table-row>"


def test_an_ods_is_read_like_any_other() -> None:
    data = ods(text("编号", "姓名") + text("0012", "许 文澜"))
    columns = (Column("number", "编号"), Column("name", "姓名"))
    table = read_table(read_workbook(data, "名册.ods").sheets[0], columns)
    assert table.values == {"number": ["0012"], "name": ["许文澜"]}


def test_an_ods_with_a_formula_is_refused() -> None:
    cell = '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>'
    with pytest.raises(Refusal) as caught:
        read_workbook(ods(f"<table:table-row>{cell}</table:table-row>"), "名册.ods")
    assert caught.value.what_zh == "表里有公式，公式的结果会随别的格子变化，不能导入"


def test_an_ods_that_repeats_a_value_without_end_is_refused() -> None:
    wide = '<table:table-cell office:value-type="string" table:number-columns-repeated="16000"/>'
    long = text("甲").replace("<table:table-row>", '<table:table-row table:number-rows-repeated="1000000">')
    for rows in (f"<table:table-row>{wide}</table:table-row>", long):
        with pytest.raises(Refusal) as caught:
            read_workbook(ods(rows), "名册.ods")
        assert caught.value.status == 413


def test_the_empty_rows_that_programs_write_below_the_last_are_no_fault() -> None:
    empty = '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>'
    sheet = read_workbook(ods(text("编号", "姓名") + text("1", "甲") + empty), "名册.ods").sheets[0]
    assert sheet.rows[:2] == [["编号", "姓名"], ["1", "甲"]]
    assert len(sheet.rows) == 2
