"""What a project's page says of its assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.api.pages import Permission, may
from jiceng.api.results import latest_results
from jiceng_project_ledger.assessment.handing_in import SCHEME

if TYPE_CHECKING:
    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.library.schemas import Project


async def assessment_section(project: Project, user: SignedIn) -> dict[str, Any] | None:
    """The newest result of a project that is on the roster, for who may see results."""
    if project.subject is None or not may(user, Permission.VIEW_RESULTS):
        return None
    found = await latest_results(SCHEME, subject=project.subject)
    return {"result": found[-1] if found else None}
