"""Pages of the quarterly dispatch: the list, what is told, what is answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import today
from jiceng.api.pages import PRINTED, Page, Permission, may, needs
from jiceng_project_ledger.followup import queries
from jiceng_project_ledger.followup.dispatch import service
from jiceng_project_ledger.followup.due import Kind, add_months, beginning
from jiceng_project_ledger.followup.forms import AnswerForm, InstructionForm, month_of
from jiceng_project_ledger.followup.lights import LOOKS, WORDS
from jiceng_project_ledger.library.queries import projects

AnyRequest = Request[Any, Any, Any]
CHECKING = [needs(Permission.CHECK_WORK)]


@get("/dispatch", guards=[needs(Permission.VIEW_FACTS)])
async def dispatch_page(
    request: AnyRequest, quarter: FromQuery[str] = "", page: FromQuery[int] = 1
) -> Template:
    """A quarter's list; the current quarter by default. `quarter` is its first month, as 2026-10."""
    now = beginning(Kind.QUARTER, today())
    chosen = beginning(Kind.QUARTER, month_of(quarter)) if quarter else now
    lines = await queries.dispatched(chosen)
    return Template(
        "project_ledger/follow_dispatch.html",
        context={
            "quarter": chosen,
            "before": add_months(chosen, -3),
            "after": add_months(chosen, 3) if chosen < now else None,
            "lines": lines,
            "found": Page.of(lines, page, PRINTED),
            "projects": {one.id: one for one in await projects()},
            "lights": WORDS,
            "looks": LOOKS,
            "day": today(),
            "may_list": may(request.user, Permission.CHECK_WORK) and chosen >= add_months(now, -3),
            "may_check": may(request.user, Permission.CHECK_WORK),
            "may_answer": may(request.user, Permission.TAKE_PART),
        },
    )


@post("/dispatch/{quarter:str}", guards=CHECKING)
async def list_late(request: AnyRequest, quarter: FromPath[str]) -> Redirect:
    """Put who is late today on the quarter's list."""
    first = beginning(Kind.QUARTER, month_of(quarter))
    await service.list_late(first)
    return _to(request, f"dispatch?quarter={first:%Y-%m}")


@post("/dispatch/lines/{line:uuid}/instruction", guards=CHECKING)
async def instruct(
    request: AnyRequest, line: FromPath[UUID], data: URLEncodedBody[InstructionForm]
) -> Redirect:
    """Tell a late project what to do."""
    await service.instruct(line, data.instruction, data.until(), request.user)
    return await _back(request, line)


@post("/dispatch/lines/{line:uuid}/answer", guards=[needs(Permission.TAKE_PART)])
async def answer(request: AnyRequest, line: FromPath[UUID], data: URLEncodedBody[AnswerForm]) -> Redirect:
    """Answer what was told."""
    await service.answer(line, data.answer, request.user.id)
    return await _back(request, line)


async def _back(request: AnyRequest, line: UUID) -> Redirect:
    found = await queries.dispatch_line(line)
    return _to(request, f"dispatch?quarter={found.quarter:%Y-%m}")


def _to(request: AnyRequest, path: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/project-ledger/{path}", status_code=303)


PAGES = (dispatch_page, list_late, instruct, answer)
