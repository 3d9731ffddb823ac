"""Titles nobody knows: told apart from columns that are read, and known once they are told."""

from tests.unit.spreadsheets.books import Rows, book

from jiceng.kernel.spreadsheets import Column, read_table, read_workbook
from jiceng.kernel.spreadsheets.headings import with_titles

COLUMNS = (
    Column("number", "编号", required=True, must=True),
    Column("name", "姓名", required=True, must=True),
)
OWN: Rows = [
    ["花名册"],
    ["序号", "代号", "姓　名", "联系人", "空列"],
    [1, "01", "许文澜", "张三"],
    [2, "02", "何岸"],
]


def read(rows: Rows, told: dict[str, str]) -> tuple[dict[int, str], list[object]]:
    sheet = read_workbook(book(rows), "a.xlsx").sheets[0]
    table = read_table(sheet, with_titles(COLUMNS, told))
    return table.unread, list(table.values["number"])


def test_a_title_nobody_knows_is_told_unless_its_column_is_empty() -> None:
    assert read(OWN, {}) == ({1: "代号", 3: "联系人"}, [])


def test_a_title_that_was_told_is_read_however_it_is_spaced() -> None:
    spaced: Rows = [OWN[0], ["序号", "代 号", "姓名", "联系人"], *OWN[2:]]
    assert read(spaced, {"代号": "number"}) == ({3: "联系人"}, ["01", "02"])


def test_where_no_title_is_known_the_first_row_of_titles_is_asked_about() -> None:
    foreign: Rows = [["花名册"], ["代号", "名字", "支部"], ["01", "许文澜", "上圩"]]
    assert read(foreign, {}) == ({0: "代号", 1: "名字", 2: "支部"}, [])
    assert read(foreign, {"代号": "number", "名字": "name"}) == ({2: "支部"}, ["01"])
