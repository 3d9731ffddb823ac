"""Reads the workbooks and checks every row; faults are at their cells, nothing is kept."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.api import today
from jiceng.api.files import CellFault, Table, read_table, read_workbook
from jiceng_double_strong_six_good.declarations import content
from jiceng_double_strong_six_good.declarations.states import STATE_WORDS as DECLARATION_WORDS
from jiceng_double_strong_six_good.declarations.states import State as DeclarationState
from jiceng_double_strong_six_good.help.states import STATE_WORDS as HELP_WORDS
from jiceng_double_strong_six_good.help.states import State as HelpState
from jiceng_double_strong_six_good.sheets import columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jiceng.api.files import Column

Row = dict[str, Any]
_TODO = "请核对后改正"


class Book(msgspec.Struct, frozen=True):
    """The rows of a workbook's main sheet and of its second one, and everything that is wrong with them."""

    rows: list[Row]
    further: list[Row]
    faults: list[CellFault]


def read_declarations(data: bytes, place: str, units: Mapping[str, str]) -> Book:
    """Declarations; what was handed in must be complete. Raises Refusal for what is no workbook."""
    return _read(data, place, (columns.DECLARED, columns.DECLARATION, _declaration_faults), None, units)


def read_help(data: bytes, place: str, units: Mapping[str, str]) -> Book:
    """Plans of help and their months; one that began has helper, measures and deadline.

    Of a month that is told more than once the last row counts, as on the pages.
    """
    second = (columns.PROGRESS, columns.HELP_PROGRESS)
    book = _read(data, place, (columns.HELPED, columns.HELP, _help_faults), second, units)
    for row in book.further:
        row["month"] = row["month"].replace(day=1)
    latest = {(same(row), row["month"]): row for row in book.further}
    return msgspec.structs.replace(book, further=list(latest.values()))


def read_instructors(data: bytes, place: str, units: Mapping[str, str]) -> Book:
    """Instructors and their visits."""
    second = (columns.VISITS, columns.VISIT)
    return _read(data, place, (columns.SENT, columns.INSTRUCTOR, _instructor_faults), second, units)


def same(row: Row) -> tuple[Any, Any]:
    """What tells one row of a main sheet from another: unit and year, or unit and instructor."""
    return row["number"], row["year"] if "year" in row else row["name"]


def _read(
    data: bytes,
    place: str,
    main: tuple[str, Sequence[Column], Callable[[Table], Iterator[CellFault]]],
    second: tuple[str, Sequence[Column]] | None,
    units: Mapping[str, str],
) -> Book:
    book = read_workbook(data, place)
    name, wanted, check = main
    sheet = book.sheet(name)
    if sheet is None:
        return Book([], [], [CellFault(name, "", "", "", "没有这张工作表", f"工作表应叫「{name}」")])
    table = read_table(sheet, wanted)
    further = (_numbers(table, wanted[0], units), _twice(table, wanted[0]), check(table))
    faults = _with_further(table, chain(*further))
    rows = rows_of(table)
    more = book.sheet(second[0]) if second is not None else None
    if second is None or more is None:
        return Book(rows, [], faults)
    following = read_table(more, second[1])
    known = {same(row) for row in rows}
    faults += _with_further(
        following, chain(_ahead(following), _strangers(following, second[1][0], known, name))
    )
    return Book(rows, rows_of(following) if not faults else [], faults)


def _with_further(table: Table, found: Iterator[CellFault]) -> list[CellFault]:
    """What stops the workbook: cells that cannot be read, and what is found in the others.

    A dash read as an empty cell stops nothing.
    """
    wrong = [fault for fault in table.faults if not fault.hint]
    told = {fault.address for fault in wrong}
    return [*wrong, *(fault for fault in found if fault.address not in told)]


def _ahead(table: Table) -> Iterator[CellFault]:
    for index, month in enumerate(table.values.get("month", ())):
        if isinstance(month, date) and month.replace(day=1) > (day := today()):
            column = next(one for one in columns.HELP_PROGRESS if one.field == "month")
            yield table.fault(index, column, f"月份还没有到（今天是 {day}）", "填已经开始的月份")


def rows_of(table: Table) -> list[Row]:
    """The rows of a table by field."""
    return [
        {field: values[index] for field, values in table.values.items()} for index in range(len(table.lines))
    ]


def _numbers(table: Table, column: Column, units: Mapping[str, str]) -> Iterator[CellFault]:
    for index, number in enumerate(table.values["number"]):
        if number and number not in units:
            yield table.fault(index, column, "名册里没有这个单位编号", _TODO)


def _twice(table: Table, column: Column) -> Iterator[CellFault]:
    seen: set[tuple[Any, Any]] = set()
    for index, row in enumerate(rows_of(table)):
        if same(row) in seen:
            yield table.fault(index, column, "与前面的一行重复", "请只留一行")
        seen.add(same(row))


def _strangers(table: Table, column: Column, known: set[tuple[Any, Any]], main: str) -> Iterator[CellFault]:
    for index, row in enumerate(rows_of(table)):
        if same(row) not in known:
            yield table.fault(index, column, f"「{main}」里没有对应的一行", "请先补上")


def _declaration_faults(table: Table) -> Iterator[CellFault]:
    states = {words: state for state, words in DECLARATION_WORDS.items()}
    for index, row in enumerate(rows_of(table)):
        if states.get(row["state"]) in (DeclarationState.HANDED_IN, DeclarationState.ACCEPTED):
            faults: list[str] = []
            content.read(typed(row), faults)
            for fault in faults:
                yield table.fault(index, columns.NUMBER, fault, "补上，或把状态改成填写中")


def typed(row: Row) -> dict[str, str]:
    """What a row of declarations says, as the form would send it."""
    return content.kept({name: str(value) for name, value in row.items() if value is not None})


def _help_faults(table: Table) -> Iterator[CellFault]:
    states = {words: state for state, words in HELP_WORDS.items()}
    for index, row in enumerate(rows_of(table)):
        state = states.get(row["state"])
        if state is None or state is HelpState.DRAFT:
            continue
        wanted = ["problems", "measures", "helper", "deadline", "started"]
        wanted += ["ended"] if state is HelpState.ACCEPTED else []
        yield from _lacking(table, index, row, wanted)


def _lacking(table: Table, index: int, row: Row, wanted: Iterable[str]) -> Iterator[CellFault]:
    for column in columns.HELP:
        if column.field in wanted and not row[column.field]:
            yield table.fault(index, column, f"{row['state']}的要有{column.title}", "请补上")


def _instructor_faults(table: Table) -> Iterator[CellFault]:
    by_field = {column.field: column for column in columns.INSTRUCTOR}
    ends, there = by_field["until"], set[str]()
    for index, row in enumerate(rows_of(table)):
        if row["since"] and row["ended"] and row["ended"] < row["since"]:
            yield table.fault(index, by_field["ended"], "结束日期早于开始日期", _TODO)
        if not row["ended"] and row["number"] in there:
            yield table.fault(
                index, by_field["ended"], "前面已有一位没有结束的指导员", "请填原来那位的结束日期"
            )
        there |= {row["number"]} if not row["ended"] else set()
        if row["since"] and row["until"] and row["until"] <= row["since"]:
            yield table.fault(index, ends, "到期日期不在开始日期之后", _TODO)
