"""Pages of the library: the list, the application sheet, one project with all its parts, its moves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import Invalid, organizations, today
from jiceng.api.database import joined
from jiceng.api.pages import Permission, may, needs
from jiceng_project_ledger.gates import missing
from jiceng_project_ledger.library import queries, service
from jiceng_project_ledger.library.forms import ActForm, HandoverForm, ProposalForm, filled, read_id
from jiceng_project_ledger.library.handing_over import hand_over
from jiceng_project_ledger.library.moving import act
from jiceng_project_ledger.library.powers import stands_above, with_all_below
from jiceng_project_ledger.library.queries import Wanted
from jiceng_project_ledger.library.schemas import Project
from jiceng_project_ledger.library.vocabulary import KIND_EXPLAINED, KIND_WORDS
from jiceng_project_ledger.sections import sections
from jiceng_project_ledger.states import ACT_WORDS, BY_THE_OWNER, LIFE, STATE_WORDS, Act, State

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]
TAKING_PART = [needs(Permission.TAKE_PART)]
DECIDING = [needs(Permission.CHECK_WORK)]
PAGE = 50
WORDS = {"kinds": KIND_WORDS, "states": STATE_WORDS, "act_words": ACT_WORDS}


@get("/", guards=VIEWING)
async def library_page(
    request: AnyRequest,
    year: FromQuery[int] = 0,
    kind: FromQuery[str] = "",
    standing: FromQuery[str] = "",
    unit: FromQuery[str] = "",
    words_: FromQuery[str] = "",
    page: FromQuery[int] = 1,
) -> Template:
    """Every project that may be seen, by year, kind, state and unit (with those below it)."""
    wanted = Wanted(
        year=year,
        kinds=(kind,) if kind else (),
        states=(standing,) if standing else (),
        organizations=tuple(await with_all_below(read_id(unit))) if unit else (),
        words=words_,
    )
    found = await queries.projects(wanted)
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, page), pages)
    return Template(
        "project_ledger/library.html",
        context=WORDS
        | {
            "projects": found[(page - 1) * PAGE : page * PAGE],
            "total": len(found),
            "page": page,
            "pages": pages,
            "years": await queries.years(),
            "units": await organizations(today()),
            "year": year,
            "kind": kind,
            "standing": standing,
            "unit": unit,
            "words": words_,
            "day": today(),
            "may_write": may(request.user, Permission.TAKE_PART),
        },
    )


@get("/new", guards=TAKING_PART)
async def new_page() -> Template:
    """An empty application sheet."""
    return await _sheet(ProposalForm(year=str(today().year)))


@post("/new", guards=TAKING_PART)
async def add_project(request: AnyRequest, data: URLEncodedBody[ProposalForm]) -> Redirect | Template:
    """Keep a proposal as a draft; a sheet with faults comes back as it was typed."""
    try:
        project = await service.write(await data.proposal(), request.user.id)
    except Invalid as refused:
        return await _sheet(data, refused)
    return to_project(request, project)


@get("/projects/{project:uuid}/edit", guards=TAKING_PART)
async def edit_page(project: FromPath[UUID]) -> Template:
    """The sheet of a draft."""
    found = await queries.project(project)
    return await _sheet(filled(found), project=found)


@post("/projects/{project:uuid}/edit", guards=TAKING_PART)
async def change_project(
    request: AnyRequest, project: FromPath[UUID], data: URLEncodedBody[ProposalForm]
) -> Redirect | Template:
    """Keep what was changed in a draft."""
    found = await queries.project(project)
    try:
        await service.rewrite(project, await data.proposal())
    except Invalid as refused:
        return await _sheet(data, refused, found)
    return to_project(request, project)


@get("/projects/{project:uuid}", guards=VIEWING)
async def project_page(request: AnyRequest, project: FromPath[UUID]) -> Template:
    """One project: what it is, where it stands, what is next, and every part's section."""
    user = request.user
    async with joined():  # some fifty short reads: one round trip each instead of three
        found = await queries.project(project)
        offered = LIFE.allowed(found.state)
        above = may(user, Permission.CHECK_WORK) and await stands_above(found, user.id)
        shown = {
            "project": found,
            "sections": await sections(found, user),
            "moves": await queries.moves(project),
            "missing": {one: await missing(found, one) for one in offered},
        }
    own = {
        "day": today(),
        "own_acts": [one for one in offered if one in BY_THE_OWNER],
        "acts_above": [one for one in offered if one not in BY_THE_OWNER] if above else [],
        "extend": Act.EXTEND,
        "discard": Act.DISCARD,
        "draft": found.state is State.DRAFT,
        "may_write": may(user, Permission.TAKE_PART),
    }
    return Template("project_ledger/project.html", context=WORDS | shown | own)


@get("/projects/{project:uuid}/application", guards=VIEWING)
async def application_page(project: FromPath[UUID]) -> Template:
    """The application sheet as it is printed and signed."""
    found = await queries.project(project)
    return Template(
        "project_ledger/application.html",
        context=WORDS | {"project": found, "moves": await queries.moves(project), "day": today()},
    )


@post("/projects/{project:uuid}/own", guards=TAKING_PART)
async def own_act(request: AnyRequest, project: FromPath[UUID], data: URLEncodedBody[ActForm]) -> Redirect:
    """Submit, withdraw, discard, start, hand in: what the owner organization does itself."""
    await act(project, data.own(), data.reason, request.user)
    return to_project(request, project)


@post("/projects/{project:uuid}/decision", guards=DECIDING)
async def decide(request: AnyRequest, project: FromPath[UUID], data: URLEncodedBody[ActForm]) -> Redirect:
    """Every act that is decided above, with a reason."""
    await act(project, data.decision(), data.reason, request.user, deadline=data.until())
    return to_project(request, project)


@post("/projects/{project:uuid}/responsible", guards=DECIDING)
async def change_responsible(
    request: AnyRequest, project: FromPath[UUID], data: URLEncodedBody[HandoverForm]
) -> Redirect:
    """Let another member answer for the project, with a reason."""
    await hand_over(project, data.responsible, data.reason, request.user)
    return to_project(request, project, "responsible")


def to_project(request: AnyRequest, project: UUID, part: str = "") -> Redirect:
    """Back to the project's page."""
    place = f"#{part}" if part else ""
    return Redirect(
        f"/t/{request.state.tenant.slug}/project-ledger/projects/{project}{place}", status_code=303
    )


async def _sheet(
    form: ProposalForm, refused: Invalid | None = None, project: Project | None = None
) -> Template:
    return Template(
        "project_ledger/proposal.html",
        status_code=200 if refused is None else refused.status,
        context={
            "form": form,
            "refused": refused,
            "project": project,
            "kinds": KIND_WORDS,
            "explained": KIND_EXPLAINED,
            "units": await organizations(today()),
        },
    )


PAGES = (
    library_page,
    new_page,
    add_project,
    edit_page,
    change_project,
    project_page,
    application_page,
    own_act,
    decide,
    change_responsible,
)
