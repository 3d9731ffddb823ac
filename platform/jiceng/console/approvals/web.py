"""The page of requests that wait for a second person. A door only."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, may, needs
from jiceng.accounts.second_person.deciding import STATE_WORDS, approve, reject, requests, withdraw
from jiceng.accounts.second_person.kinds import CHOSEN, KINDS, chosen
from jiceng.console.approvals.acts import ACTS
from jiceng.kernel.errors import Invalid
from jiceng.kernel.paging import Page

AnyRequest = Request[Any, Any, Any]
SIGNING = [needs(Permission.SECOND_SIGN)]


class DecisionForm(msgspec.Struct, frozen=True):
    """Approve or reject, and why."""

    decision: str = ""
    reason: str = ""


@get("/approvals", guards=SIGNING)
async def approvals_page(request: AnyRequest, page: FromQuery[int] = 1) -> Template:
    """What waits, what was decided lately, which acts need a second person here."""
    held = await chosen()
    return Template(
        "console/approvals.html",
        context={
            "found": Page.of(await requests(), page),
            "kinds": {act.value: kind.zh for act, kind in KINDS.items()},
            "states": STATE_WORDS,
            "mine": request.user.id,
            "may_decide": {act.value for act, kind in KINDS.items() if may(request.user, kind.permission)},
            "needed": [KINDS[act].zh for act in CHOSEN if act in held],
        },
    )


@post("/approvals/{approval:uuid}", guards=SIGNING)
async def decide(
    request: AnyRequest, approval: FromPath[UUID], data: URLEncodedBody[DecisionForm]
) -> Redirect:
    """Approve (the act happens now) or reject; what is neither changes nothing."""
    match data.decision:
        case "approve":
            await approve(approval, data.reason, request.user, ACTS)
        case "reject":
            await reject(approval, data.reason, request.user)
        case _:
            raise Invalid(["请选择批准或驳回"], "没有办理", where="意见")
    return _back(request)


@post("/approvals/{approval:uuid}/withdraw", guards=SIGNING)
async def take_back(request: AnyRequest, approval: FromPath[UUID]) -> Redirect:
    """Take one's own request back."""
    await withdraw(approval, request.user)
    return _back(request)


def _back(request: AnyRequest) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/approvals", status_code=303)


router = Router("/t/{tenant:str}", route_handlers=[approvals_page, decide, take_back])
