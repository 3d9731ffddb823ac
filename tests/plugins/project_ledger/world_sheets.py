"""What the tests of every route send to the pages that bring a workbook of projects in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.project_books import project_book
from tests.support.sample_files import pieces

from jiceng.kernel.database import tenant_scope
from jiceng.kernel.ids import new_id
from jiceng_project_ledger.sheets import uploading

if TYPE_CHECKING:
    from jiceng.tenancy.schemas import TenantInfo

_P = "/t/{tenant:str}/project-ledger/import"
FILES = {_P: "roster.xlsx"}
ANSWERED = {f"{_P}/{{ledger_upload:uuid}}": {422}}  # its organizations are not on these rosters


async def values(tenant: TenantInfo) -> dict[str, str]:
    """A workbook that waits to be brought in."""
    with tenant_scope(tenant.id):
        kept = await uploading.keep(pieces(project_book()), "台账.xlsx", new_id())
    return {"ledger_upload": str(kept)}
