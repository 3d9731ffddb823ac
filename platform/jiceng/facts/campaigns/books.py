"""Sheets as a workbook: a row for each subject and line, filled in by Excel and read back, all or nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from jiceng.facts.campaigns.rubric import LONGEST_WORDS
from jiceng.facts.campaigns.schemas import Typed
from jiceng.facts.campaigns.sheets import (
    all_entries,
    all_writable,
    book_of,
    fault_of,
    rubric,
    save,
    sheets_of,
)
from jiceng.facts.campaigns.stages import STAGE_NAMES, before
from jiceng.kernel.clock import today
from jiceng.kernel.database import joined
from jiceng.kernel.errors import Conflict, Invalid
from jiceng.kernel.spreadsheets import (
    CellFault,
    Column,
    SheetOut,
    Table,
    read_table,
    read_workbook,
    write_workbook,
)

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.facts.campaigns.rubric import Line
    from jiceng.facts.campaigns.schemas import CampaignInfo, Entry
    from jiceng.facts.campaigns.sheets import Opened
    from jiceng_sdk.rulebook import Rulebook

SHEET = "评分表"
NUMBER = Column("number", "编号", required=True, must=True)
LINE = Column("line", "项目代码", required=True, must=True, width=16)
VALUE = Column("value", "评分", must=True)
PROOF = Column("proof", "佐证", longest=LONGEST_WORDS, width=30)
COMMENT = Column("comment", "说明", longest=LONGEST_WORDS, width=30)
REVISION = Column("revision", "修改次数", "integer")
READ = (NUMBER, LINE, VALUE, PROOF, COMMENT, REVISION)
SHOWN = (
    NUMBER,
    Column("name", "名称", width=24),
    LINE,
    Column("title", "项目", width=24),
    Column("range", "可填", width=16),
    Column("earlier", "前面阶段所评", width=24),
    VALUE,
    PROOF,
    COMMENT,
    REVISION,
)


async def workbook(info: CampaignInfo, *, review: bool) -> bytes:
    """The sheets somebody may write now and has not handed in, with what earlier stages gave."""
    lines, written, sheets = await rubric(info), await all_entries(info.id), await sheets_of(info.id)
    rows = []
    for opened in await all_writable(info, review=review):
        subject = opened.place.subject
        sheet = sheets.get((subject, opened.stage))
        if sheet is not None and sheet.handed_at is not None:
            continue
        own = written.get((subject, opened.stage), {})
        earlier = {
            stage: written.get((subject, stage), {})
            for stage in reversed(before(opened.stage, info.dates))
            if (given := sheets.get((subject, stage))) is not None and given.handed_at is not None
        }
        rows += [_row(opened, line, own.get(line.name), earlier) for line in lines]
    return write_workbook([SheetOut(SHEET, SHOWN, rows)], made=today())


async def read_in(info: CampaignInfo, data: bytes, name: str, *, review: bool, by: UUID) -> tuple[int, int]:
    """Keep the lines of a workbook: of how many subjects, how many lines changed. All of it or nothing.

    Raises Invalid with every fault at its cell: strangers, sheets handed in, values that cannot stand, lines
    somebody changed after the workbook was written.
    """
    book, lines = await book_of(info.rulebook), await rubric(info)
    table = await asyncio.to_thread(_table, data, name)
    offered = {opened.place.number: opened for opened in await all_writable(info, review=review)}
    typed, faults = _read(table, offered, {line.name: line for line in lines}, book)
    if faults:
        raise Invalid(faults, where=name)
    changed = 0
    async with joined():
        for number, rows in typed.items():
            try:
                saved = await save(offered[number], {line: one for line, (_, one) in rows.items()}, by=by)
            except Conflict as refused:
                first = next(iter(rows.values()))[0]
                faults.append(table.fault(first, NUMBER, refused.what_zh, refused.todo_zh or "删去这些行"))
                continue
            for one in saved:
                if one.crossed:
                    what = f"下载以后另有人改成「{one.entry.value}」"
                    faults.append(table.fault(rows[one.line][0], VALUE, what, "重新下载后再填"))
                changed += not one.crossed
        if faults:
            raise Invalid(faults, where=name)
    return len(typed), changed


def _row(
    opened: Opened, line: Line, own: Entry | None, earlier: dict[str, dict[str, Entry]]
) -> tuple[str | int, ...]:
    told = "；".join(
        f"{STAGE_NAMES[stage]} {given[line.name].value}"
        for stage, given in earlier.items()
        if line.name in given
    )
    place = opened.place
    shown = (place.number, place.name, line.name, line.title, line.range_in_words, told)
    if own is None:
        return (*shown, "", "", "", 0)
    return (*shown, own.value, own.proof, own.comment, own.revision)


def _table(data: bytes, name: str) -> Table:
    workbook = read_workbook(data, name)
    sheet = workbook.sheet(SHEET, SHEET) or workbook.sheets[0]
    return read_table(sheet, READ)


def _read(
    table: Table, offered: dict[str, Opened], lines: dict[str, Line], book: Rulebook
) -> tuple[dict[str, dict[str, tuple[int, Typed]]], list[CellFault]]:
    """By number of the subject and name of the line: the row it stands in and what is typed; the faults."""
    faults = [fault for fault in table.faults if not fault.hint]
    typed: dict[str, dict[str, tuple[int, Typed]]] = {}
    for row in range(len(table.lines)):
        number, name = str(table.values["number"][row]), str(table.values["line"][row])
        value = _text(table, "value", row)
        if table.values["number"][row] is None or table.values["line"][row] is None:
            continue  # told above
        if number not in offered:
            faults.append(table.fault(row, NUMBER, "没有您现在能评的这个对象", "核对编号，或删去这些行"))
        elif name not in lines:
            faults.append(table.fault(row, LINE, "没有这个评分项目", "不要改动项目代码"))
        elif name in typed.get(number, {}):
            faults.append(table.fault(row, LINE, "同一对象同一项目填了两行", "只留一行"))
        elif fault := fault_of(lines[name], book, value):
            faults.append(table.fault(row, VALUE, *fault.split("，", 1)))
        else:
            revision = table.values["revision"][row]
            one = Typed(value, _text(table, "proof", row), _text(table, "comment", row))
            if isinstance(revision, int):
                one = Typed(one.value, one.proof, one.comment, revision)
            typed.setdefault(number, {})[name] = (row, one)
    return typed, faults


def _text(table: Table, field: str, row: int) -> str:
    value = table.values[field][row]
    return "" if value is None else str(value)
