"""Pages of the review: a reviewer's scores."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from jiceng.api.pages import Permission, needs
from jiceng_project_ledger.library import queries
from jiceng_project_ledger.library.web import WORDS, to_project
from jiceng_project_ledger.reviewing import service
from jiceng_project_ledger.reviewing.forms import scores

JUDGING = [needs(Permission.CHECK_WORK)]


@get("/projects/{project:uuid}/review", guards=JUDGING)
async def review_page(request: Request[Any, Any, Any], project: FromPath[UUID]) -> Template:
    """The project once more in short, and a field for each criterion."""
    found = await queries.project(project)
    own = [one for one in await service.reviews(project, found.round) if one.reviewer == request.user.id]
    return Template(
        "project_ledger/review.html",
        context=WORDS
        | {"project": found, "rules": await service.rules(), "own": own[0] if own and found.round else None},
    )


@post("/projects/{project:uuid}/review", guards=JUDGING)
async def add_review(request: Request[Any, Any, Any], project: FromPath[UUID]) -> Redirect:
    """Keep the scores of the person signed in."""
    typed = {name: str(said) for name, said in (await request.form()).items()}
    given = scores(typed, (await service.rules()).criteria)
    await service.review(project, given, typed.get("opinion", ""), request.user)
    return to_project(request, project, "reviews")


PAGES = (review_page, add_review)
