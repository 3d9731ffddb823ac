"""Reads of schemes: what the tenant has, versions of a rulebook, the one in force, periods."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jiceng.kernel.database import current_tenant, fetch, fetch_row, fetch_value
from jiceng.kernel.errors import NotFound
from jiceng.schemes import host
from jiceng.schemes.schemas import InForce, PeriodInfo, SchemeInfo, Version
from jiceng.tenancy.queries import enabled_plugins
from jiceng_sdk.rulebook import Rulebook, from_json

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID

_SCHEMES = """
select id, key, plugin, preset, title, subject from scheme
where tenant_id = $1 and enabled order by key
"""
_VERSIONS = """
select v.id, s.key, v.number, v.digest, v.state, v.in_force_from, v.reason, v.created_at
from rulebook_version v join scheme s on s.tenant_id = v.tenant_id and s.id = v.scheme
where v.tenant_id = $1 and s.key = $2 order by v.number desc
"""
_IN_FORCE = """
select v.id, s.key, v.number, v.digest, v.state, v.in_force_from, v.reason, v.created_at
from rulebook_version v join scheme s on s.tenant_id = v.tenant_id and s.id = v.scheme
where v.tenant_id = $1 and s.key = $2 and v.state = 'published' and v.in_force_from <= $3
order by v.in_force_from desc, v.number desc limit 1
"""
_PERIODS = """
select id, kind, first_day, last_day, title, state from period
where tenant_id = $1 order by first_day desc, kind
"""


async def schemes() -> list[SchemeInfo]:
    """The tenant's schemes, by key; those of a plugin switched off are there and not `available`."""
    on = await enabled_plugins()
    return [_scheme(row, on) for row in await fetch(_SCHEMES, current_tenant())]


async def scheme(key: str) -> SchemeInfo:
    """One scheme that can be used now.

    Raises NotFound when the tenant has no such scheme or its plugin is switched off: both look the same.
    """
    found = next((one for one in await schemes() if one.key == key), None)
    if found is None or not found.available:
        raise NotFound("没有这个方案", where=key, todo_zh="请在方案页查看已启用的方案")
    return found


async def versions(key: str) -> list[Version]:
    """Every version of the scheme's rulebook, newest first."""
    return [Version(*row) for row in await fetch(_VERSIONS, current_tenant(), key)]


async def in_force(key: str, on: date) -> Version | None:
    """The published version in force on a day, or None."""
    row = await fetch_row(_IN_FORCE, current_tenant(), key, on)
    return None if row is None else Version(*row)


async def book_of(version: UUID) -> Rulebook:
    """The rulebook of a version; raises as `book_text`. The last few are kept, by their text."""
    return _book(await book_text(version))


async def book_text(version: UUID) -> str:
    """The rulebook of a version as the JSON its digest is of.

    Raises NotFound when the tenant has no such version.
    """
    text: str | None = await fetch_value(
        "select book from rulebook_version where tenant_id = $1 and id = $2", current_tenant(), version
    )
    if text is None:
        raise NotFound("没有这个规则版本", where=str(version))
    return text


async def rulebook_for(key: str, last_day: date) -> InForce:
    """The rulebook for a period: the one in force on the period's last day.

    Raises NotFound when none is in force by then.
    """
    version = await in_force(key, last_day)
    if version is None:
        raise NotFound("这个期间没有生效的规则", where=f"{key}，{last_day}", todo_zh="请先发布一个规则版本")
    return InForce(version, await book_of(version.id))


async def periods() -> list[PeriodInfo]:
    """The tenant's periods, newest first."""
    return [PeriodInfo(*row) for row in await fetch(_PERIODS, current_tenant())]


@lru_cache(maxsize=32)
def _book(text: str) -> Rulebook:
    return from_json(text.encode())


def _scheme(row: Any, on: Collection[str]) -> SchemeInfo:  # noqa: ANN401 - a database row
    key, plugin = row["key"], row["plugin"]
    offered = host.offer(key)
    available = not plugin or (plugin in on and offered is not None)
    return SchemeInfo(row["id"], key, plugin, row["preset"], row["title"], row["subject"], available)
