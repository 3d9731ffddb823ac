"""What the rows of the route matrix about schemes need: a draft at hand, forms, answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from tests.support.ruling_pages import TIED

from jiceng.kernel.database import execute, tenant_scope
from jiceng.schemes.editing import drafts
from jiceng.schemes.editing.clauses import digest
from jiceng.schemes.editing.publishing import revise
from jiceng.schemes.editing.sheet import draft_of

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
FILES = {f"{_SCHEMES}/{{key:str}}/import": TIED.encode, f"{_DRAFT}/import": TIED.encode}
ANSWERED = {
    f"{_SCHEMES}/new": {409},  # the one before took the title
    f"{_DRAFT}/publish": {409},  # the one before published the same
}
_AS_AT_FIRST = """
with enabled as (update scheme set enabled = true where tenant_id = $1 and not enabled)
update rulebook_draft set state = 'discarded' where tenant_id = $1 and state <> 'discarded'
"""
_OFF = "update scheme set enabled = false where tenant_id = $1 and key = 'points'"
_LATER = "（修订）"
NO_ID = {"section", "part", "number"}
FIXED = {"section": "facts", "part": "1", "number": "1"}


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """The points scheme switched on, if not for that itself, and a fresh draft where the row names one."""
    with tenant_scope(tenant.id):
        await execute(_AS_AT_FIRST, tenant.id)
        if path == f"{_SCHEMES}/enable":
            await execute(_OFF, tenant.id)
        if "{draft:uuid}" not in path:
            return FIXED
        draft = await revise("points", None)
        if path == f"{_DRAFT}/publish":
            book = await drafts.book_of_draft(draft)
            changed = msgspec.structs.replace(book, title=f"{book.title.removesuffix(_LATER)}{_LATER}")
            await drafts.replace(draft, draft_of(changed), "改名", None)
        return {**FIXED, "draft": str(draft)}
