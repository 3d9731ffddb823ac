"""Importing rosters: preview with every fault, then all of it or nothing."""

import asyncio
import datetime as dt
import logging
from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec

from jiceng.accounts.fields import enterable_here
from jiceng.kernel import clock
from jiceng.kernel.audit import Event, record, record_now
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, execute, fetch_row, joined, next_block, renew_statistics
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets import SheetOut, mark, read_workbook, write_workbook
from jiceng.kernel.spreadsheets.remembered import titles
from jiceng.roster.importing.applying import WRITTEN, write
from jiceng.roster.importing.checking import check_entered
from jiceng.roster.importing.comparing import compare
from jiceng.roster.importing.history import one_import
from jiceng.roster.importing.leaving import disable_leavers
from jiceng.roster.importing.personal import check_personal
from jiceng.roster.importing.reading import read_roster
from jiceng.roster.importing.sheets import DATE_CELL, OPTIONAL, SHEETS, TENANT_CELL
from jiceng.roster.importing.stored import known_roster
from jiceng.roster.importing.titles import FAMILY, tell
from jiceng.roster.importing.undoing import keep, keep_before, kept_of, put_back
from jiceng.roster.one_member.optional import switched_on
from jiceng.roster.schemas import Known, Preview
from jiceng.roster.sealing import CONTENT

log = logging.getLogger(__name__)

UPLOADS_LAST = dt.timedelta(days=1)
LONGEST_REASON = 300
_UNDONE = """
update roster_change set undone_at = $3, undone_by = $4, undone_reason = $5 where tenant_id = $1 and id = $2
"""


async def preview_roster(data: bytes, filename: str, back: Collection[UUID] = frozenset()) -> Preview:
    """Tell what the file would do to the current tenant's roster; changes nothing.

    Whoever has left stays away when the file has no day of leaving, unless `back` names that end
    (ids of the preview's `returning`).
    Raises `Refusal` for a file that cannot be read as this tenant's roster; other faults are in the preview.
    """
    row = await fetch_row("select slug, name from tenant where id = $1", current_tenant())
    known = await known_roster()
    tenant = Whose(row["slug"], row["name"], await switched_on(), await titles(FAMILY))
    return await asyncio.to_thread(_compared, data, filename, tenant, known, back)


class Whose(msgspec.Struct, frozen=True):
    """Whose roster a file is to be: the optional fields switched on, the meaning of titles it told."""

    slug: str
    name: str
    optional: frozenset[str] = frozenset()
    told: dict[str, dict[str, str]] = {}


def _compared(
    data: bytes, filename: str, tenant: Whose, known: Known, back: Collection[UUID] = frozenset()
) -> Preview:
    """Pure and slow (seconds for a large file), so it runs in a thread (which knows the role at work)."""
    today = clock.today()
    draft = read_roster(read_workbook(data, filename), (tenant.slug, tenant.name), today, tenant.told)
    if members := draft.tables.get("member"):
        draft.faults.extend(check_entered(members, enterable_here()))
        draft.faults.extend(check_personal(members, tenant.optional))
    return compare(draft, known, today, back)


def preview_for_new(data: bytes, filename: str, slug: str, name: str) -> Preview:
    """Tell what the file would do for a tenant that does not exist yet; otherwise as `preview_roster`."""
    return _compared(data, filename, Whose(slug, name), Known())


async def apply_roster(preview: Preview, *, by: UUID | None = None) -> UUID | None:
    """Write the whole preview in one transaction (the open one, or its own).

    Returns the import's id, None when there was nothing to change.

    Raises `Invalid` when the preview has faults, `Conflict` when the roster changed after the preview.
    """
    if preview.errors:
        raise Invalid(
            preview.errors, f"名册有 {len(preview.errors)} 处错误，什么都没有导入", preview.filename
        )
    async with joined():
        if preview.does_nothing:
            return None
        version = await next_block("roster")  # the counter's row stays locked: imports go one after the other
        if version != preview.version + 1:
            raise Conflict(
                "预览之后，名册已被别人改动", where=preview.filename, todo_zh="请重新预览这份文件，再导入。"
            )
        change = new_id()
        before = await keep_before(preview)
        await write(preview)
        await renew_statistics(preview.rows_written, *WRITTEN)
        await disable_leavers()
        await execute(
            "insert into roster_change "
            "(tenant_id, id, version, at, filename, applied_at, applied_by, counts) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8)",
            *_change(change, version, preview, by),
        )
        await keep(change, before)
        changed = {name: len(each.added) + len(each.states) for name, each in preview.changed.items()}
        record(
            Event.ROSTER_IMPORTED,
            ("roster", version),
            organizations=changed.get("organization"),
            members=changed.get("member"),
            units=changed.get("unit"),
        )
    log.info("roster imported as version %d", version)
    return change


def _change(change: UUID, version: int, preview: Preview, by: UUID | None) -> tuple[object, ...]:
    counts = msgspec.json.encode(preview.counts).decode()
    name = preview.filename[:200]
    return current_tenant(), change, version, preview.at, name, clock.now(), by, counts


async def template(slug: str, day: dt.date) -> bytes:
    """An empty roster workbook of the tenant with drop-downs; optional fields only where they are on."""
    left_out = OPTIONAL - await switched_on()
    sheets = [
        SheetOut(spec.name, tuple(column for column in spec.columns if column.field not in left_out))
        for spec in SHEETS
    ]
    return write_workbook(sheets, made=day, cover=((TENANT_CELL, slug), (DATE_CELL, day.isoformat())))


async def keep_upload(data: bytes, filename: str, by: UUID | None) -> UUID:
    """Keep an uploaded file for a day, so that the preview's page can import it or hand it back marked.

    Raises `Refusal` at once for a file that cannot be read as this tenant's roster.
    """
    await preview_roster(data, filename)
    upload = new_id()
    sealed = (await keyring()).seal_bytes(CONTENT, upload, data)
    await execute(
        "delete from roster_upload where tenant_id = $1 and uploaded_at < $2",
        current_tenant(),
        clock.now() - UPLOADS_LAST,
    )
    await execute(
        "insert into roster_upload (tenant_id, id, filename, content, uploaded_at, uploaded_by) "
        "values ($1, $2, $3, $4, $5, $6)",
        *(current_tenant(), upload, filename[:200], sealed, clock.now(), by),
    )
    return upload


async def preview_upload(upload: UUID, back: Collection[UUID] = frozenset()) -> Preview:
    """Preview a kept file against the roster of this moment; `back` as in `preview_roster`."""
    return await preview_roster(*await _upload(upload), back)


async def apply_upload(
    upload: UUID,
    version: int,
    *,
    by: UUID | None,
    back: Collection[UUID] = frozenset(),
    all_back: bool = False,
) -> UUID | None:
    """Import a kept file exactly as previewed at the roster's `version`, and drop it; as `apply_roster`.

    Of those who have left and stand in the file, `back` (or all) are taken back. Raises `Invalid` for one
    who is not asked about.
    """
    preview = await preview_upload(upload)
    asked = {each.id for each in preview.returning}
    if not asked.issuperset(back):
        raise Invalid(["请从列表中勾选要恢复的"], "没有导入", where=preview.filename)
    if back or (all_back and asked):
        preview = await preview_upload(upload, asked if all_back else back)
    if preview.version != version:
        raise Conflict(
            "预览之后，名册已被别人改动", where=preview.filename, todo_zh="请重新预览这份文件，再导入。"
        )
    async with joined():
        change = await apply_roster(preview, by=by)
        await execute("delete from roster_upload where tenant_id = $1 and id = $2", current_tenant(), upload)
    return change


async def undo_import(change: UUID, reason: str, *, by: UUID) -> None:
    """Take an import back: everybody it touched is as before, whoever it added is gone.

    Only the last import that was not taken back, within a month, and while nothing was built on it: raises
    Conflict with what stands on it, Invalid without a reason, NotFound. Accounts that the import disabled
    because their members had left stay disabled.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Invalid([f"写明撤销的理由，不超过 {LONGEST_REASON} 字"], "没有撤销", where="理由")
    async with joined():
        await next_block("roster")  # the counter's row stays locked: nobody imports meanwhile
        told = await one_import(change)
        kept = await kept_of(change)
        if not told.newest or kept is None:
            raise Conflict(
                "这次导入不能撤销了",
                where=told.filename,
                todo_zh="只能撤销最近一次、30 天以内的导入；用一份更正的名册再导入一次",
                what_en="this import can no longer be taken back",
                todo_en="only the last import of the past 30 days can; import a corrected roster",
            )
        await put_back(change, kept)
        await execute(_UNDONE, current_tenant(), change, clock.now(), by, reason)
        await execute("delete from roster_undo where tenant_id = $1 and id = $2", current_tenant(), change)
        record(Event.ROSTER_IMPORT_UNDONE, ("roster_change", change))


async def tell_titles(upload: UUID, rows: Sequence[tuple[str, str, str]]) -> None:
    """Keep what columns of a kept file mean, for this tenant's next files too; as `titles.tell`."""
    await _upload(upload)
    await tell(rows)


async def marked_upload(upload: UUID) -> tuple[str, bytes]:
    """The kept file with its faults marked, and the name to save it under."""
    data, filename = await _upload(upload)
    preview = await preview_roster(data, filename)
    await record_now(Event.EXPORTED, ("roster_upload", upload), format="xlsx")
    return f"{filename.rsplit('.', 1)[0]}-标错.xlsx", await asyncio.to_thread(
        mark, data, filename, preview.faults
    )


async def _upload(upload: UUID) -> tuple[bytes, str]:
    sql = "select filename, content from roster_upload where tenant_id = $1 and id = $2 and uploaded_at >= $3"
    row = await fetch_row(sql, current_tenant(), upload, clock.now() - UPLOADS_LAST)
    if row is None:
        raise NotFound("没有找到这份文件，它可能已导入或已过期", todo_zh="请重新上传。")
    return (await keyring()).open_bytes(CONTENT, upload, bytes(row["content"])), row["filename"]
