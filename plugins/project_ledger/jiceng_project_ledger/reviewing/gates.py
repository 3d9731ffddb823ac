"""What the review must have brought before a project is approved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng_project_ledger.missing import Missing
from jiceng_project_ledger.reviewing import service
from jiceng_project_ledger.reviewing.rules import rules

if TYPE_CHECKING:
    from jiceng_project_ledger.library.schemas import Project


async def reviewed(project: Project) -> Missing | None:
    """Enough reviewers have scored it in this round."""
    least = (await rules()).least
    given = await service.reviews(project.id, project.round)
    if len(given) >= least:
        return None
    return Missing(
        f"本轮论证只有 {len(given)} 人评分，至少要 {least} 人",
        "请先请评审人在项目页面评分",
        f"{len(given)} reviews in this round, at least {least} are needed",
    )
