"""What may be done with schemes: put a version in force."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch_row, fetch_value, joined
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.schemes import host, queries
from jiceng.tenancy.queries import enabled_plugins
from jiceng_sdk.faults import Faults
from jiceng_sdk.rulebook import Rulebook, read_rulebook, to_json

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from jiceng.schemes.schemas import Version

_ADD_SCHEME = """
insert into scheme (tenant_id, id, key, plugin, preset, title, subject, enabled, created_at)
values ($1, $2, $3, $4, $5, $6, $7, true, $8)
on conflict (tenant_id, key) do update set preset = excluded.preset, title = excluded.title, enabled = true
returning id, subject
"""
_ADD_VERSION = """
insert into rulebook_version
(tenant_id, id, scheme, number, book, digest, state, in_force_from, reason, by, created_at)
values ($1, $2, $3, $4, $5, $6, 'published', $7, $8, $9, $10)
"""


def wanted_book(key: str, preset: str = "", toml: str | None = None) -> Rulebook:
    """The rulebook that `adopt` would put in force: the tenant's own text, or the plugin's with a preset.

    Raises Invalid with every fault of the text, NotFound for an unknown scheme or preset.
    """
    if toml is not None:
        try:
            return read_rulebook(toml, f"{key}.toml")
        except Faults as found:
            raise Invalid(found.faults, "规则有错误，没有保存", where=f"{key}.toml") from found
    offered = host.offer(key)
    if offered is None:
        raise NotFound("没有提供这个方案的插件", where=key, todo_zh="请安装并启用提供它的插件")
    if preset and preset not in offered.scheme.presets:
        known = "、".join(offered.scheme.presets) or "无"
        raise NotFound("没有这个预设", where=f"{key}：{preset}", todo_zh=f"可用的预设：{known}")
    return offered.scheme.book_for(preset)


def wanted_digest(key: str, preset: str = "", toml: str | None = None) -> str:
    """The digest that the version adopted from these would have; as `wanted_book`, nothing is saved."""
    return digest_of(to_json(wanted_book(key, preset, toml)))


async def adopt(
    key: str,
    *,
    preset: str = "",
    toml: str | None = None,
    in_force_from: date,
    reason: str,
    by: UUID | None = None,
) -> Version:
    """Put a rulebook in force from a day; nothing happens when the one in force then is the same.

    Raises Invalid with every fault, NotFound for an unknown or switched-off plugin, Conflict when the scheme
    rates other subjects than before.
    """
    content = to_json(book := wanted_book(key, preset, toml))
    async with joined():
        plugin = await _plugin_for(key, own=toml is not None)
        scheme = await _scheme_row(key, plugin, preset, book)
        current = await queries.in_force(key, in_force_from)
        if current is not None and current.digest == digest_of(content):
            return current
        await add_version(scheme, content, in_force_from, reason, by)
        published = await queries.in_force(key, in_force_from)
        version = published.id if published else None
        record(Event.RULEBOOK_PUBLISHED, ("rulebook_version", version), scheme=key, day=in_force_from)
    if published is None:
        raise RuntimeError("a version just published is not in force")
    return published


async def _plugin_for(key: str, *, own: bool) -> str:
    """The plugin that offers the scheme; empty for a scheme that the tenant wrote itself."""
    offered = host.offer(key)
    if offered is None:
        if own:
            return ""
        raise NotFound("没有提供这个方案的插件", where=key)
    if offered.plugin not in await enabled_plugins():
        raise NotFound("插件没有为本单位启用", where=offered.plugin, todo_zh="请先启用插件，再启用方案")
    return offered.plugin


async def _scheme_row(key: str, plugin: str, preset: str, book: Rulebook) -> UUID:
    row = await fetch_row(
        _ADD_SCHEME, current_tenant(), new_id(), key, plugin, preset, book.title or key, book.subject, now()
    )
    if row["subject"] != book.subject:
        raise Conflict(
            f"这个方案评的是 {row['subject']}，新规则评的是 {book.subject}",
            where=key,
            todo_zh="评价对象不同时请另建一个方案",
        )
    scheme: UUID = row["id"]
    return scheme


async def add_version(
    scheme: UUID, content: bytes, in_force_from: date, reason: str, by: UUID | None
) -> None:
    """Publish the content (JSON of a rulebook) as the scheme's next version, inside the open transaction."""
    last = await fetch_value(
        "select coalesce(max(number), 0) from rulebook_version where tenant_id = $1 and scheme = $2",
        current_tenant(),
        scheme,
    )
    await execute(
        _ADD_VERSION,
        current_tenant(),
        new_id(),
        scheme,
        last + 1,
        content.decode(),
        digest_of(content),
        in_force_from,
        reason,
        by,
        now(),
    )


def digest_of(content: bytes) -> str:
    """The sha256 of a version's content, in hex."""
    return hashlib.sha256(content).hexdigest()
