"""Writes the workbooks: as they are read, with the unit's name and town beside its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.api import today
from jiceng.api.files import SheetOut, write_workbook
from jiceng_double_strong_six_good.declarations.states import STATE_WORDS as DECLARATION_WORDS
from jiceng_double_strong_six_good.help.states import STATE_WORDS as HELP_WORDS
from jiceng_double_strong_six_good.sheets import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from jiceng.api.files import Column
    from jiceng_double_strong_six_good.declarations.schemas import Declaration
    from jiceng_double_strong_six_good.firms.schemas import Firm
    from jiceng_double_strong_six_good.help.schemas import Help, Progress
    from jiceng_double_strong_six_good.instructors.schemas import Instructor, Visit

Cells = list[Any]


def declarations_book(firms: Mapping[UUID, Firm], written: Iterable[Declaration]) -> bytes:
    """The declarations of a year, as they were typed."""
    rows = [
        _row(
            firms[one.unit],
            columns.DECLARATION,
            {**one.typed, "year": one.year},
            DECLARATION_WORDS[one.state],
        )
        for one in written
    ]
    return _book([(columns.DECLARED, columns.DECLARATION, rows)])


def help_book(firms: Mapping[UUID, Firm], plans: Mapping[Help, Sequence[Progress]]) -> bytes:
    """The plans of help with their months, the first month first."""
    rows = [_row(firms[one.unit], columns.HELP, _fields(one), HELP_WORDS[one.state]) for one in plans]
    months = [
        _row(firms[one.unit], columns.HELP_PROGRESS, {**_fields(said), "year": one.year})
        for one, reports in plans.items()
        for said in reversed(reports)
    ]
    return _book([(columns.HELPED, columns.HELP, rows), (columns.PROGRESS, columns.HELP_PROGRESS, months)])


def instructors_book(firms: Mapping[UUID, Firm], sent: Mapping[Instructor, Sequence[Visit]]) -> bytes:
    """Instructors with their visits, the first visit first."""
    rows = [_row(firms[one.unit], columns.INSTRUCTOR, _fields(one)) for one in sent]
    visits = [
        _row(firms[one.unit], columns.VISIT, {**_fields(visit), "name": one.name})
        for one, some in sent.items()
        for visit in reversed(some)
    ]
    return _book([(columns.SENT, columns.INSTRUCTOR, rows), (columns.VISITS, columns.VISIT, visits)])


def _fields(one: Any) -> dict[str, Any]:  # noqa: ANN401 - any of this plugin's structs
    return {name: getattr(one, name) for name in one.__struct_fields__}


def _row(firm: Firm, wanted: Sequence[Column], given: Mapping[str, Any], state: str = "") -> Cells:
    values = {**given, "state": state}
    rest = [None if (value := values.get(column.field)) == "" else value for column in wanted[1:]]
    return [firm.number, firm.name, firm.town, *rest]


def _book(sheets: Iterable[tuple[str, Sequence[Column], Sequence[Cells]]]) -> bytes:
    made = [
        SheetOut(name, (wanted[0], columns.UNIT_NAME, columns.TOWN, *wanted[1:]), rows)
        for name, wanted, rows in sheets
    ]
    return write_workbook(made, made=today())
