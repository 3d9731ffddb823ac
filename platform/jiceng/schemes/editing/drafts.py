"""Drafts: opened from a version or empty, changed part by part, two people at once, discarded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from jiceng.accounts.queries import names_of
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_row, fetch_value, joined
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.schemes.editing.checking import Checked, check
from jiceng.schemes.editing.saying import change_said
from jiceng.schemes.editing.sheet import draft_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from jiceng.schemes.editing.sheet import Draft, Sheet
    from jiceng_sdk.rulebook import Rulebook

_ADD = """
insert into rulebook_draft (tenant_id, id, scheme, base, revision, content, state, opened_by, opened_at)
values ($1, $2, $3, $4, 1, $5, 'open', $6, $7)
"""
_DRAFT = """
select d.id, s.id as scheme, s.key, s.title, d.base, d.revision, d.content, d.opened_by, d.opened_at,
  (select coalesce(max(number), 0) + 1 from rulebook_version v where v.tenant_id = d.tenant_id
    and v.scheme = d.scheme) as number
from rulebook_draft d join scheme s on s.tenant_id = d.tenant_id and s.id = d.scheme
where d.tenant_id = $1 and d.id = $2 and d.state = 'open'
"""
_OPEN = """
select d.id from rulebook_draft d join scheme s on s.tenant_id = d.tenant_id and s.id = d.scheme
where d.tenant_id = $1 and s.key = $2 and d.state = 'open'
"""
_TOLD = """
insert into draft_change (tenant_id, id, draft, revision, section, part, words, before, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_CHANGES = """
select revision, section, part, words, by, at from draft_change
where tenant_id = $1 and draft = $2 and revision > $3 order by revision desc
"""
_HIGHEST = """
select coalesce(max(part::int), 0) from draft_change
where tenant_id = $1 and draft = $2 and section = $3 and part ~ '^[0-9]{1,9}$'
"""
WHOLE = "whole"
"""The section under which it is told that a draft was replaced as a whole: no part is what it was."""


class DraftInfo(msgspec.Struct, frozen=True):
    """A draft that is being written. `key`, `title` are the scheme's; `number` the version it will become."""

    id: UUID
    scheme: UUID
    key: str
    title: str
    base: UUID | None
    revision: int
    number: int
    sheets: Draft
    opened_by: UUID | None
    opened_at: datetime

    def part(self, section: str, part: str) -> Sheet:
        """One part; the header has the id "". Raises NotFound."""
        for sheet in self.sheets.get(section, []):
            if str(sheet.get("id", "")) == part:
                return sheet
        raise NotFound("草稿里没有这一项", todo_zh="可能已被别人删去，请回到草稿查看")


class Change(NamedTuple):
    """One save of a draft, with the name of who made it."""

    revision: int
    section: str
    part: str
    words: str
    who: str
    at: datetime


class Crossed(Conflict):
    """Somebody else changed the same part meanwhile; nothing was saved, what was typed is on the page."""

    def __init__(self, draft: DraftInfo, theirs: Sheet | None, changes: list[Change]) -> None:
        self.draft, self.theirs, self.changes = draft, theirs, changes
        super().__init__(
            "您编辑期间别人改了同一项，这次没有保存",
            todo_zh="您填的都还在下面；请核对后再按保存",
        )


class Saved(NamedTuple):
    """What a save led to; `others`: what other people changed in other parts meanwhile."""

    draft: DraftInfo
    part: str
    others: list[Change]


async def draft(draft_id: UUID) -> DraftInfo:
    """An open draft. Raises NotFound: absent, of another tenant, published or discarded."""
    row = await fetch_row(_DRAFT, current_tenant(), draft_id)
    if row is None:
        raise NotFound("没有这份草稿", todo_zh="它可能已经发布或放弃，请回到方案查看")
    fields = dict(row)
    sheets: Draft = msgspec.json.decode(fields.pop("content"))
    return DraftInfo(sheets=sheets, **fields)


async def open_draft_of(key: str) -> UUID | None:
    """The scheme's open draft, if there is one."""
    found: UUID | None = await fetch_value(_OPEN, current_tenant(), key)
    return found


async def book_of_draft(draft_id: UUID) -> Rulebook:
    """The rulebook as it is written now.

    Raises NotFound, Invalid with everything that keeps it from being evaluated.
    """
    checked = check((await draft(draft_id)).sheets)
    return computable(checked)


def computable(checked: Checked) -> Rulebook:
    """The rulebook of a draft that was checked; raises Invalid with all errors."""
    if checked.book is None or not checked.computable:
        wrongs = [wrong.zh for wrong in checked.errors if not wrong.burden]
        raise Invalid(wrongs, f"草稿里有 {len(wrongs)} 处错误")
    return checked.book


async def open_draft(scheme: UUID, sheets: Draft | Rulebook, base: UUID | None, by: UUID | None) -> UUID:
    """Open a draft of a scheme. Raises Conflict when one is open already."""
    async with joined():
        key = await fetch_value(
            "select key from scheme where tenant_id = $1 and id = $2 for update", current_tenant(), scheme
        )
        if key is None:
            raise NotFound("没有这个方案")
        if await open_draft_of(key) is not None:
            raise Conflict("这个方案已有一份草稿", todo_zh="请先发布或放弃那份草稿")
        content = sheets if isinstance(sheets, dict) else draft_of(sheets)
        draft_id = new_id()
        await execute(_ADD, current_tenant(), draft_id, scheme, base, _json(content), by, now())
        record(Event.RULEBOOK_DRAFTED, ("rulebook_draft", draft_id), scheme=key)
    return draft_id


async def save_part(
    draft_id: UUID, section: str, sheet: Sheet, revision: int, by: UUID | None, *, place: int | None = None
) -> Saved:
    """Save one part as it was typed; one without an id is added at its end (or at `place`).

    Raises NotFound, Crossed when somebody changed the same part since `revision`.
    """
    part = str(sheet.get("id", ""))
    adding = section != "header" and not part
    ever = await fetch_value(_HIGHEST, current_tenant(), draft_id, section) if adding else 0

    def changed(sheets: Draft) -> tuple[Sheet | None, Sheet, str]:
        parts = sheets.setdefault(section, [])
        if adding:
            fresh = {**sheet, "id": _free(parts, ever)}
            parts.insert(len(parts) if place is None else place, fresh)
            return None, fresh, fresh["id"]
        for n, old in enumerate(parts):
            if str(old.get("id", "")) == part:
                parts[n] = sheet
                return old, sheet, part
        raise NotFound("草稿里没有这一项", todo_zh="可能已被别人删去，请回到草稿查看")

    return await _change(draft_id, section, part if not adding else None, revision, by, changed, sheet)


async def remove_part(draft_id: UUID, section: str, part: str, revision: int, by: UUID | None) -> Saved:
    """Take one part out; what it held stays in the list of changes."""

    def removed(sheets: Draft) -> tuple[Sheet | None, Sheet | None, str]:
        for n, old in enumerate(sheets.get(section, [])):
            if str(old.get("id", "")) == part:
                del sheets[section][n]
                return old, None, part
        raise NotFound("草稿里没有这一项", todo_zh="可能已被别人删去，请回到草稿查看")

    return await _change(draft_id, section, part, revision, by, removed, None)


async def move_part(draft_id: UUID, section: str, part: str, step: int, by: UUID | None) -> Saved:
    """Move a part up (−1) or down (1)."""
    words = "上移" if step < 0 else "下移"

    def moved(sheets: Draft) -> tuple[Sheet | None, Sheet | None, str]:
        parts = sheets.get(section, [])
        at = next((n for n, one in enumerate(parts) if str(one.get("id", "")) == part), -1)
        if at < 0:
            raise NotFound("草稿里没有这一项", todo_zh="可能已被别人删去，请回到草稿查看")
        to = min(max(at + step, 0), len(parts) - 1)
        parts.insert(to, parts.pop(at))
        return parts[to], parts[to], part

    return await _change(draft_id, section, None, None, by, moved, None, words=words)


async def replace(draft_id: UUID, sheets: Draft, words: str, by: UUID | None) -> Saved:
    """Put other content in the place of the whole draft (a file was read in)."""

    def replaced(old: Draft) -> tuple[Sheet | None, Sheet | None, str]:
        old.clear()
        old.update(sheets)
        return None, None, ""

    return await _change(draft_id, WHOLE, None, None, by, replaced, None, words=words)


async def discard(draft_id: UUID, by: UUID | None) -> DraftInfo:
    """Give the draft up; its content stays stored, it can no longer be opened."""
    async with joined():
        found = await locked(draft_id)
        await end(found, "discarded")
        record(
            Event.RULEBOOK_DRAFTED, ("rulebook_draft", draft_id), by=by, scheme=found.key, state="discarded"
        )
    return found


async def end(found: DraftInfo, state: str) -> None:
    """Mark the draft as published or discarded, inside the open transaction."""
    await execute(
        "update rulebook_draft set state = $3 where tenant_id = $1 and id = $2",
        current_tenant(),
        found.id,
        state,
    )


async def changes(draft_id: UUID, since: int = 0) -> list[Change]:
    """Every save after a revision, newest first."""
    rows = await fetch(_CHANGES, current_tenant(), draft_id, since)
    who = await names_of({row["by"] for row in rows if row["by"]})
    return [
        Change(
            row["revision"], row["section"], row["part"], row["words"], who.get(row["by"], "系统"), row["at"]
        )
        for row in rows
    ]


async def _change(
    draft_id: UUID,
    section: str,
    part: str | None,
    revision: int | None,
    by: UUID | None,
    act: Callable[[Draft], tuple[Sheet | None, Sheet | None, str]],
    mine: Sheet | None,
    *,
    words: str = "",
) -> Saved:
    """Lock the draft, see what others did since `revision`, act, tell."""
    async with joined():
        found = await locked(draft_id)
        others = [] if revision is None else await changes(draft_id, revision)
        same = ((WHOLE, ""), (section, part))
        if part is not None and any((one.section, one.part) in same for one in others):
            theirs = next((s for s in found.sheets.get(section, []) if str(s.get("id", "")) == part), None)
            if theirs != mine:
                raise Crossed(found, theirs, others)
        before, after, touched = act(found.sheets)
        said = words or change_said(section, before, after)
        if not said:
            return Saved(found, touched, others)
        saved = msgspec.structs.replace(found, revision=found.revision + 1)
        await execute(
            "update rulebook_draft set revision = $3, content = $4 where tenant_id = $1 and id = $2",
            current_tenant(),
            draft_id,
            saved.revision,
            _json(saved.sheets),
        )
        told: list[Any] = [draft_id, saved.revision, section, touched, said, _json(before), by, now()]
        await execute(_TOLD, current_tenant(), new_id(), *told)
    return Saved(saved, touched, others)


async def locked(draft_id: UUID) -> DraftInfo:
    """An open draft that stays as it is until commit. Raises NotFound."""
    await fetch_value(
        "select 1 from rulebook_draft where tenant_id = $1 and id = $2 for update", current_tenant(), draft_id
    )
    return await draft(draft_id)


def _free(parts: list[Sheet], ever: int) -> str:
    """An id that no part has or had (`ever`: the highest that was changed): forms may still be open on it."""
    return str(1 + max(ever, *(int(one["id"]) for one in parts)) if parts else 1 + ever)


def _json(value: object) -> str:
    return "" if value is None else msgspec.json.encode(value).decode()
