"""Reads of the registry (no tenant needed) and of a tenant's plugins and settings (inside its scope)."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from jiceng.kernel.clock import CHINA, today
from jiceng.kernel.database import (
    current_tenant,
    fetch,
    fetch_row,
    fetch_value,
    operator_transaction,
    tenant_scope,
)
from jiceng.tenancy.schemas import TIME_ZONE, TenantInfo

_REGISTRY = "select id, slug, name, kind, parent, state from tenant"
_WITH_PLUGINS = """
select array(select p.name from tenant_plugin p where p.tenant_id = $2 and p.enabled) as plugins,
  id, slug, name, kind, parent, state
from tenant where slug = $1 and id = $2
"""


async def by_slug(slug: str) -> TenantInfo | None:
    """Return the tenant with this short name, or None."""
    row = await fetch_row(f"{_REGISTRY} where slug = $1", slug)
    return None if row is None else TenantInfo(**row)


async def with_plugins(slug: str) -> tuple[TenantInfo, frozenset[str]] | None:
    """Return the current tenant and the names of its plugins at once; None: another has that name."""
    row = await fetch_row(_WITH_PLUGINS, slug, current_tenant())
    if row is None:
        return None
    plugins, *columns = row.values()
    return TenantInfo(*columns), frozenset(plugins)


async def by_id(tenant_id: int) -> TenantInfo | None:
    """Return the tenant with this id, or None."""
    row = await fetch_row(f"{_REGISTRY} where id = $1", tenant_id)
    return None if row is None else TenantInfo(**row)


async def all_tenants() -> list[TenantInfo]:
    """Return every tenant by id."""
    return [TenantInfo(**row) for row in await fetch(f"{_REGISTRY} order by id")]


async def enabled_plugins() -> frozenset[str]:
    """Return the names of the plugins the current tenant has turned on."""
    rows = await fetch("select name from tenant_plugin where tenant_id=$1 and enabled", current_tenant())
    return frozenset(row["name"] for row in rows)


async def plugins_by_tenant() -> dict[str, tuple[str, ...]]:
    """Return every tenant's enabled plugins by slug; asked once, when the service starts."""
    found = {}
    for tenant in await all_tenants():
        with tenant_scope(tenant.id):
            found[tenant.slug] = tuple(sorted(await enabled_plugins()))
    return found


async def setting(name: str, at: date | None = None) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of the current tenant's setting in force on day `at` (today by default), or None."""
    text: str | None = await fetch_value(
        "select value::text from tenant_setting where tenant_id = $1 and name = $2 and valid_from <= $3"
        " order by valid_from desc limit 1",
        current_tenant(),
        name,
        at or today(),
    )
    return None if text is None else msgspec.json.decode(text)


async def summaries() -> dict[int, dict[str, int]]:
    """Return each tenant's counts by topic, as the operator; numbers only."""
    async with operator_transaction() as opened:
        rows = await opened.connection.fetch("select tenant_id, topic, amount from tenant_summary")
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["tenant_id"], {})[row["topic"]] = row["amount"]
    return found


async def time_zone() -> ZoneInfo:
    """Return the current tenant's time zone: its setting `time_zone` (an IANA name), China's without one."""
    name = await setting(TIME_ZONE)
    return ZoneInfo(name) if isinstance(name, str) and name in available_timezones() else CHINA
