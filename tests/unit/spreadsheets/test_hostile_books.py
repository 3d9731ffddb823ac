"""Small files that would take all memory or all time when they are opened: refused, and nothing ends."""

import io
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from openpyxl import Workbook
from tests.unit.spreadsheets.books import book, with_part
from tests.unit.spreadsheets.test_ods import ods

from jiceng.kernel.children import Answer
from jiceng.kernel.errors import Refusal
from jiceng.kernel.spreadsheets import Limits, measuring, read_workbook
from jiceng.kernel.spreadsheets.limits import LIMITS, Reach
from jiceng.kernel.spreadsheets.package import inspect

SHEET = "xl/worksheets/sheet1.xml"
FIRST = '<row r="1"><c r="A1"><v>1</v></c></row>'
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
ODDLY = {
    "an address in other quotes": FAR.replace('"XFD1048576"', "'XFD1048576'"),
    "spaces around its sign": FAR.replace('c r="', 'c r = "'),
    "another attribute before it, with a sign": FAR.replace("<c ", '<c s=">" '),
    "a line break before it": FAR.replace("<c ", "<c\n"),
    "small letters": FAR.replace("XFD", "xfd"),
    "no address, far to the right": '<row r="1048576">' + "<c><v>1</v></c>" * 16_384 + "</row>",
    "a name with a space's name before it": FAR.replace("<c ", '<"x>y":c ').replace("</c>", '</"x>y":c>'),
}
OPENS = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
from jiceng.kernel.errors import Refusal
from jiceng.kernel.spreadsheets import read_workbook
for path in sys.argv[1:]:
    try:
        read_workbook(open(path, "rb").read(), "book.xlsx")
        print("read")
    except Refusal as refused:
        print(refused.status)
"""
"""In a process that may have three gigabytes: without the check it is ended by the first of them."""


def sheet(rows: str) -> bytes:
    """A workbook whose one sheet is written like this."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return with_part(book([["编号"]]), SHEET, xml.encode())


def old_book(*cells: tuple[int, int]) -> bytes:
    """An .xls (BIFF8 in an OLE file) with the number 7 in these cells (row, column from 0)."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    begins = [record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 6)) for kind in (0x5, 0x10)]
    ends = record(0xA, b"")
    bound = 8 + 1
    at = len(begins[0]) + 4 + bound + len(ends)
    listed = record(0x85, struct.pack("<IBBBB", at, 0, 0, 1, 0) + b"a")
    numbers = b"".join(record(0x203, struct.pack("<HHHd", row, column, 0, 7.0)) for row, column in cells)
    stream = (begins[0] + listed + ends + begins[1] + numbers + ends).ljust(4096, b"\0")
    sectors = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        coded = name.encode("utf-16-le") + b"\0\0"
        head = coded.ljust(64, b"\0") + struct.pack("<HBB", len(coded), kind, 1)
        return (
            head
            + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * (109 - 1) * 4
    return header + fat + folder.ljust(512, b"\0") + stream


def test_an_old_workbook_is_read() -> None:
    assert read_workbook(old_book((0, 0), (1, 2)), "旧.xls").sheets[0].rows == [[7.0, "", ""], ["", "", 7.0]]


@pytest.mark.parametrize("how", ODDLY)
def test_a_cell_that_is_oddly_written_is_not_read_before_a_child_measured_it(how: str) -> None:
    assert not inspect(sheet(FIRST + ODDLY[how]), "名册.xlsx", LIMITS).plain
    assert inspect(sheet(FIRST), "名册.xlsx", LIMITS).plain


def test_a_sheet_is_found_wherever_it_lies() -> None:
    renamed = sheet(FIRST + FAR).replace(SHEET.encode(), SHEET.replace("sheet1", "SHEET1").encode())
    with pytest.raises(Refusal) as caught:
        read_workbook(renamed, "名册.xlsx")
    assert caught.value.status == 413


def test_a_last_cell_far_away_ends_no_process(tmp_path: Path) -> None:
    wide = (
        '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    )
    files = {
        "other quotes": sheet(FIRST + ODDLY["an address in other quotes"]),
        "an old file": old_book((0, 0), (65_535, 65_535)),
        "an ods": ods(f'<table:table-row table:number-rows-repeated="1048576">{wide}</table:table-row>'),
    }
    paths = [tmp_path / str(number) for number in range(len(files))]
    for path, data in zip(paths, files.values(), strict=True):
        path.write_bytes(data)
    told = subprocess.run([sys.executable, "-c", OPENS, *paths], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr[-2000:]
    assert dict(zip(files, told.stdout.split(), strict=True)) == {
        "other quotes": "413",
        "an old file": "413",
        "an ods": "400",
    }


def test_two_files_at_once_are_measured_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    here: list[int] = []
    most: list[int] = []

    def ask(*_: object) -> list[Answer]:
        here.append(1)
        most.append(len(here))
        time.sleep(0.02)
        here.pop()
        return [Answer("answered", msgspec.msgpack.encode([Reach(1, 1)]))]

    monkeypatch.setattr(measuring, "ask", ask)
    with ThreadPoolExecutor(6) as threads:
        for done in [threads.submit(measuring.measure, b"", "a.xls", LIMITS) for _ in range(6)]:
            done.result()
    assert (len(most), max(most)) == (6, 2)


@pytest.mark.parametrize("marks", ["<c a", "<x:c ", "<mergeCell "])
def test_marks_without_an_end_take_no_time(marks: str) -> None:
    data = sheet(FIRST + marks * 100_000)
    began = time.process_time()
    with pytest.raises(Refusal):
        read_workbook(data, "名册.xlsx")
    assert time.process_time() - began < 3  # it was hours


@pytest.mark.parametrize("marks", ["<table:table-row>"])
def test_marks_of_an_ods_without_an_end_take_no_time(marks: str) -> None:
    began = time.process_time()
    with pytest.raises(Refusal):
        read_workbook(ods(marks * 50_000), "名册.ods")
    assert time.process_time() - began < 3


def test_what_says_what_is_in_a_file_is_no_tree_without_end() -> None:
    data = with_part(
        book([["编号"]]), "xl/workbook.xml", b"<workbook>" + b"<a/>" * 1_100_000 + b"</workbook>"
    )
    with pytest.raises(Refusal) as caught:
        read_workbook(data, "名册.xlsx")
    assert caught.value.what_zh == "文件打不开：内容已损坏或加了密码"


def test_one_cell_said_again_and_again_is_counted_each_time() -> None:
    data = sheet('<row r="1">' + '<c r="A1"/>' * 2_000 + "</row>")
    with pytest.raises(Refusal) as caught:
        read_workbook(data, "名册.xlsx", Limits(cells=1_999))
    assert caught.value.status == 413


def test_many_sheets_are_counted_together() -> None:
    made = Workbook()
    for number in range(4):
        page = made.create_sheet(f"s{number}")
        page["A1"], page["J100"] = 1, 1
    buffer = io.BytesIO()
    made.save(buffer)
    assert len(read_workbook(buffer.getvalue(), "名册.xlsx", Limits(cells=4_000)).sheets) == 5
    with pytest.raises(Refusal) as caught:
        read_workbook(buffer.getvalue(), "名册.xlsx", Limits(cells=3_999))
    assert caught.value.what_en == "the file holds more than 3999 cells"


def test_merged_areas_are_no_larger_than_a_file_may_be() -> None:
    merged = "<mergeCells>" + '<mergeCell ref="A1:A1048576"/>' * 20 + "</mergeCells>"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{space}"><sheetData>{FIRST}</sheetData>{merged}</worksheet>'
    with pytest.raises(Refusal) as caught:
        read_workbook(with_part(book([["编号"]]), SHEET, xml.encode()), "名册.xlsx")
    assert caught.value.status == 413


def test_an_area_merged_beyond_the_last_cell_ends_with_it() -> None:
    data = book([["编号", "姓名"], ["1", "甲"]], merges=["B2:B9", "D20:D30"])
    assert read_workbook(data, "名册.xlsx").sheets[0].merged == (((1, 1), (1, 1)),)


def test_lines_without_end_are_not_all_read() -> None:
    with pytest.raises(Refusal) as caught:
        read_workbook(b"\n" * 2_000_000, "名册.csv")
    assert caught.value.status == 413
