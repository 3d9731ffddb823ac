"""Pages of assessment: results and awards of a year, one project's data and result, proposals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import today
from jiceng.api.database import transaction
from jiceng.api.jobs import enqueue
from jiceng.api.pages import PRINTED, Page, Permission, may, needs
from jiceng_project_ledger.assessment import accountability, queries
from jiceng_project_ledger.assessment.forms import DecisionForm, ObjectionForm
from jiceng_project_ledger.assessment.handing_in import read
from jiceng_project_ledger.assessment.jobs import ASSESS
from jiceng_project_ledger.assessment.life import ACT_WORDS, LIFE, STATE_WORDS
from jiceng_project_ledger.assessment.measured import measured
from jiceng_project_ledger.assessment.vocabulary import FACT_WORDS, shown
from jiceng_project_ledger.followup.standing import reported
from jiceng_project_ledger.library import queries as library
from jiceng_project_ledger.library.forms import year_typed

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]
RESULTS = [needs(Permission.VIEW_RESULTS)]
DECIDING = [needs(Permission.CHECK_WORK)]
TAKING_PART = [needs(Permission.TAKE_PART)]
LOOKS = {"proposed": "warn", "deferred": "info", "confirmed": "bad", "dropped": "idle"}


@get("/assessment", guards=RESULTS)
async def assessment_page(
    request: AnyRequest, year: FromQuery[int] = 0, page: FromQuery[int] = 1
) -> Template:
    """The year's results of projects: grades, awards, what counts as innovation, who is proposed."""
    years = await queries.rated_years()
    chosen = year_typed(str(year or (years[0] if years else today().year)))
    rows = await queries.rated(chosen)
    return Template(
        "project_ledger/assessment.html",
        context={
            "found": Page.of(rows, page, PRINTED),
            "awards": [one for one in rows if one.final and one.outputs.get("award") is True],
            "year": chosen,
            "years": sorted({*years, chosen}, reverse=True),
            "may_check": may(request.user, Permission.CHECK_WORK),
        },
    )


@post("/assessment/hand-in", guards=DECIDING)
async def hand_in_now(request: AnyRequest) -> Redirect:
    """Let the night's work be done now: facts from the ledger, then proposals."""
    async with transaction():
        await enqueue(ASSESS, {}, unique=ASSESS)
    return Redirect(f"/t/{request.state.tenant.slug}/project-ledger/assessment", status_code=303)


@get("/projects/{project:uuid}/assessment", guards=RESULTS)
async def measured_page(project: FromPath[UUID], year: FromQuery[int] = 0) -> Template:
    """What the ledger hands in about a project, each with how it came about; its results."""
    found, chosen = await library.project(project), year_typed(str(year or today().year))
    months = (await reported([found], chosen)).get(project, (0, 0))
    facts = measured(await read(found, months, chosen), chosen, today()) if found.subject else []
    return Template(
        "project_ledger/measured.html",
        context={
            "project": found,
            "year": chosen,
            "facts": [(FACT_WORDS[one.kind], shown(one), one) for one in facts],
            "results": [one for one in await queries.rated(chosen) if one.project.id == project],
        },
    )


@get("/accountability", guards=VIEWING)
async def proposals_page(request: AnyRequest, year: FromQuery[int] = 0, page: FromQuery[int] = 1) -> Template:
    """Proposals of accountability: all for those who decide, his own for the responsible person."""
    return Template(
        "project_ledger/accountability.html",
        context={
            "found": Page.of(await queries.proposals(request.user, year and year_typed(str(year))), page),
            "year": year,
            "words": STATE_WORDS,
            "looks": LOOKS,
            "may_decide": may(request.user, Permission.CHECK_WORK),
        },
    )


@get("/accountability/{proposal:uuid}", guards=VIEWING)
async def proposal_page(request: AnyRequest, proposal: FromPath[UUID]) -> Template:
    """One proposal: its grounds, the objection, what was decided, what may be decided."""
    found = await queries.proposal(proposal, request.user)
    return Template(
        "project_ledger/proposal_of_accountability.html",
        context={
            "proposal": found,
            "words": STATE_WORDS,
            "looks": LOOKS,
            "act_words": ACT_WORDS,
            "acts": LIFE.allowed(found.state),
            "may_decide": may(request.user, Permission.CHECK_WORK) and not found.own,
        },
    )


@post("/accountability/{proposal:uuid}/decision", guards=DECIDING)
async def decide_proposal(
    request: AnyRequest, proposal: FromPath[UUID], data: URLEncodedBody[DecisionForm]
) -> Redirect:
    """Confirm, drop or defer: by name and with a reason."""
    await accountability.decide(proposal, *data.said(), request.user)
    return _to(request, proposal)


@post("/accountability/{proposal:uuid}/objection", guards=TAKING_PART)
async def object_to_proposal(
    request: AnyRequest, proposal: FromPath[UUID], data: URLEncodedBody[ObjectionForm]
) -> Redirect:
    """What the responsible person says to it."""
    await accountability.object_(proposal, data.words, request.user)
    return _to(request, proposal)


def _to(request: AnyRequest, proposal: UUID) -> Redirect:
    slug = request.state.tenant.slug
    return Redirect(f"/t/{slug}/project-ledger/accountability/{proposal}", status_code=303)


PAGES = (
    *(assessment_page, hand_in_now, measured_page, proposals_page, proposal_page),
    *(decide_proposal, object_to_proposal),
)
