"""An import as one change that can be taken back: what it touched, kept; put back when nothing stands on it.

What is kept is how the rows of everybody touched were before; what the import added is only named. The rows
as the import left them are digested: whatever has changed since, by whomever, is found by comparing.
"""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from jiceng.kernel.clock import now
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_row, fetch_value
from jiceng.kernel.errors import Conflict
from jiceng.roster.importing.dependents import dependents
from jiceng.roster.schemas import Changed, Preview
from jiceng.roster.sealing import BEFORE

OWNERS = {
    "organization": ("organization_state",),
    "unit": ("unit_state",),
    "member": ("member_state", "membership", "post"),
}
"""What an import writes: the tables of those who have histories, and the tables of their histories."""
_TABLES = frozenset({*OWNERS, *(table for tables in OWNERS.values() for table in tables)})
_DIGESTED = """
select encode(sha256(convert_to(
  coalesce(string_agg(to_jsonb(t)::text, '|' order by t.id), ''), 'UTF8')), 'hex')
"""
_NOTHING_BUILT = "先处理这些记录，或用一份更正的名册再导入一次"


class Touched(msgspec.Struct, frozen=True):
    """The ids an import adds and those it changes, of one table."""

    added: list[UUID] = []
    changed: list[UUID] = []


class Kept(msgspec.Struct, frozen=True):
    """What taking an import back needs: whom it touched, and the rows of those changed as they were.

    `before`: rows as JSON, by table; `after`: digest of the rows of all touched, right after the import.
    """

    touched: dict[str, Touched]
    before: dict[str, list[dict[str, Any]]]
    after: str = ""


def touched(preview: Preview) -> dict[str, Touched]:
    """Whom applying the preview touches, by table."""
    found: dict[str, Touched] = {}
    for name in OWNERS:
        change = preview.changed.get(name, Changed())
        added = {owner for owner, _, _ in change.added}
        named = {owner for owner, _ in change.corrected} | {state.owner for state in change.states}
        if name == "member":
            named |= {membership.member for membership in preview.memberships}
            named |= {post.member for post in preview.posts}
        found[name] = Touched(sorted(added), sorted(named - added))
    return found


async def keep_before(preview: Preview) -> Kept:
    """Read the rows that applying the preview will change; call it before they are."""
    ids = touched(preview)
    before: dict[str, list[dict[str, Any]]] = {}
    for owner, histories in OWNERS.items():
        changed = ids[owner].changed
        before[owner] = await _rows(owner, "id", changed)
        before |= {table: await _rows(table, owner, changed) for table in histories}
    return Kept(ids, before)


async def keep(change: UUID, kept: Kept) -> None:
    """Store what was kept with its import, sealed: it holds names. Call it when the rows are written."""
    whole = msgspec.structs.replace(kept, after=await _digest(kept.touched))
    sealed = (await keyring()).seal_bytes(BEFORE, change, msgspec.json.encode(whole))
    sql = "insert into roster_undo (tenant_id, id, content, kept_at) values ($1, $2, $3, $4)"
    await execute(sql, current_tenant(), change, sealed, now())


async def kept_of(change: UUID) -> Kept | None:
    """What was kept of an import; None when it is too long ago, or a person was erased since."""
    sql = "select content from roster_undo where tenant_id = $1 and id = $2"
    row = await fetch_row(sql, current_tenant(), change)
    if row is None:
        return None
    opened = (await keyring()).open_bytes(BEFORE, change, bytes(row["content"]))
    return msgspec.json.decode(opened, type=Kept)


async def put_back(change: UUID, kept: Kept) -> None:
    """Make the rows of everybody touched what they were. Raises Conflict when anything was built on them."""
    if await _digest(kept.touched) != kept.after:
        raise Conflict(
            "导入以后，其中的组织或人员又有改动，不能撤销这次导入",
            todo_zh="用一份更正的名册再导入一次",
            what_en="organizations or members of this import have changed since",
            todo_en="import a corrected roster",
        )
    added = [each for ids in kept.touched.values() for each in ids.added]
    changed = [each for ids in kept.touched.values() for each in ids.changed]
    found = await dependents(added, changed, since=change, besides=_TABLES)
    if await _accounts(kept.touched["member"].added):
        found.append("账号")
    if found:
        raise _built_on(found)
    try:
        await _replace(kept)
    except asyncpg.ForeignKeyViolationError as error:
        raise _built_on(["其他业务记录"]) from error


def _built_on(found: list[str]) -> Conflict:
    return Conflict(
        f"导入以后已有{'、'.join(found)}用到其中的组织或人员，不能撤销这次导入",
        todo_zh=_NOTHING_BUILT,
        what_en="other records name organizations or members of this import",
        todo_en="settle those records first, or import a corrected roster",
    )


async def _replace(kept: Kept) -> None:
    for owner in reversed(OWNERS):
        ids = kept.touched[owner]
        for table in reversed(OWNERS[owner]):
            await _delete(table, owner, [*ids.added, *ids.changed])
    for owner in reversed(OWNERS):
        await _delete(owner, "id", kept.touched[owner].added)
    for owner, histories in OWNERS.items():
        await _restore(owner, kept.before[owner])
        for table in histories:
            rows = f"jsonb_populate_recordset(null::{table}, $2::text::jsonb) r where r.tenant_id = $1"
            await execute(
                f"insert into {table} select * from {rows}",  # noqa: S608 - our own names
                current_tenant(),
                _json(kept.before[table]),
            )


async def _restore(table: str, rows: list[dict[str, Any]]) -> None:
    """Set every column of these rows to what it was."""
    if not rows:
        return
    names = [name for name in rows[0] if name not in {"tenant_id", "id"}]
    sets = ", ".join(f"{name} = r.{name}" for name in names)
    await execute(
        f"update {table} t set {sets} from jsonb_populate_recordset(null::{table}, $2::text::jsonb) r "  # noqa: S608 - our own names
        "where t.tenant_id = $1 and t.id = r.id",
        current_tenant(),
        _json(rows),
    )


def _json(rows: list[dict[str, Any]]) -> str:
    return msgspec.json.encode(rows).decode()


async def _rows(table: str, owner: str, ids: list[UUID]) -> list[dict[str, Any]]:
    sql = f"select to_jsonb(t)::text as row from {table} t where t.tenant_id = $1 and t.{owner} = any($2)"  # noqa: S608 - our own names
    return [msgspec.json.decode(row["row"]) for row in await fetch(sql, current_tenant(), ids)] if ids else []


async def _delete(table: str, owner: str, ids: list[UUID]) -> None:
    sql = f"delete from {table} where tenant_id = $1 and {owner} = any($2)"  # noqa: S608 - our own names
    await execute(sql, current_tenant(), ids)


async def _digest(ids: dict[str, Touched]) -> str:
    """A digest of all rows of all touched, made in PostgreSQL: nothing of them is read."""
    parts: list[str] = []
    for owner, histories in OWNERS.items():
        everybody = [*ids[owner].added, *ids[owner].changed]
        for table, column in ((owner, "id"), *((table, owner) for table in histories)):
            where = f"from {table} t where t.tenant_id = $1 and t.{column} = any($2)"
            parts.append(await fetch_value(f"{_DIGESTED} {where}", current_tenant(), everybody))
    return "-".join(parts)


async def _accounts(members: list[UUID]) -> bool:
    """Whether somebody was given an account as one of these members."""
    sql = """
    select exists (select 1 from account a join member m on m.tenant_id = a.tenant_id and m.number = a.person
    where a.tenant_id = $1 and m.id = any($2))
    """
    found: bool = await fetch_value(sql, current_tenant(), members)
    return found
