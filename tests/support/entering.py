"""What the route matrix sends to the pages of accounts, tokens, imports and runs, and of the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.world import one_more_member

from jiceng.facts.imports.listing import begun
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import execute, fetch_value, tenant_scope, transaction
from jiceng.roster.sealing import PHONE
from jiceng.roster.service import apply_roster, preview_roster

if TYPE_CHECKING:
    from jiceng.tenancy.schemas import TenantInfo

BROUGHT_FACTS = "/t/{tenant:str}/facts/imports/{workbook:uuid}"
UNDO_FACTS = f"{BROUGHT_FACTS}/undo"
UNDO, FIND = "/t/{tenant:str}/imports/{brought:uuid}/undo", "/t/{tenant:str}/members/find"
NUMBER = "13900000000"
FORMS: dict[str, dict[str, str]] = {
    "/t/{tenant:str}/import/{upload_id:uuid}/titles": {"table": "member", "title": "代号", "field": ""},
    UNDO: {"reason": "传错了"},
    UNDO_FACTS: {"reason": "传错了月份"},
    "/language": {"to": "zh", "back": "/"},
    "/t/{tenant:str}/language": {"to": "zh", "back": "/"},
    "/t/{tenant:str}/find": {"page_": "members", "name": "林", "category": "社区"},
    "/t/{tenant:str}/members/optional": {"fields": ""},
    FIND: {"number": NUMBER},
    "/t/{tenant:str}/members/{member:uuid}/label": {"level": "0", "reason": "核对"},
    "/t/{tenant:str}/accounts": {"login": "new", "name": "新人", "role": "unassigned"},
    "/t/{tenant:str}/accounts/{account:uuid}/role": {"role": "viewer", "scope": "all"},
    "/t/{tenant:str}/security": {"policy": "asvs", "admins_prove": "no", "lockout": "15"},
    "/t/{tenant:str}/tokens": {"name": "对接程序", "scopes": "view_runs", "days": "30"},
    "/t/{tenant:str}/runs": {
        "scheme": "points",
        "day": "2026-06-30",
    },  # ruling_pages.prepared sees to it that no request before this one has opened it
}
FILES = {
    "/t/{tenant:str}/import": "roster.xlsx",
    "/t/{tenant:str}/facts/import/{key:str}": "facts/points.xlsx",
    "/t/{tenant:str}/attachments/{subject:uuid}": "roster.xlsx",
}
ANSWERED: dict[str, set[int]] = {
    FIND: {404},  # who may not read telephone numbers finds nobody by them
    UNDO: {409},  # the one before took it back; what the tenant began with has everything built on it
    UNDO_FACTS: {404},  # who does not see the whole tenant takes back his own only
    f"GET {BROUGHT_FACTS}": {404},  # likewise
    "/t/{tenant:str}/tokens": {422},  # the security administrator has no permission that a token may have
    "/t/{tenant:str}/accounts/{account:uuid}/enable": {409},  # the one before enabled it
}
"""Forms whose content is refused here; that they are answered at all is what counts."""
NO_ID = {"tenant", "rest", "file_path", "key"}
FIXED = {"rest": "api/user/", "file_path": "console.css"}
_OLDEST = "select id from member where tenant_id = $1 order by number limit 1"
_CALLED = "update member set phone = $3, phone_index = $4 where tenant_id = $1 and id = $2"
_brought: dict[int, str] = {}


async def values(tenant: TenantInfo) -> dict[str, str]:
    """No roster was brought in yet, to be taken back; a workbook of facts was."""
    _brought.pop(tenant.id, None)
    return {"workbook": await _workbook(tenant)}


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """Somebody with the telephone number that is asked for; an import nothing was built on."""
    with tenant_scope(tenant.id):
        if path == FIND:
            member, keys = await fetch_value(_OLDEST, tenant.id), await keyring()
            sealed = keys.seal(PHONE, member, NUMBER)
            await execute(_CALLED, tenant.id, member, sealed, keys.blind(PHONE, NUMBER))
        if path == UNDO and tenant.id not in _brought:
            preview = await preview_roster(await one_more_member(tenant), "更多党员.xlsx")
            _brought[tenant.id] = str(await apply_roster(preview))
    if path == UNDO_FACTS:
        return {"workbook": await _workbook(tenant)}
    return {"brought": _brought[tenant.id]} if path == UNDO else {}


async def _workbook(tenant: TenantInfo) -> str:
    with tenant_scope(tenant.id):
        async with transaction():
            return str(await begun("points", "认领.xlsx", None))
