"""What may be done with facts: hand them in, once, checked, all or nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jiceng.facts.imports.listing import begun, nothing_came
from jiceng.facts.imports.titles import Told, Unkept, family, tell, titles_of
from jiceng.facts.rows.checking import (
    DATE,
    ROW,
    SUBJECT,
    ValueFault,
    faults_in,
    handed_in,
    numbered,
    registered,
    window,
)
from jiceng.facts.rows.closed import of_closed_periods
from jiceng.facts.rows.layout import extended, packed
from jiceng.facts.rows.recording import COUNTS, add_batch, insert, not_recorded, recorded
from jiceng.facts.rows.rules import Rules, rules_by_day
from jiceng.facts.rows.sheets import SheetRows, columns_for, days_in, read_rows
from jiceng.facts.schemas import Brought, Came, Imported, KindInfo, Layout
from jiceng.kernel.audit import Event, record, record_now
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, execute, fetch_row, joined, next_block
from jiceng.kernel.errors import Invalid, NotFound, Refusal
from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets import (
    CellFault,
    SheetOut,
    Workbook,
    mark,
    read_workbook,
    sheet_name,
    write_workbook,
)
from jiceng.kernel.spreadsheets.remembered import titles
from jiceng.roster.queries import subject_numbers
from jiceng.schemes.periods import span_around
from jiceng.schemes.queries import rulebook_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from jiceng_sdk.rulebook import Fact, Rulebook

_WHEN = "when"
_REGISTER = """
insert into fact_kind (tenant_id, id, scheme, name, title, layout)
values ($1, $2, $3, $4, $5, '{"columns":[]}')
on conflict (tenant_id, scheme, name) do update set title = excluded.title returning id, layout
"""
LONGEST_NAME = 260


async def import_facts(
    scheme: str,
    kind: str,
    rows: pl.DataFrame,
    *,
    source: str,
    by: UUID | None = None,
    anew: bool = False,
    everybody: bool = False,
) -> Imported:
    """Keep facts of one kind; rows that are recorded already are skipped, one for one.

    Also those that were corrected or withdrawn since, so that a workbook handed in again brings nothing back
    that somebody took out. `anew`: only what still counts is recorded already; for work that knows itself
    what stands and means what it hands in. `everybody`: also about subjects that the person at work may not
    see; for what others handed in and he only brings to its end.

    `rows`: subject (id as text), date, one column per field (or `value`), optionally evidence, entered_by,
    accepted_by (ids of members as text). Raises Invalid with every fault; then nothing is kept.
    """
    rules = await rules_by_day(scheme, rows[DATE].drop_nulls().unique().to_list())
    if kind not in rules.kinds():
        raise NotFound("方案没有这种事实", where=f"{scheme}：{kind}")
    subjects = set((await subject_numbers(rules.latest.subject, today(), everybody=everybody)).values())
    faults = _value_faults(rules, kind, rows, subjects)
    if faults:
        raise Invalid(faults, where=source)
    async with joined():
        kept, again = await _keep(scheme, rules, kind, rows, Came(source, by), anew=anew)
        if again:
            raise Invalid(again, where=source)
    return kept


async def import_workbook(scheme: str, data: bytes, name: str, *, by: UUID | None = None) -> list[Imported]:
    """As `bring_in`; what was brought, by kind."""
    return list((await bring_in(scheme, data, name, by=by)).kinds)


async def bring_in(scheme: str, data: bytes, name: str, *, by: UUID | None = None) -> Brought:
    """Keep the facts of a workbook: one sheet per kind, named by its title; all sheets or none.

    Raises Unkept with every fault at its cell and the titles that may be told about, Refusal when no sheet is
    one of the scheme's.
    """
    told = await titles(family(scheme))
    workbook = await asyncio.to_thread(read_workbook, data, name)
    rules = await rules_by_day(scheme, await asyncio.to_thread(days_in, workbook, told))
    numbers = await subject_numbers(rules.latest.subject, today())
    people = await subject_numbers("member", today(), everybody=True)
    read, faults = await asyncio.to_thread(_examined, rules, workbook, numbers, people, told)
    asked = tuple(
        titles_of(sheet.source, sheet.table, kind, sheet.columns, told.get(kind, {}))
        for kind, sheet in read.items()
    )
    if faults:
        raise Unkept(faults, name, asked)
    kept: list[Imported] = []
    async with joined():
        whole = await begun(scheme, name, by)
        for kind, sheet in read.items():
            came = Came(f"{name[:LONGEST_NAME]}：{sheet.table.sheet}", by, whole)
            imported, again = await _keep(scheme, rules, kind, sheet.rows, came)
            faults += sheet.at_cells(again)
            kept.append(imported)
        if faults:
            raise Unkept(faults, name, asked)
        if not any(one.new for one in kept):
            await nothing_came(whole)
    return Brought(tuple(kept), asked)


def examine_workbook(
    book: Rulebook, data: bytes, name: str, *, subjects: Mapping[str, str], people: Mapping[str, str]
) -> list[CellFault]:
    """Every fault of a workbook, as `import_workbook` would find it; the database is not asked.

    `subjects` and `people` are ids by number. Raises Refusal when no sheet is one of the scheme's.
    """
    return _examined(Rules(book, {}), read_workbook(data, name), subjects, people, {})[1]


def template(book: Rulebook) -> bytes:
    """An empty workbook with a sheet for every kind of fact the scheme takes."""
    sheets = [
        SheetOut(name, tuple(columns_for(fact).values()))
        for name, fact in zip(sheet_names(handed_in(book)).values(), handed_in(book).values(), strict=True)
    ]
    return write_workbook(sheets, made=today())


def sheet_names(kinds: Mapping[str, Fact]) -> dict[str, str]:
    """What the sheet of each kind of fact is called: its title, as Excel takes it, each another."""
    found: dict[str, str] = {}
    for kind, fact in kinds.items():
        found[kind] = sheet_name(fact.title or kind, found.values())
    return found


async def _keep(
    scheme: str, rules: Rules, kind: str, rows: pl.DataFrame, came: Came, *, anew: bool = False
) -> tuple[Imported, list[ValueFault]]:
    """Insert what is not recorded yet, as one batch; or nothing, and what is refused: values there already
    that differ, rows of a closed period.
    """
    number = await next_block("fact batches")  # stays locked: one import of the tenant at a time
    parts = rules.parts(kind, rows)
    infos = [await register(scheme, kind, book.facts[kind]) for book, _ in parts]
    title = infos[-1].title if infos else rules.kinds()[kind].title or kind
    nothing = Imported(scheme, kind, title, 0, rows.height, 0)
    found, refused = [], list[ValueFault]()
    for book, part in parts:
        fresh, wrong = await _fresh(infos[-1], book, kind, part, anew=anew)
        found.append(fresh)
        refused += wrong
    if refused or not any(fresh.height for fresh in found):
        return nothing, refused
    all_fresh = pl.concat(found).sort(ROW)
    batch = await add_batch(infos[-1], number, came, all_fresh.height)
    await insert(infos[-1], batch, await next_block("facts", all_fresh.height), all_fresh)
    record(Event.FACTS_IMPORTED, ("fact_batch", batch), scheme=scheme, kind=kind, rows=all_fresh.height)
    kept = msgspec.structs.replace(
        nothing, new=all_fresh.height, same=rows.height - all_fresh.height, batch=number
    )
    return kept, []


async def _fresh(
    info: KindInfo, book: Rulebook, kind: str, rows: pl.DataFrame, *, anew: bool
) -> tuple[pl.DataFrame, list[ValueFault]]:
    """The packed rows that are not recorded yet, and which of them are refused by this rulebook's periods."""
    fact = book.facts[kind]
    first, last = rows.select(first=pl.col(DATE).min(), last=pl.col(DATE).max()).row(0)
    there = await recorded(
        info, span_around(book.period, first).first_day, span_around(book.period, last).last_day
    )
    # The same single value of the same period is the same fact, whichever day it was established.
    same_when = pl.col(DATE) if fact.rows else window(fact, book.period)
    keys = [SUBJECT, _WHEN, *(column.key for column in info.layout.columns)]
    given = packed(numbered(rows), info.layout).with_columns(same_when.alias(_WHEN))
    standing = there.filter(COUNTS)
    known = standing if anew else there
    fresh = not_recorded(given, known.with_columns(same_when.alias(_WHEN)), keys)
    return fresh, _given_already(fact, book.period, fresh, standing) or await of_closed_periods(book, fresh)


async def register(scheme: str, kind: str, fact: Fact) -> KindInfo:
    """The kind with a place for each of its fields; its row stays locked until commit."""
    title = fact.title or kind
    row = await fetch_row(_REGISTER, current_tenant(), new_id(), scheme, kind, title)
    before = msgspec.json.decode(row["layout"], type=Layout)
    layout = extended(before, registered(fact))
    if layout != before:
        await execute(
            "update fact_kind set layout = $3 where tenant_id = $1 and id = $2",
            current_tenant(),
            row["id"],
            msgspec.json.encode(layout).decode(),
        )
    return KindInfo(row["id"], scheme, kind, title, layout)


def _given_already(fact: Fact, period: str, fresh: pl.DataFrame, there: pl.DataFrame) -> list[ValueFault]:
    if fact.rows or fresh.is_empty():
        return []
    given = there.select(SUBJECT, window(fact, period).alias("window")).unique()
    again = fresh.with_columns(window(fact, period).alias("window")).join(
        given, on=[SUBJECT, "window"], how="semi"
    )
    what, todo = "这个期间已经有值", "若原值有误，请用更正，不要再导入一次"
    return [ValueFault(row, SUBJECT, what, todo) for row in again[ROW].to_list()]


async def tell_titles(scheme: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """Keep what columns of the scheme's sheets mean from now on; as `titles.tell`."""
    book = (await rulebook_for(scheme, today())).book
    await tell(scheme, {kind: columns_for(fact) for kind, fact in handed_in(book).items()}, rows)


async def marked(scheme: str, data: bytes, name: str, faults: Sequence[object]) -> bytes:
    """The people's own workbook with its faults marked, which the log tells; it is not kept here."""
    at_cells = [fault for fault in faults if isinstance(fault, CellFault)]
    await record_now(Event.EXPORTED, ("scheme", scheme), scheme=scheme, format="xlsx")
    return await asyncio.to_thread(mark, data, name, at_cells)


def _examined(
    rules: Rules,
    workbook: Workbook,
    numbers: Mapping[str, str],
    people: Mapping[str, str],
    told: Told,
) -> tuple[dict[str, SheetRows], list[CellFault]]:
    read = _read_sheets(rules, workbook, numbers, people, told)
    known = set(numbers.values())
    return read, [fault for kind, sheet in read.items() for fault in _cell_faults(rules, kind, sheet, known)]


def _read_sheets(
    rules: Rules,
    workbook: Workbook,
    numbers: Mapping[str, str],
    people: Mapping[str, str],
    told: Told,
) -> dict[str, SheetRows]:
    called = sheet_names(rules.kinds())
    earlier = [sheet_names(handed_in(book)) for book in rules.books()]
    names = {
        kind: (own, kind, *(one[kind] for one in earlier if kind in one and one[kind] not in called.values()))
        for kind, own in called.items()
    }
    read = {
        kind: read_rows(sheet, rules.united(kind), numbers, people, told.get(kind))
        for kind, known in names.items()
        if (sheet := workbook.sheet(*known)) is not None
    }
    if not read:
        wanted = "、".join(called.values())
        raise Refusal("没有一张工作表是这个方案的", where=workbook.name, todo_zh=f"工作表名应为：{wanted}")
    return read


def _cell_faults(rules: Rules, kind: str, sheet: SheetRows, subjects: set[str]) -> list[CellFault]:
    """Faults of reading, then faults of values in cells that could be read."""
    told = {fault.address for fault in sheet.faults}
    if "" in told:
        return list(sheet.faults)
    found = _value_faults(rules, kind, sheet.rows, subjects)
    return [*sheet.faults, *(fault for fault in sheet.at_cells(found) if fault.address not in told)]


def _value_faults(rules: Rules, kind: str, rows: pl.DataFrame, subjects: set[str]) -> list[ValueFault]:
    """What is wrong with the rows, each by the rules of its own day."""
    faults = rules.strange(kind, rows)
    for book, part in rules.parts(kind, rows):
        faults += faults_in(book.facts[kind], part, period=book.period, subjects=subjects, today=today())
    return sorted(faults, key=lambda fault: fault.row)
