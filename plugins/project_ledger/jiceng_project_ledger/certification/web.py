"""Pages of certification: supervisors, findings, the survey, acceptance; one page for a project."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import today
from jiceng.api.pages import Permission, may, needs
from jiceng_project_ledger.certification import accepting, queries, supervising, surveying
from jiceng_project_ledger.certification.forms import (
    AcceptanceForm,
    FindingForm,
    InspectionForm,
    RecheckForm,
    SupervisorForm,
    WordsForm,
)
from jiceng_project_ledger.certification.life import ACT_WORDS, STATE_WORDS, VERDICT_WORDS
from jiceng_project_ledger.certification.vocabulary import SORTS
from jiceng_project_ledger.library import queries as library
from jiceng_project_ledger.library.powers import owns
from jiceng_project_ledger.states import State

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]
TAKING_PART = [needs(Permission.TAKE_PART)]
CHECKING = [needs(Permission.CHECK_WORK)]
AT = "/projects/{project:uuid}/certification"


@get(AT, guards=VIEWING)
async def certification_page(request: AnyRequest, project: FromPath[UUID]) -> Template:
    """Who looks after a project, what was found, how satisfied people are, what acceptance came to."""
    found = await library.project(project)
    supervisors = await queries.supervisors(project)
    return Template(
        "project_ledger/certification.html",
        context={
            "project": found,
            "live": found.state in supervising.LIVE,
            "supervisors": supervisors,
            "looking": [one for one in supervisors if one.until is None],
            "findings": await queries.findings(project),
            "surveys": await queries.surveys(found),
            "acceptances": await queries.acceptances(project),
            "accepting": found.state is State.ACCEPTANCE,
            "sorts": SORTS,
            "states": STATE_WORDS,
            "acts": ACT_WORDS,
            "verdicts": VERDICT_WORDS,
            "may_answer": may(request.user, Permission.TAKE_PART) and await owns(found, request.user.id),
            "may_check": may(request.user, Permission.CHECK_WORK),
            "may_survey": may(request.user, Permission.MANAGE_BALLOTS),
            "day": today(),
        },
    )


@post(AT + "/supervisors", guards=CHECKING)
async def appoint_supervisor(
    request: AnyRequest, project: FromPath[UUID], data: URLEncodedBody[SupervisorForm]
) -> Redirect:
    """Let a member look after the project."""
    await supervising.appoint(project, data.member, request.user.id)
    return _to(request, project)


@post(AT + "/supervisors/{supervisor:uuid}/end", guards=CHECKING)
async def end_supervisor(
    request: AnyRequest, project: FromPath[UUID], supervisor: FromPath[UUID]
) -> Redirect:
    """End a supervisor's work."""
    await supervising.dismiss(project, supervisor, request.user.id)
    return _to(request, project)


@post(AT + "/findings", guards=CHECKING)
async def add_finding(
    request: AnyRequest, project: FromPath[UUID], data: URLEncodedBody[FindingForm]
) -> Redirect:
    """Keep what a supervisor found."""
    await supervising.find(project, data.seen(), request.user.id)
    return _to(request, project)


@post(AT + "/findings/{finding:uuid}/answer", guards=TAKING_PART)
async def answer_finding(
    request: AnyRequest, project: FromPath[UUID], finding: FromPath[UUID], data: URLEncodedBody[WordsForm]
) -> Redirect:
    """Report a finding set right."""
    await supervising.answer(project, finding, data.words, request.user.id)
    return _to(request, project)


@post(AT + "/findings/{finding:uuid}/recheck", guards=CHECKING)
async def recheck_finding(
    request: AnyRequest, project: FromPath[UUID], finding: FromPath[UUID], data: URLEncodedBody[RecheckForm]
) -> Redirect:
    """Look at a finding again."""
    await supervising.recheck(project, finding, *data.said(), request.user.id)
    return _to(request, project)


@post(AT + "/survey", guards=[needs(Permission.MANAGE_BALLOTS)])
async def begin_survey(request: AnyRequest, project: FromPath[UUID]) -> Redirect:
    """Draft the ballot of a satisfaction survey, and go on there."""
    ballot = await surveying.begin(project, request.user.id)
    return Redirect(f"/t/{request.state.tenant.slug}/ballots/{ballot}", status_code=303)


@post(AT + "/acceptances", guards=CHECKING)
async def add_acceptance(
    request: AnyRequest, project: FromPath[UUID], data: URLEncodedBody[AcceptanceForm]
) -> Redirect:
    """Keep what an acceptance group came to."""
    await accepting.accept(project, data.meeting(), request.user)
    return _to(request, project)


@post(AT + "/conditions/{condition:uuid}/met", guards=TAKING_PART)
async def meet_condition(
    request: AnyRequest, project: FromPath[UUID], condition: FromPath[UUID], data: URLEncodedBody[WordsForm]
) -> Redirect:
    """Report a condition met."""
    await accepting.meet(project, condition, data.words, request.user.id)
    return _to(request, project)


@post(AT + "/conditions/{condition:uuid}/inspect", guards=CHECKING)
async def inspect_condition(
    request: AnyRequest,
    project: FromPath[UUID],
    condition: FromPath[UUID],
    data: URLEncodedBody[InspectionForm],
) -> Redirect:
    """Look at a condition again."""
    await accepting.inspect(project, condition, request.user, met=data.met == "yes")
    return _to(request, project)


def _to(request: AnyRequest, project: UUID) -> Redirect:
    slug = request.state.tenant.slug
    return Redirect(f"/t/{slug}/project-ledger/projects/{project}/certification", status_code=303)


PAGES = (
    *(certification_page, appoint_supervisor, end_supervisor, add_finding, answer_finding),
    *(recheck_finding, begin_survey, add_acceptance, meet_condition, inspect_condition),
)
