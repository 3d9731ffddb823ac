"""The part of a project's page about who answers for it: who did before, and the form to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.api.pages import Permission, may
from jiceng_project_ledger.library import queries
from jiceng_project_ledger.library.handing_over import ANSWERED_FOR
from jiceng_project_ledger.library.powers import stands_above

if TYPE_CHECKING:
    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.library.schemas import Project


async def responsible_section(project: Project, user: SignedIn) -> dict[str, Any] | None:
    """Left out while nobody else ever answered for the project and the person may not change it."""
    kept = await queries.handovers(project.id)
    deciding = (
        project.state in ANSWERED_FOR
        and may(user, Permission.CHECK_WORK)
        and await stands_above(project, user.id)
    )
    return {"handovers": kept, "may_change": deciding} if kept or deciding else None
