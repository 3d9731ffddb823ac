"""What a project's page says of its costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng_project_ledger.costs import queries
from jiceng_project_ledger.costs.judging import without_award
from jiceng_project_ledger.costs.schemas import deviation
from jiceng_project_ledger.money import yuan

if TYPE_CHECKING:
    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.library.schemas import Project


async def costs_section(project: Project, _: SignedIn) -> dict[str, Any] | None:
    """Budget, actual cost, deviation, what is not awarded as its amount demands."""
    costs = await queries.costs(project.id)
    if not costs.purchases and not project.budget:
        return None
    return {
        "planned": yuan(costs.planned),
        "spent": yuan(costs.spent),
        "deviation": deviation(costs.measure(project.budget), costs.spent),
        "open": len(without_award(costs)),
    }
