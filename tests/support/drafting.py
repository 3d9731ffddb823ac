"""What the rows of the route matrix about schemes need: a draft at hand, forms, answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.database import execute, tenant_scope
from jiceng.schemes.editing.clauses import digest
from jiceng.schemes.editing.publishing import revise

if TYPE_CHECKING:
    from jiceng.tenancy.schemas import TenantInfo

_SCHEMES = "/t/{tenant:str}/schemes"
_DRAFT = _SCHEMES + "/{key:str}/drafts/{draft:uuid}"
FORMS = {
    f"{_SCHEMES}/enable": {"key": "points"},
    f"{_SCHEMES}/new": {"title": "值班办法", "subject": "member"},
    f"{_SCHEMES}/{{key:str}}/clauses": {"seen": digest(())},
    f"{_DRAFT}/parts/{{section:str}}/{{part:str}}": {"title": "又一项", "kind": "flag", "revision": "1"},
    f"{_DRAFT}/publish": {"from_day": "2027-01-01", "reason": "议定"},
}
FILES = {f"{_SCHEMES}/{{key:str}}/import": "roster.xlsx", f"{_DRAFT}/import": "roster.xlsx"}
ANSWERED = {
    f"{_SCHEMES}/new": {409},  # the one before took the title
    f"{_SCHEMES}/{{key:str}}/import": {422},  # a workbook is no rulebook
    f"{_DRAFT}/import": {422},
    f"{_DRAFT}/publish": {409},  # nothing differs from what is in force
}
NO_ID = {"section", "part", "number"}
FIXED = {"section": "facts", "part": "1", "number": "1"}


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """The points scheme switched on, and a fresh draft of it where the row names one."""
    with tenant_scope(tenant.id):
        await execute("update scheme set enabled = true where tenant_id = $1", tenant.id)
        await execute("update rulebook_draft set state = 'discarded' where tenant_id = $1", tenant.id)
        if "{draft:uuid}" not in path:
            return FIXED
        return {**FIXED, "draft": str(await revise("points", None))}
