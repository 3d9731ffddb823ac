"""The ledgers: what is written is read back, and every fault stands at its cell."""

import datetime as dt
from typing import Any

from tests.support.enterprise_rows import unit
from tests.support.enterprises import TYPED

from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook
from jiceng_double_strong_six_good.declarations.schemas import Declaration
from jiceng_double_strong_six_good.declarations.states import State
from jiceng_double_strong_six_good.help.schemas import Help, Progress
from jiceng_double_strong_six_good.help.states import State as HelpState
from jiceng_double_strong_six_good.sheets import columns
from jiceng_double_strong_six_good.sheets.reading import read_declarations, read_help, read_instructors, typed
from jiceng_double_strong_six_good.sheets.writing import declarations_book, help_book

FIRM = unit("单独组建", number="U1")
UNITS = {"U1": str(FIRM.id)}
DAY = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


def sheet(name: str, wanted: tuple[Column, ...], *rows: dict[str, Any]) -> bytes:
    cells = [[row.get(column.field) for column in wanted] for row in rows]
    plain = [Column(column.field, column.title) for column in wanted]
    return write_workbook([SheetOut(name, plain, cells)], made=DAY.date())


def test_a_declaration_that_is_written_is_read_back() -> None:
    one = Declaration(
        id=new_id(),
        unit=FIRM.id,
        year=2026,
        typed=TYPED,
        state=State.ACCEPTED,
        handed_in_at=None,
        handed_in_by=None,
        files=0,
    )
    book = read_declarations(declarations_book({FIRM.id: FIRM}, [one]), "申报.xlsx", UNITS)
    assert book.faults == []
    ((row),) = book.rows
    assert (row["number"], row["year"], row["state"], typed(row)) == ("U1", 2026, "已采信", TYPED)


def test_help_that_is_written_is_read_back_with_its_months() -> None:
    plan = Help(
        id=new_id(),
        unit=FIRM.id,
        year=2025,
        problems="欠薪",
        measures="每月一查",
        helper="张某",
        deadline=dt.date(2026, 10, 31),
        state=HelpState.RUNNING,
        started=dt.date(2026, 1, 20),
        ended=None,
        handed_in_by=None,
        percent=60,
        months=(dt.date(2026, 1, 1),),
    )
    january, february = dt.date(2026, 1, 1), dt.date(2026, 2, 1)
    said = [
        Progress(february, 60, "查过两次", None, DAY),
        Progress(january, 0, "还没有查", None, DAY),
        Progress(january, 30, "查过一次", None, DAY - dt.timedelta(days=1)),
    ]
    book = read_help(help_book({FIRM.id: FIRM}, {plan: said}), "帮扶.xlsx", UNITS)
    assert book.faults == []
    assert [(row["problems"], row["state"], row["started"]) for row in book.rows] == [
        ("欠薪", "帮扶中", dt.date(2026, 1, 20))
    ]
    assert [(row["month"], row["percent"]) for row in book.further] == [(january, 0), (february, 60)]


def test_a_declaration_handed_in_must_be_complete_and_its_unit_known() -> None:
    full = {"number": "U1", "year": "2026", "state": "已采信", **TYPED}
    data = sheet(
        columns.DECLARED,
        columns.DECLARATION,
        full | {"members": "很多"},
        full | {"number": "U9"},
        full | {"year": "2025", "growth": None, "state": "填写中"},
        full,
    )
    told = [(fault.address, fault.what) for fault in read_declarations(data, "申报.xlsx", UNITS).faults]
    assert told == [
        ("A3", "名册里没有这个单位编号"),
        ("A5", "与前面的一行重复"),
        ("A2", "党员数“很多”应是 0 到 10000 的整数"),
    ]


def test_help_that_began_needs_helper_measures_and_deadline() -> None:
    data = sheet(columns.HELPED, columns.HELP, {"number": "U1", "year": "2025", "state": "已销号"})
    told = [fault.what for fault in read_help(data, "帮扶.xlsx", UNITS).faults]
    assert told == [
        f"已销号的要有{title}" for title in ("问题", "措施", "帮扶人", "期限", "开始日期", "销号日期")
    ]


def test_a_workbook_without_the_sheet_says_which_it_wants() -> None:
    data = sheet("别的", columns.HELP, {"number": "U1"})
    (fault,) = read_instructors(data, "指导员.xlsx", UNITS).faults
    assert (fault.what, fault.todo) == ("没有这张工作表", "工作表应叫「指导员」")
