"""One project with all its parts, and its moves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import today
from jiceng.api.database import joined
from jiceng.api.pages import Permission, may
from jiceng_project_ledger.course.gates import missing
from jiceng_project_ledger.course.moving import act
from jiceng_project_ledger.course.sections import sections
from jiceng_project_ledger.library import queries
from jiceng_project_ledger.library.forms import ActForm
from jiceng_project_ledger.library.powers import stands_above
from jiceng_project_ledger.library.web import DECIDING, TAKING_PART, VIEWING, WORDS, to_project
from jiceng_project_ledger.states import BY_THE_OWNER, LIFE, Act, State

AnyRequest = Request[Any, Any, Any]


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


PAGES = (project_page, own_act, decide)
