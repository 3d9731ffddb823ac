"""What may be done with tenants: create, rename, suspend; turn plugins on and off; set a dated setting."""

import re
from datetime import date
from typing import Any
from zoneinfo import available_timezones

import asyncpg
import msgspec

from jiceng.kernel.audit import Event, record, record_here
from jiceng.kernel.clock import now
from jiceng.kernel.database import (
    current_tenant,
    execute,
    fetch_row,
    in_transaction,
    joined,
    operator_transaction,
    tenant_scope,
)
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.tenancy.queries import by_id, by_slug
from jiceng.tenancy.schemas import BOUNDS, CHOICES, FLAGS, TIME_ZONE, TenantInfo
from jiceng.tenancy.tables import KINDS, STATES

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_SLUG = 40
# Ids stay small and are never reused: nothing deletes from the registry, and a lock makes max() safe.
_CREATE = """
insert into tenant (id, slug, name, kind, parent, state, created_at)
values ((select coalesce(max(id), 0) + 1 from tenant), $1, $2, $3, $4, 'active', $5)
returning id, slug, name, kind, parent, state
"""
_CHANGE = """
update tenant set name = $2, kind = $3, parent = $4, state = $5 where slug = $1
"""
_SET_PLUGIN = """
insert into tenant_plugin (tenant_id, id, name, enabled, changed_at) values ($1, $2, $3, $4, $5)
on conflict (tenant_id, name) do update set enabled = excluded.enabled, changed_at = excluded.changed_at
where tenant_plugin.enabled <> excluded.enabled
"""
_SET_SETTING = """
insert into tenant_setting (tenant_id, id, name, valid_from, value) values ($1, $2, $3, $4, $5::jsonb)
on conflict (tenant_id, name, valid_from) do update set value = excluded.value
"""
_COUNT = """
insert into tenant_summary (tenant_id, id, topic, amount, counted_at) values ($1, $2, $3, $4, $5)
on conflict (tenant_id, topic) do update set amount = excluded.amount, counted_at = excluded.counted_at
"""


async def create_tenant(slug: str, name: str, kind: str, parent: int | str | None = None) -> TenantInfo:
    """Enter a tenant into the registry, as the operator; `parent` is an id or a slug.

    Raises:
        Invalid: with every fault of the input. Conflict: the slug is taken.
    """
    faults = faults_in(slug, name, kind)
    if faults:
        raise Invalid(faults, where=slug)
    async with operator_transaction():
        await execute("lock table tenant in share row exclusive mode")
        parent_id = await _parent_id(parent)
        try:
            row = await fetch_row(_CREATE, slug, name.strip(), kind, parent_id, now())
        except asyncpg.UniqueViolationError as error:
            raise Conflict(
                "已有同名标识的租户", slug, "请换一个标识", what_en="a tenant with this slug exists"
            ) from error
        made = TenantInfo(**row)
        await _tell(Event.TENANT_CREATED, made.id)
    return made


async def change_tenant(
    slug: str, *, name: str, kind: str, parent: int | str | None, state: str = "active"
) -> TenantInfo:
    """Change what the registry says about a tenant, as the operator.

    Raises:
        NotFound, Invalid: with every fault of the input.
    """
    faults = faults_in(slug, name, kind)
    if state not in STATES:
        faults.append(f"状态只能是 {'、'.join(STATES)}，而不是“{state}”")
    if faults:
        raise Invalid(faults, where=slug)
    before = await by_slug(slug)
    if before is None:
        raise NotFound("没有这个租户", slug)
    wanted = TenantInfo(before.id, slug, name.strip(), kind, await _parent_id(parent), state)
    if wanted == before:
        return before
    async with operator_transaction():
        await execute(_CHANGE, *(slug, wanted.name, kind, wanted.parent, state))
        await _tell(Event.TENANT_CHANGED, before.id, state=state)
    return wanted


async def _tell(event: Event, tenant: int, *, state: str | None = None) -> None:
    """Tell the tenant's log of a change in the registry, in the operator's own transaction (control 21)."""
    await in_transaction().enter(tenant)
    with tenant_scope(tenant):
        await record_here(event, ("tenant", tenant), state=state)


async def set_plugin(name: str, on: bool) -> None:
    """Turn a plugin on or off for the current tenant."""
    async with joined():
        if await execute(_SET_PLUGIN, current_tenant(), new_id(), name, on, now()):
            record(Event.PLUGIN_SWITCHED, ("plugin", name), on=on)


async def set_setting(name: str, value: Any, valid_from: date) -> None:  # noqa: ANN401 - any JSON value
    """Let a setting of the current tenant have `value` from a day on; Invalid when it may not have it."""
    if faults := setting_faults(name, value):
        raise Invalid(faults, where=name)
    text = msgspec.json.encode(value).decode()
    async with joined():
        await execute(_SET_SETTING, current_tenant(), new_id(), name, valid_from, text)
        record(Event.SETTING_CHANGED, ("setting", name), day=valid_from)


async def count_for_overview(topic: str, amount: int) -> None:
    """Write one count of the current tenant for the operator's overview."""
    await execute(_COUNT, current_tenant(), new_id(), topic, amount, now())


async def _parent_id(parent: int | str | None) -> int | None:
    if parent is None:
        return None
    known = by_id(parent) if isinstance(parent, int) else by_slug(parent)
    found = await known
    if found is None:
        raise Invalid([f"没有上级租户“{parent}”"], where="parent")
    return found.id


def faults_in(slug: str, name: str, kind: str) -> list[str]:
    """What is wrong with what the registry would say of a tenant."""
    faults = []
    if not _SLUG.fullmatch(slug) or len(slug) > _LONGEST_SLUG:
        faults.append(
            f"标识“{slug}”只能由小写字母、数字和连字符组成，以字母开头，不超过 {_LONGEST_SLUG} 个字符"
        )
    if not name.strip():
        faults.append("名称不能为空")
    if kind not in KINDS:
        faults.append(f"类别“{kind}”不在 {'、'.join(KINDS)} 之中")
    return faults


def setting_faults(name: str, value: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    """Why a setting may not have this value; every request reads some of them, and none could be served."""
    number = isinstance(value, int) and not isinstance(value, bool)
    if name in BOUNDS:
        least, most = BOUNDS[name]
        return [] if number and least <= value <= most else [f"设置“{name}”应为 {least} 至 {most} 的整数"]
    if name in FLAGS and not isinstance(value, bool):
        return [f"设置“{name}”应为 true 或 false"]
    if name in CHOICES and value not in CHOICES[name]:
        return [f"设置“{name}”应为 {'、'.join(CHOICES[name])} 之一"]
    if name == TIME_ZONE and value not in available_timezones():
        return [f"设置“{name}”应为时区的名称，如 Asia/Shanghai"]
    return []
