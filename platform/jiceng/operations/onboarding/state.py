"""What the database has of a tenant, as far as its onboarding folder speaks of it."""

import datetime as dt

import msgspec

from jiceng.accounts.queries import account_by_login
from jiceng.facts.queries import watermark
from jiceng.kernel.database import current_tenant, fetch, fetch_row, highest, tenant_scope
from jiceng.operations.schemas import State, TenantFile
from jiceng.schemes.queries import in_force
from jiceng.tenancy.queries import by_id, by_slug, enabled_plugins, setting

_ROWS = """
select (select count(*) from organization where tenant_id = $1),
       (select count(*) from unit where tenant_id = $1),
       (select count(*) from member where tenant_id = $1),
       (select count(*) from membership where tenant_id = $1),
       (select count(*) from post where tenant_id = $1)
"""


async def state_of(slug: str, file: TenantFile) -> State:
    """The state of the tenant with this slug; `State()` when there is none."""
    tenant = await by_slug(slug)
    if tenant is None:
        return State()
    parent = await by_id(tenant.parent) if tenant.parent else None
    with tenant_scope(tenant.id):
        return State(
            registry=(tenant.name, tenant.kind, parent.slug if parent else "", tenant.state),
            plugins=tuple(sorted(await enabled_plugins())),
            settings=await _settings(file),
            schemes=await _schemes(file),
            roster=await highest("roster"),
            rows=tuple(await fetch_row(_ROWS, current_tenant())),
            facts={key: await watermark(key) for key in sorted(file.schemes)},
            admin=file.admin is not None and await account_by_login(file.admin.login) is not None,
            onboarded=await _onboarded(),
        )


async def _settings(file: TenantFile) -> dict[str, str]:
    """The values now in force on the days the file names, as JSON; absent ones are left out."""
    found = {}
    for name, choice in sorted(file.settings.items()):
        value = await setting(name, dt.date.fromisoformat(choice.since))
        if value is not None:
            found[name] = msgspec.json.encode(value).decode()
    return found


async def _schemes(file: TenantFile) -> dict[str, str]:
    """The digest of every scheme's rulebook in force on the day the file names."""
    found = {}
    for key, choice in sorted(file.schemes.items()):
        version = await in_force(key, dt.date.fromisoformat(choice.since))
        if version is not None:
            found[key] = version.digest
    return found


async def _onboarded() -> dict[str, tuple[str, int]]:
    rows = await fetch(
        "select path, digest, version from onboarded_file where tenant_id = $1 order by path",
        current_tenant(),
    )
    return {row["path"]: (row["digest"], row["version"]) for row in rows}


async def applied_plan(slug: str) -> str:
    """The digest of the plan last applied to the tenant, or the empty string."""
    tenant = await by_slug(slug)
    if tenant is None:
        return ""
    with tenant_scope(tenant.id):
        row = await fetch_row(
            "select plan from onboarded_file where tenant_id = $1 order by applied_at desc limit 1",
            current_tenant(),
        )
    return row["plan"] if row else ""
