"""What a project's page says of its certification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng_project_ledger.certification import queries
from jiceng_project_ledger.certification.life import VERDICT_WORDS
from jiceng_project_ledger.states import LED

if TYPE_CHECKING:
    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.library.schemas import Project


async def certification_section(project: Project, _: SignedIn) -> dict[str, Any] | None:
    """Supervisors, open findings, satisfaction, the last verdict; of projects that were approved."""
    if project.state not in LED:
        return None
    rounds = await queries.acceptances(project.id)
    rates = [one.rate for one in await queries.surveys(project) if one.rate is not None]
    return {
        "supervisors": [one.name for one in await queries.supervisors(project.id) if one.until is None],
        "open": (await queries.open_findings([project.id])).get(project.id, 0),
        "rate": rates[0] if rates else None,
        "verdict": VERDICT_WORDS[rounds[-1].verdict] if rounds else "",
    }
