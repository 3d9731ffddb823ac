"""Pages of the library: the list, the application sheet, who answers for a project."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import Invalid, organizations, today
from jiceng.api.pages import Permission, may, needs
from jiceng_project_ledger.library import queries, service
from jiceng_project_ledger.library.forms import HandoverForm, ProposalForm, filled, read_id
from jiceng_project_ledger.library.handing_over import hand_over
from jiceng_project_ledger.library.powers import with_all_below
from jiceng_project_ledger.library.queries import Wanted
from jiceng_project_ledger.library.schemas import Project
from jiceng_project_ledger.library.vocabulary import KIND_EXPLAINED, KIND_WORDS
from jiceng_project_ledger.states import ACT_WORDS, STATE_WORDS

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


@get("/projects/{project:uuid}/application", guards=VIEWING)
async def application_page(project: FromPath[UUID]) -> Template:
    """The application sheet as it is printed and signed."""
    found = await queries.project(project)
    return Template(
        "project_ledger/application.html",
        context=WORDS | {"project": found, "moves": await queries.moves(project), "day": today()},
    )


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
    application_page,
    change_responsible,
)
