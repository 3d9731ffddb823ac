"""The review's part of a project's page: what the reviewers gave, taken together and one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.api.pages import Permission, may
from jiceng_project_ledger.library.powers import stands_above
from jiceng_project_ledger.reviewing import service
from jiceng_project_ledger.reviewing.rules import rules
from jiceng_project_ledger.states import State

if TYPE_CHECKING:
    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.library.schemas import Project


async def reviews_section(project: Project, user: SignedIn) -> dict[str, Any] | None:
    """The latest round. The owner sees the mean; who gave what is for those who judge."""
    if not project.round:
        return None
    given = await service.reviews(project.id, project.round)
    if not given and project.state is not State.UNDER_REVIEW:
        return None
    judging = may(user, Permission.CHECK_WORK) and await stands_above(project, user.id)
    kept = await rules()
    titles = [*(one.title for one in kept.criteria), *(title for one in given for title in one.scores)]
    return {
        "reviews": given if judging else [],
        "summary": service.summary(given),
        "titles": list(dict.fromkeys(titles)),
        "least": kept.least,
        "may_review": judging and project.state is State.UNDER_REVIEW,
        "round": project.round,
    }
