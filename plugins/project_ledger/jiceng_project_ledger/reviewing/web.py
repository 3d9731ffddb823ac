"""Pages of the review: a reviewer's scores, the tenant's rules."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import Conflict, Invalid, Refusal
from jiceng.api.pages import Permission, known_fields, may, needs, refuse_unknown
from jiceng_project_ledger.library import queries
from jiceng_project_ledger.library.web import VIEWING, WORDS, to_project
from jiceng_project_ledger.reviewing import rules, service
from jiceng_project_ledger.reviewing.forms import (
    SCORED,
    RulesForm,
    asked,
    by_other_rules,
    by_title,
    filled,
    scores,
)

AnyRequest = Request[Any, Any, Any]
JUDGING = [needs(Permission.CHECK_WORK)]
SCORES = known_fields("opinion", "s[0-9]{1,3}", f"{SCORED}[0-9]{{1,3}}")
SPARE = 3
"""Empty rows that are offered below the criteria."""


@get("/projects/{project:uuid}/review", guards=JUDGING)
async def review_page(request: AnyRequest, project: FromPath[UUID]) -> Template:
    """The project once more in short, and a field for each criterion."""
    found = await queries.project(project)
    own = [one for one in await service.reviews(project, found.round) if one.reviewer == request.user.id]
    if not own or not found.round:
        return await _form(project, {}, "")
    given = {title: str(score) for title, score in own[0].scores.items()}
    return await _form(project, given, own[0].opinion)


@post("/projects/{project:uuid}/review", guards=JUDGING, opt=SCORES)
async def add_review(request: AnyRequest, project: FromPath[UUID]) -> Redirect | Template:
    """Keep the scores of the person signed in; not those typed by rules that were changed meanwhile."""
    typed = {name: str(said) for name, said in (await request.form()).items()}
    criteria = (await rules.rules()).criteria
    if by_other_rules(typed, criteria):
        return await _form(project, by_title(typed), typed.get("opinion", ""), _changed())
    numbers = [f"{name}{number}" for number, _ in enumerate(criteria, 1) for name in ("s", SCORED)]
    refuse_unknown(typed, ["opinion", *numbers])
    try:
        given = scores(typed, criteria)
        await service.review(project, given, typed.get("opinion", ""), request.user)
    except Invalid as refused:
        return await _form(project, by_title(typed), typed.get("opinion", ""), refused)
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


def _changed() -> Conflict:
    return Conflict(
        "论证规则刚改过，评分没有保存",
        todo_zh="请按新的评分内容核对，再提交一次；同名的各项已经替您填好",
        what_en="the review rules were changed meanwhile; nothing was saved",
        todo_en="check the scores by the new criteria and hand them in again",
    )


async def _form(
    project: UUID, given: dict[str, str], opinion: str, refused: Conflict | Invalid | None = None
) -> Template:
    kept = await rules.rules()
    return Template(
        "project_ledger/review.html",
        status_code=200 if refused is None else refused.status,
        context=WORDS
        | {
            "project": await queries.project(project),
            "criteria": [(one, f"{SCORED}{n}", asked(one)) for n, one in enumerate(kept.criteria, 1)],
            "given": given,
            "opinion": opinion,
            "refused": refused,
        },
    )


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
