"""The scheme centre: what can be enabled, enabling with a preset, a scheme of one's own, switching off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_value, joined
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.schemes import host, queries
from jiceng.schemes.editing import drafts
from jiceng.schemes.editing.starting import LONGEST_TITLE, empty_draft
from jiceng.schemes.service import wanted_book
from jiceng.tenancy.queries import enabled_plugins
from jiceng.tenancy.service import set_plugin

if TYPE_CHECKING:
    from uuid import UUID

_ADD = """
insert into scheme (tenant_id, id, key, plugin, preset, title, subject, enabled, created_at)
values ($1, $2, $3, $4, $5, $6, $7, true, $8)
on conflict (tenant_id, key) do update set enabled = true returning id
"""


class Choice(msgspec.Struct, frozen=True):
    """A scheme that an installed plugin offers and the tenant does not use yet, with its presets.

    `switches_on`: the plugin that enabling it also switches on, "" when it is on already.
    """

    key: str
    title: str
    subject: str
    basis: str
    presets: tuple[tuple[str, str, str], ...]
    switches_on: str


class Off(msgspec.Struct, frozen=True):
    """A scheme of the tenant that is switched off."""

    key: str
    title: str


class NewForm(msgspec.Struct, frozen=True):
    """What the form for a scheme of one's own sends."""

    title: str = ""
    subject: str = "member"
    grades: str = ""


async def choices() -> list[Choice]:
    """What can be enabled: every scheme of the installed plugins that the tenant never had."""
    on = await enabled_plugins()
    had = {row["key"] for row in await fetch("select key from scheme where tenant_id = $1", current_tenant())}
    return [
        Choice(
            scheme.card.id,
            scheme.card.title,
            scheme.book.subject,
            scheme.card.basis,
            tuple((name, preset.title, preset.note) for name, preset in scheme.presets.items()),
            "" if plugin.name in on else plugin.name,
        )
        for plugin in host.installed().values()
        for scheme in plugin.schemes
        if scheme.card.id not in had
    ]


async def switched_off() -> list[Off]:
    """The tenant's schemes that are switched off, by title."""
    rows = await fetch(
        "select key, title from scheme where tenant_id = $1 and not enabled order by title", current_tenant()
    )
    return [Off(row["key"], row["title"]) for row in rows]


async def enable(key: str, preset: str, by: UUID | None) -> UUID | None:
    """Use a scheme, starting with a preset: opens its first draft and gives that draft's id.

    A scheme that was switched off is used again as it was (None). Raises NotFound.
    """
    async with joined():
        known = await fetch_value(
            "select id from scheme where tenant_id = $1 and key = $2", current_tenant(), key
        )
        if known is not None:
            await _switch(key, by, on=True)
            return None
        offered = host.offer(key)
        if offered is None:
            raise NotFound("没有提供这个方案的插件")
        if offered.plugin not in await enabled_plugins():
            await set_plugin(offered.plugin, on=True)
            record(Event.PLUGIN_SWITCHED, ("plugin", offered.plugin), by=by, on=True)
        book = wanted_book(key, preset)
        scheme = await _add(key, offered.plugin, preset, book.title or key, book.subject)
        return await drafts.open_draft(scheme, book, None, by)


async def disable(key: str, by: UUID | None) -> None:
    """Stop using a scheme: it leaves the lists; versions, facts and results stay. Raises NotFound."""
    async with joined():
        if (
            await fetch_value(
                "select 1 from scheme where tenant_id = $1 and key = $2 and enabled", current_tenant(), key
            )
            is None
        ):
            raise NotFound("没有这个方案")
        await _switch(key, by, on=False)


async def start(form: NewForm, by: UUID | None) -> tuple[str, UUID]:
    """A scheme the tenant writes itself, with an empty draft: its key and the draft's id. Raises Invalid."""
    title = form.title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid([f"请写办法名称，最多 {LONGEST_TITLE} 个字"], "没有新建", where="办法名称")
    if form.subject not in {"member", "organization", "enterprise"}:
        raise Invalid(["请选评价对象"], "没有新建", where="评价对象")
    async with joined():
        if any(scheme.title == title for scheme in await queries.schemes()):
            raise Conflict("已有同名的方案", where=title, todo_zh="请换一个名称，或者修改那个方案")
        key = await _free_key()
        scheme = await _add(key, "", "", title, form.subject)
        sheets = empty_draft(title, form.subject, form.grades)
        return key, await drafts.open_draft(scheme, sheets, None, by)


async def _free_key() -> str:
    taken = await fetch_value(
        "select count(*) from scheme where tenant_id = $1 and plugin = ''", current_tenant()
    )
    return f"own_{taken + 1}_{new_id().hex[-6:]}"


async def _add(key: str, plugin: str, preset: str, title: str, subject: str) -> UUID:
    scheme: UUID = await fetch_value(
        _ADD, current_tenant(), new_id(), key, plugin, preset, title, subject, now()
    )
    return scheme


async def _switch(key: str, by: UUID | None, *, on: bool) -> None:
    switching = "update scheme set enabled = $3 where tenant_id = $1 and key = $2 and enabled <> $3"
    if await execute(switching, current_tenant(), key, on):
        record(Event.SETTING_CHANGED, ("scheme", key), by=by, scheme=key, on=on)
