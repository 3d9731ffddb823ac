"""A workbook of projects brought in on the pages: kept, examined, and only then brought in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api import NotFound
from jiceng.api.database import joined
from jiceng.api.files import CellFault, content, mark, remove, store, stored, stored_about
from jiceng_project_ledger.sheets import columns
from jiceng_project_ledger.sheets.bringing_in import bring_projects, known, numbers_here
from jiceng_project_ledger.sheets.reading import read_projects

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

KIND = "ledger_import"


class Count(msgspec.Struct, frozen=True):
    """A sheet: its rows, those of new projects, those of projects that are there and stay as they are."""

    sheet: str
    rows: int
    new: int
    there: int


class Examined(msgspec.Struct, frozen=True):
    """What bringing a workbook in would do; `new` are number and title of the projects it would add."""

    upload: UUID
    name: str
    counts: tuple[Count, ...]
    new: tuple[tuple[str, str], ...]
    faults: tuple[CellFault, ...]


async def keep(pieces: AsyncIterator[bytes], name: str, by: UUID) -> UUID:
    """Keep a workbook until it is brought in; the one this person left before goes. Returns its id.

    Raises as `store`: too large, of another kind than its name says.
    """
    async with joined():
        for left in await stored_about(by):
            if left.about_kind == KIND:
                await remove(left.id)
        return (await store(pieces, name, about=(KIND, by), by=by)).id


async def examine(upload: UUID) -> Examined:
    """What the workbook would do, or everything that is wrong with it. Raises NotFound, Refusal."""
    name, data = await _kept(upload)
    book = read_projects(data, name, await numbers_here())
    if book.faults:
        return Examined(upload, name, (), (), tuple(book.faults))
    there = await known()
    projects = book.rows[columns.PROJECTS]
    new = tuple((row["number"], row["title"]) for row in projects if row["number"] not in there)
    counts = tuple(
        Count(sheet, len(rows), fresh, len(rows) - fresh)
        for sheet, rows in book.rows.items()
        for fresh in [sum(row["number"] not in there for row in rows)]
    )
    return Examined(upload, name, counts, new, ())


async def marked(upload: UUID) -> tuple[str, bytes]:
    """The same workbook with every fault at its cell, and its name."""
    name, data = await _kept(upload)
    book = read_projects(data, name, await numbers_here())
    return name, mark(data, name, book.faults)


async def bring(upload: UUID) -> int:
    """Bring the workbook in, all of it or nothing; returns how many projects are new.

    Raises Invalid with every fault at its cell, NotFound once it was brought in.
    """
    async with joined():
        name, data = await _kept(upload)
        brought = await bring_projects(data, name)
        await remove(upload)
    return brought


async def _kept(upload: UUID) -> tuple[str, bytes]:
    """A workbook that was uploaded here; raises NotFound for any other file."""
    info = await stored(upload)
    if info.about_kind != KIND:
        raise NotFound("没有这个文件", todo_zh="请重新上传")
    return info.name, (await content(upload))[1]
