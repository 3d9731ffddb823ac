"""A table of the record console as a workbook: piccolo-admin's CSV has no BOM and lets formulas through."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.console.frame.figures import moment
from jiceng.console.records.record_tables import SHOWN, TITLES, view_of
from jiceng.kernel.audit import Event, actor_here, record_now
from jiceng.kernel.clock import now, today
from jiceng.kernel.errors import NotFound, Refusal
from jiceng.kernel.limits import Limit, TooMany, allow, refuse_used_up
from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from piccolo.table import Table

MOST_ROWS = 20_000
WHOLE_TABLES = Limit("whole_tables", 12, 300)
"""Twelve tables at once, then one in five minutes: nobody carries the records out by the armful (T38)."""
SAME_TABLE = Limit("same_table", 1, 3600)
"""The same table once an hour by one person (T38)."""
_LONGEST_CELL = 32_000
_BY_NAME = {table._meta.tablename: table for tables in SHOWN.values() for table in tables}


async def refuse_in_vain(name: str) -> str:
    """Refuse what could not be taken out, before a second person is asked or his word is used up.

    Returns what the table is called.

    Raises:
        NotFound, Refusal, TooMany: as `exported`; TooMany is told to the audit log as an alarm.
    """
    table = _table(name)
    async with _watched(name):
        await refuse_used_up(WHOLE_TABLES, str(actor_here().person))
        await refuse_used_up(SAME_TABLE, _taking(name))
    if await view_of(table).count() > MOST_ROWS:
        raise _too_long(table)
    return _title(table)


async def exported(name: str) -> bytes:
    """The current tenant's rows of a listed table as xlsx; the audit log tells of it.

    Its cover says which account took it out and when.

    Raises:
        NotFound: the table is not listed. Refusal: it has more rows than one workbook should hold.
        TooMany: this account takes out one table after the other, or the same again within the hour.
    """
    table = _table(name)
    taker = str(actor_here().person)
    async with _watched(name):
        await allow(WHOLE_TABLES, taker)
    view = view_of(table)
    rows = await view.select().order_by(view._meta.primary_key).limit(MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise _too_long(table)
    fields = [column._meta.name for column in view._meta.columns]
    sheet = SheetOut(
        name=_title(table)[:31],
        columns=[Column(field, _said(table, field)) for field in fields],
        rows=[[_cell(row[field]) for field in fields] for row in rows],
    )
    async with _watched(name):
        await allow(SAME_TABLE, _taking(name))
    await record_now(Event.EXPORTED, (name, ""), rows=len(rows), format="xlsx")
    cover = (("导出账号", taker), ("导出时间", moment(now())))
    return await asyncio.to_thread(write_workbook, [sheet], made=today(), cover=cover)


def _table(name: str) -> type[Table]:
    if name not in _BY_NAME:
        raise NotFound("没有这张记录表")
    return _BY_NAME[name]


def _too_long(table: type[Table]) -> Refusal:
    return Refusal(
        f"“{_title(table)}”超过 {MOST_ROWS} 行，不能一次导出",
        todo_zh="请在对应的业务页面按条件导出",
        what_en=f"more than {MOST_ROWS} rows",
        todo_en="export from the page that owns these rows, with a filter",
    )


def _taking(name: str) -> str:
    return f"{actor_here().person}|{name}"


@asynccontextmanager
async def _watched(name: str) -> AsyncIterator[None]:
    """A refusal inside is an alarm in the audit log."""
    try:
        yield
    except TooMany:
        await record_now(Event.EXPORT_REFUSED, (name, ""), success=False)
        raise


def _title(table: type[Table]) -> str:
    name = table._meta.tablename
    return TITLES.get(name) or table._meta.help_text or name


def _said(table: type[Table], field: str) -> str:
    helped = next(column._meta.help_text for column in table._meta.columns if column._meta.name == field)
    return TITLES.get(field) or helped or field


def _cell(value: Any) -> str | int | Decimal | bool | None:  # noqa: ANN401 - whatever a column holds
    if value is None or isinstance(value, bool | int | Decimal):
        return value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, list | dict | tuple):
        return msgspec.json.encode(value).decode()[:_LONGEST_CELL]
    return str(value)[:_LONGEST_CELL]
