"""What the tests of every route send to the pages that bring a workbook of projects in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.project_books import project_book
from tests.support.sample_files import pieces

from jiceng.kernel.database import fetch, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng_project_ledger.sheets import columns, uploading

if TYPE_CHECKING:
    from jiceng.tenancy.schemas import TenantInfo

_P = "/t/{tenant:str}/project-ledger/import"
_UPLOAD = f"{_P}/{{ledger_upload:uuid}}"
FILES = {_P: "roster.xlsx"}
_OWNER = """
select o.number from organization o join organization_state s on s.tenant_id = $1 and s.organization = o.id
where o.tenant_id = $1 and s.parent is not null and s.until is null order by o.id limit 1
"""
_OTHERS = """
select m.number from member m join membership b on b.tenant_id = $1 and b.member = m.id and b.until is null
join organization o on o.tenant_id = $1 and o.id = b.organization
where m.tenant_id = $1 and o.number <> $2 order by m.number limit 3
"""


async def values(tenant: TenantInfo) -> dict[str, str]:
    """A workbook that waits to be brought in, with numbers nobody has here."""
    return await _kept(tenant, project_book())


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """A workbook that can be brought in: its project is new for the first who does so."""
    if path != _UPLOAD:
        return {}
    with tenant_scope(tenant.id):
        owner = await fetch_value(_OWNER, tenant.id)
        others = [row["number"] for row in await fetch(_OTHERS, tenant.id, owner)]
    changed = {
        columns.PROJECTS: {"organization": owner, "responsible": None},
        columns.FINDINGS: {"supervisor": others[0]},
        columns.ACCEPTANCES: {"group": "、".join(others)},
    }
    return await _kept(tenant, project_book(changed))


async def _kept(tenant: TenantInfo, book: bytes) -> dict[str, str]:
    with tenant_scope(tenant.id):
        kept = await uploading.keep(pieces(book), "台账.xlsx", new_id())
    return {"ledger_upload": str(kept)}
