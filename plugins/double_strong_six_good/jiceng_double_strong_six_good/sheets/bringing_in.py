"""Brings the workbooks in, each in one transaction; what is there already stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from jiceng.api import Invalid, today
from jiceng.api.database import bulk_insert, current_tenant, execute, fetch, joined, new_id, next_block
from jiceng.api.pages import Event, record
from jiceng.api.roster import subject_numbers
from jiceng_double_strong_six_good.declarations.states import STATE_WORDS as DECLARATION_WORDS
from jiceng_double_strong_six_good.declarations.tables import SixGoodDeclaration
from jiceng_double_strong_six_good.help.states import STATE_WORDS as HELP_WORDS
from jiceng_double_strong_six_good.help.tables import SixGoodHelp, SixGoodProgress
from jiceng_double_strong_six_good.history.tables import SixGoodMove
from jiceng_double_strong_six_good.instructors.tables import SixGoodInstructor, SixGoodVisit
from jiceng_double_strong_six_good.sheets.reading import (
    Book,
    Row,
    read_declarations,
    read_help,
    read_instructors,
    same,
    typed,
)
from jiceng_double_strong_six_good.vocabulary import PLUGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jiceng.api.database import TenantTable

BROUGHT = "brought"
_THERE = "select unit from six_good_instructor where tenant_id = $1 and ended is null"
Key = tuple[Any, Any]


async def bring_declarations(data: bytes, place: str) -> int:
    """Keep the declarations the years do not have yet; returns how many. Raises Invalid with every fault.

    They make no facts: those come with the workbook of facts, or when a declaration is accepted on its page.
    """
    units = await _units()
    book = read_declarations(data, place, units)
    states = {words: state.value for state, words in DECLARATION_WORDS.items()}
    async with joined():
        made = [
            {
                "id": str(new_id()),
                "unit": units[row["number"]],
                "year": row["year"],
                "typed": msgspec.json.encode(typed(row)).decode(),
                "state": states[row["state"]],
            }
            for row in await _fresh(book, place, units, "six_good_declaration", "year")
        ]
        await _keep(SixGoodDeclaration, made, "declarations", lambda row: row["state"])
    return len(made)


async def bring_help(data: bytes, place: str) -> int:
    """Keep the plans of help the years do not have yet, with their months; returns how many plans."""
    units = await _units()
    book = read_help(data, place, units)
    states = {words: state.value for state, words in HELP_WORDS.items()}
    async with joined():
        rows = await _fresh(book, place, units, "six_good_help", "year")
        ids = {same(row): str(new_id()) for row in rows}
        made = [
            {
                "id": ids[same(row)],
                "unit": units[row["number"]],
                "state": states[row["state"]],
                **{name: row[name] or "" for name in ("problems", "measures", "helper")},
                **{name: row[name] for name in ("year", "deadline", "started", "ended")},
            }
            for row in rows
        ]
        await _keep(SixGoodHelp, made, "help", lambda row: row["state"])
        await _follow(SixGoodProgress, "help", book, ids, ("month", "percent", "progress"))
    return len(made)


async def bring_instructors(data: bytes, place: str) -> int:
    """Keep the instructors that are not there yet, with their visits; returns how many instructors.

    Raises Invalid with every fault; also for a unit where another one is still there.
    """
    units = await _units()
    book = read_instructors(data, place, units)
    async with joined():
        rows = await _fresh(book, place, units, "six_good_instructor", "name")
        await _refuse_seconds(rows, place, units)
        ids = {same(row): str(new_id()) for row in rows}
        made = [
            {
                "id": ids[same(row)],
                "unit": units[row["number"]],
                "employer": row["employer"] or "",
                **{name: row[name] for name in ("name", "since", "until", "task", "ended")},
            }
            for row in rows
        ]
        await _keep(SixGoodInstructor, made, "instructors", lambda row: "ended" if row["ended"] else "there")
        await _follow(SixGoodVisit, "instructor", book, ids, ("day", "done", "next"))
    return len(made)


async def _refuse_seconds(rows: Sequence[Row], place: str, units: Mapping[str, str]) -> None:
    """A unit has one instructor at a time, as on the pages."""
    there = {str(row["unit"]) for row in await fetch(_THERE, current_tenant())}
    second = [row["number"] for row in rows if not row["ended"] and units[row["number"]] in there]
    if second:
        raise Invalid(
            [f"单位 {number} 已有指导员，请先结束原来的" for number in second], "没有导入", where=place
        )


async def _units() -> dict[str, str]:
    return await subject_numbers("enterprise", today(), everybody=True)


async def _fresh(book: Book, place: str, units: Mapping[str, str], table: str, told_apart: str) -> list[Row]:
    """The rows that are not there yet; `table` and `told_apart` are our own names, never input.

    Whoever brings a workbook in at the same time waits until this transaction ends, and sees its rows.
    """
    if book.faults:
        raise Invalid(book.faults, where=place)
    await next_block(f"{PLUGIN}/import")
    sql = f"select unit, {told_apart} as mark from {table} where tenant_id = $1"  # noqa: S608 - own names
    there = {(str(row["unit"]), row["mark"]) for row in await fetch(sql, current_tenant())}
    return [row for row in book.rows if (units[row["number"]], row[told_apart]) not in there]


async def _keep(
    table: type[TenantTable], made: Sequence[Row], kind: str, state: Callable[[Row], str]
) -> None:
    if not made:
        return
    frame = pl.DataFrame(list(made), infer_schema_length=None).with_columns(pl.col(pl.Null).cast(pl.Date))
    moves = [{"about": row["id"], "act": BROUGHT, "after": state(row)} for row in made]
    async with joined():
        await bulk_insert(table, frame)
        await bulk_insert(SixGoodMove, pl.DataFrame(moves))
        record(Event.WORK_MOVED, plugin=PLUGIN, kind=kind, rows=len(made))


async def _follow(
    table: type[TenantTable], owner: str, book: Book, ids: Mapping[Key, str], fields: Sequence[str]
) -> None:
    """Keep the second sheet's rows of what is new."""
    rows = [
        {
            owner: ids[same(row)],
            **{name: row[name] or ("" if name == "next" else row[name]) for name in fields},
        }
        for row in book.further
        if same(row) in ids
    ]
    if rows:
        async with joined():
            await execute("discard plans")  # the key of these rows was planned for an empty table
            await bulk_insert(table, pl.DataFrame(rows, infer_schema_length=None))
