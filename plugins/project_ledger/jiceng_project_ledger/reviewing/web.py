"""Pages of the review: a reviewer's scores, the tenant's rules."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import Invalid, Refusal
from jiceng.api.pages import Permission, known_fields, may, needs, refuse_unknown
from jiceng_project_ledger.library import queries
from jiceng_project_ledger.library.web import VIEWING, WORDS, to_project
from jiceng_project_ledger.reviewing import rules, service
from jiceng_project_ledger.reviewing.forms import RulesForm, filled, scores

AnyRequest = Request[Any, Any, Any]
JUDGING = [needs(Permission.CHECK_WORK)]
SCORES = known_fields("opinion", "s[0-9]{1,3}")
SPARE = 3
"""Empty rows that are offered below the criteria."""


@get("/projects/{project:uuid}/review", guards=JUDGING)
async def review_page(request: AnyRequest, project: FromPath[UUID]) -> Template:
    """The project once more in short, and a field for each criterion."""
    found = await queries.project(project)
    own = [one for one in await service.reviews(project, found.round) if one.reviewer == request.user.id]
    return Template(
        "project_ledger/review.html",
        context=WORDS
        | {"project": found, "rules": await rules.rules(), "own": own[0] if own and found.round else None},
    )


@post("/projects/{project:uuid}/review", guards=JUDGING, opt=SCORES)
async def add_review(request: AnyRequest, project: FromPath[UUID]) -> Redirect:
    """Keep the scores of the person signed in."""
    typed = {name: str(said) for name, said in (await request.form()).items()}
    criteria = (await rules.rules()).criteria
    refuse_unknown(typed, ["opinion", *(f"s{number}" for number, _ in enumerate(criteria, 1))])
    given = scores(typed, criteria)
    await service.review(project, given, typed.get("opinion", ""), request.user)
    return to_project(request, project, "reviews")


@get("/review-rules", guards=VIEWING)
async def rules_page(request: AnyRequest) -> Template:
    """The rules in words, and the form to change them."""
    return await _rules(request)


@post("/review-rules", guards=[needs(Permission.MANAGE_SCHEMES)])
async def change_rules(request: AnyRequest, data: URLEncodedBody[RulesForm]) -> Redirect | Template:
    """Put rules into force from today on; a form with faults comes back as it was typed."""
    try:
        await rules.change(data.said())
    except Invalid as refused:
        return await _rules(request, data, refused)
    return Redirect(f"/t/{request.state.tenant.slug}/project-ledger/review-rules", status_code=303)


async def _rules(
    request: AnyRequest, typed: RulesForm | None = None, refused: Invalid | None = None
) -> Template:
    kept, told = await _kept()
    form = typed or filled(kept or rules.Rules())
    rows = form.rows()
    spare = min(SPARE, max(0, rules.MOST_CRITERIA - len(rows)))
    return Template(
        "project_ledger/review_rules.html",
        status_code=200 if refused is None else refused.status,
        context={
            "rules": kept,
            "rows": [*rows, *[("", "")] * spare],
            "least": form.least,
            "refused": refused or told,
            "may_change": may(request.user, Permission.MANAGE_SCHEMES),
        },
    )


async def _kept() -> tuple[rules.Rules | None, Refusal | None]:
    """The rules in force; for a setting that cannot be used none, and why: this is where it is mended."""
    try:
        return await rules.rules(), None
    except Refusal as told:
        return None, told


PAGES = (review_page, add_review, rules_page, change_rules)
