"""Files that must not be opened: wrong, damaged, huge, hostile."""

import io
import zipfile

import pytest
from tests.unit.spreadsheets.books import book, with_part

from jiceng.kernel.errors import Refusal
from jiceng.kernel.spreadsheets import Limits, read_workbook


def refused(data: bytes, name: str, limits: Limits | None = None) -> str:
    with pytest.raises(Refusal) as caught:
        read_workbook(data, name, limits or Limits())
    assert caught.value.what_en.isascii()
    assert caught.value.todo_en.isascii()
    return caught.value.in_words().splitlines()[0]


def test_an_empty_file() -> None:
    assert refused(b"", "名册.xlsx") == "文件是空的（名册.xlsx）。请确认文件已保存，再上传一次。"


def test_a_picture_named_xlsx() -> None:
    assert refused(b"\x89PNG\r\n", "名册.xlsx") == (
        "文件名是 .xlsx，内容却不是表格（名册.xlsx）。请用 Excel 或 WPS 打开确认，另存为 .xlsx 后再上传。"
    )


def test_a_picture_without_a_telling_name() -> None:
    told = "看不懂这个文件，它不是表格（名册）。请上传 .xlsx、.xls、.ods 或 .csv 文件。"
    assert refused(b"\x89PNG\0\r\n", "名册") == told


def test_a_word_document() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("word/document.xml", "<w/>")
    assert refused(buffer.getvalue(), "名册.docx") == (
        "这不是 Excel 工作簿（名册.docx）。请上传 .xlsx、.xls、.ods 或 .csv 文件；Word、PDF、图片不能导入。"
    )


def test_a_file_cut_off_in_the_middle() -> None:
    data = book([["编号"], ["1"]])
    assert refused(data[: len(data) // 2], "名册.xlsx").startswith(
        "文件打不开：内容已损坏或加了密码（名册.xlsx）"
    )


def test_a_damaged_xls() -> None:
    assert refused(b"\xd0\xcf\x11\xe0" + b"x" * 600, "名册.xls").startswith(
        "文件打不开：内容已损坏、加了密码，或不是表格"
    )


def test_a_file_over_the_limit_of_bytes() -> None:
    data = book([["编号"], ["1"]])
    limits = Limits(file_bytes=1024)
    assert refused(data, "名册.xlsx", limits).startswith("文件有 0.0 MB，超过 0 MB 的上限（名册.xlsx）")


def test_a_zip_bomb_is_stopped_while_it_unpacks_even_when_it_lies_about_its_size() -> None:
    bomb = with_part(book([["编号"]]), "xl/worksheets/sheet1.xml", b" " * 5_000_000)
    lie = bomb.replace((5_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    for data in (bomb, lie):
        assert len(data) < 20_000
        told = refused(data, "名册.xlsx", Limits(unpacked_bytes=1024 * 1024))
        assert told.startswith("文件解压后超过 1 MB（名册.xlsx）")


def test_a_cell_at_the_far_corner_is_refused_before_memory_is_taken() -> None:
    data = book([["编号"], ["1"]])
    sheet = (
        b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    told = refused(with_part(data, "xl/worksheets/sheet1.xml", sheet), "名册.xlsx")
    assert told.startswith("工作表用到了第 1048576 行、第 16384 列，超过上限（200000 行、200 列）")


def test_xml_entities_are_refused() -> None:
    data = with_part(book([["编号"]]), "xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook/>')
    assert refused(data, "名册.xlsx").startswith("文件里有不允许的 XML 定义（DOCTYPE）（名册.xlsx）")
