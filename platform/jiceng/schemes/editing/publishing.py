"""Publishing a draft, going back to an old version, rulebooks as files."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from jiceng.accounts.second_person import Act, guarded
from jiceng.kernel.audit import Event, record, record_now
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, execute, fetch_value, joined
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.typed import needed_day, single
from jiceng.schemes import queries
from jiceng.schemes.editing import drafts
from jiceng.schemes.editing.checking import Wrong, check
from jiceng.schemes.editing.objecting import objections
from jiceng.schemes.editing.roster_words import strangers
from jiceng.schemes.editing.sheet import draft_of
from jiceng.schemes.editing.starting import empty_draft
from jiceng.schemes.service import add_version, digest_of
from jiceng_sdk.faults import Faults, errors
from jiceng_sdk.rulebook import Rulebook, to_json, to_toml
from jiceng_sdk.rulebook.difference import difference
from jiceng_sdk.rulebook.reading import examine

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from jiceng.schemes.schemas import Version
    from jiceng_sdk.rulebook.difference.change import Change

LARGEST_FILE = 1024 * 1024
LONGEST_REASON = 500
_CLOSED = """
select title from period where tenant_id = $1 and state = 'closed' and last_day >= $2
order by last_day desc limit 1
"""


class Order(msgspec.Struct, frozen=True):
    """What the publish form sends: the day the rules hold from, why, and the revision that was looked at."""

    from_day: str = ""
    reason: str = ""
    revision: int = 0


class Unpublishable(Invalid):
    """The draft cannot be published; every fault with the field it is about. Nothing was published."""

    def __init__(self, draft: drafts.DraftInfo, wrongs: tuple[Wrong, ...]) -> None:
        self.draft, self.wrongs = draft, wrongs
        super().__init__([wrong.zh for wrong in wrongs], f"有 {len(wrongs)} 处要先改正，没有发布")


async def publish(draft_id: UUID, order: Order, by: UUID | None) -> Version:
    """Make the draft the scheme's next version, at once or as soon as a second person approves.

    Raises as `_publish`, and Awaiting where the tenant wants a second person.
    """
    if not order.revision:
        order = msgspec.structs.replace(order, revision=(await drafts.draft(draft_id)).revision)
    title, told = await _named(draft_id), {"draft": draft_id, "order": order}
    async with guarded(Act.PUBLISH_RULES, str(draft_id), title, told, order.reason, by):
        return await _publish(draft_id, order, by)


async def _named(draft_id: UUID) -> str:
    found = await drafts.draft(draft_id)
    return f"{found.title} 第 {found.number} 版草稿"


async def publish_approved(told: Mapping[str, Any], by: UUID) -> None:
    """Publish what a second person approved; raises as `_publish`, Conflict when the draft changed since."""
    await publish(UUID(told["draft"]), msgspec.convert(told["order"], Order), by)


async def _publish(draft_id: UUID, order: Order, by: UUID | None) -> Version:
    """Make the draft the scheme's next version; it is never edited afterwards.

    Raises Unpublishable with all faults and what the burden check refuses, Invalid for the day or the reason,
    Conflict when somebody saved the draft since it was looked at, or nothing differs from what is in force.
    """
    day, reason = single(needed_day, order.from_day, "生效日期", "没有发布"), order.reason.strip()
    async with joined():
        await _lock((await drafts.draft(draft_id)).scheme)
        found = await drafts.locked(draft_id)  # nobody saves into it any more
        if order.revision and order.revision != found.revision:
            raise Conflict(
                "草稿刚被别人改过，没有发布",
                todo_zh="请看一遍新的内容，再按发布",
                where=f"第 {found.number} 版",
            )
        checked = check(found.sheets)
        if checked.errors or checked.book is None:
            raise Unpublishable(found, checked.errors)
        await _refuse_a_bad_day(day, reason)
        if words := await strangers(checked.book, today()):
            raise Invalid(words, "名册里有选项以外的词，这样的规则算不了，没有发布", where="填报资料")
        if words := await objections(found.key, checked.book, day):
            raise Invalid(words, "已有的事实用不了这样的规则，没有发布", where="填报资料")
        content = to_json(checked.book)
        current = await queries.in_force(found.key, day)
        if current is not None and current.digest == digest_of(content):
            raise Conflict("与现行规则完全一样，没有发布", todo_zh="没有改动就不用发布，可以放弃草稿")
        await _same_subject(found, checked.book)
        await add_version(found.scheme, content, day, reason, by)
        await drafts.end(found, "published")
        version = await _newest(found)
        record(Event.RULEBOOK_PUBLISHED, ("rulebook_version", version.id), scheme=found.key, day=day)
    return version


async def restore(key: str, number: int, by: UUID | None) -> UUID:
    """Open a draft that holds an old version; publishing it brings the old rules back.

    Raises NotFound, Conflict when a draft is open.
    """
    scheme = await queries.scheme(key)
    version = await version_numbered(key, number)
    return await drafts.open_draft(scheme.id, await queries.book_of(version.id), version.id, by)


async def revise(key: str, by: UUID | None) -> UUID:
    """The scheme's open draft, or a new one of the version in force (else the newest). Raises NotFound."""
    scheme = await queries.scheme(key)
    found = await drafts.open_draft_of(key)
    if found is not None:
        return found
    version = await queries.in_force(key, today()) or next(iter(await queries.versions(key)), None)
    if version is None:
        return await drafts.open_draft(scheme.id, empty_draft(scheme.title, scheme.subject, ""), None, by)
    return await drafts.open_draft(scheme.id, await queries.book_of(version.id), version.id, by)


async def compared(key: str, older: int, newer: int) -> tuple[Version, Version, tuple[Change, ...]]:
    """What changed from one version to another, in words. Raises NotFound."""
    one, other = await version_numbered(key, older), await version_numbered(key, newer)
    return one, other, difference(await queries.book_of(one.id), await queries.book_of(other.id))


async def version_as_toml(key: str, number: int) -> str:
    """A version as a TOML text to be taken out, which the log tells. Raises NotFound."""
    version = await version_numbered(key, number)
    await record_now(Event.EXPORTED, ("rulebook_version", version.id), scheme=key, format="toml")
    return to_toml(await queries.book_of(version.id))


async def draft_as_toml(draft_id: UUID) -> str:
    """A draft as a TOML text to be taken out, which the log tells. Raises Invalid, NotFound."""
    text = to_toml(await drafts.book_of_draft(draft_id))
    await record_now(Event.EXPORTED, ("rulebook_draft", draft_id), format="toml")
    return text


def rulebook_in(data: bytes, name: str) -> Rulebook:
    """The rulebook in an uploaded file. Raises Invalid with every fault and its line."""
    if len(data) > LARGEST_FILE:
        raise Invalid([f"文件太大：最多 {LARGEST_FILE // 1024} KB"], "文件没有读入", where=name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(["文件不是 UTF-8 编码的文本"], "文件没有读入", where=name) from error
    try:
        found = examine(text, name)
    except Faults as error:
        raise Invalid(error.faults, "文件没有读入", where=name) from error
    if found.book is None or errors(found.faults):
        wrongs = [f"第 {fault.line} 行：{fault.zh}" for fault in errors(found.faults)]
        raise Invalid(wrongs, f"文件有 {len(wrongs)} 处错误，没有读入", where=name)
    return found.book


async def read_in(key: str, data: bytes, name: str, by: UUID | None) -> UUID:
    """Put a rulebook file into the scheme's draft, opening one when there is none; the draft's id.

    Raises Invalid with every fault, NotFound.
    """
    book = await asyncio.to_thread(rulebook_in, data, name)  # a large one takes seconds
    scheme = await queries.scheme(key)
    async with joined():
        draft_id = await drafts.open_draft_of(key)
        if draft_id is None:
            return await drafts.open_draft(scheme.id, book, None, by)
        await drafts.replace(draft_id, draft_of(book), f"用文件“{name}”替换全部内容", by)
    return draft_id


async def _refuse_a_bad_day(day: date, reason: str) -> None:
    """Rules may not be put under a period that is closed: it keeps the rules it was scored by."""
    if not reason:
        raise Invalid(["请写发布理由，例如 部务会议定"], "没有发布", where="发布理由")
    if len(reason) > LONGEST_REASON:
        raise Invalid([f"发布理由最多 {LONGEST_REASON} 字"], "没有发布", where="发布理由")
    if abs(day.year - today().year) > 20:  # noqa: PLR2004 - a slip of the keyboard, not a plan
        raise Invalid(["生效日期离今天太远，请核对年份"], "没有发布", where="生效日期")
    closed: str | None = await fetch_value(_CLOSED, current_tenant(), day)
    if closed is not None:
        raise Invalid(
            [f"“{closed}”已经关闭，它的结果按原来的规则计算；请把生效日期改到它之后"],
            "没有发布",
            where="生效日期",
        )


async def _lock(scheme: UUID) -> None:
    await fetch_value(
        "select 1 from scheme where tenant_id = $1 and id = $2 for update", current_tenant(), scheme
    )


async def _same_subject(found: drafts.DraftInfo, book: Rulebook) -> None:
    versions = await queries.versions(found.key)
    if versions:
        before = (await queries.book_of(versions[0].id)).subject
        if before != book.subject:
            raise Conflict("评价对象与以前的版本不同", todo_zh="评价对象不同时请另建一个方案")
    await execute(
        "update scheme set title = $3, subject = $4 where tenant_id = $1 and id = $2",
        current_tenant(),
        found.scheme,
        book.title or found.title,
        book.subject,
    )


async def _newest(found: drafts.DraftInfo) -> Version:
    return (await queries.versions(found.key))[0]


async def version_numbered(key: str, number: int) -> Version:
    """A version by its number. Raises NotFound."""
    for version in await queries.versions(key):
        if version.number == number:
            return version
    raise NotFound("没有这个规则版本")
