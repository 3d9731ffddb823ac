"""Pages of erasing: what goes and what stays, asking for it, the register. Doors only."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, needs
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.errors import NotFound
from jiceng.roster.erasing.register import gone, register
from jiceng.roster.erasing.service import GROUNDS, erase

AnyRequest = Request[Any, Any, Any]
ERASING = [needs(Permission.IMPORT_ROSTER)]


@dataclass(frozen=True)
class EraseForm:
    """On what ground, and the number of the request or decision."""

    ground: str = ""
    document: str = ""


@get("/members/{leaver:uuid}/erase", guards=ERASING)
async def erase_page(leaver: FromPath[UUID]) -> Template:
    """What erasing this person removes and leaves, and the form to ask for it."""
    found = await gone(leaver)
    if not found:
        raise NotFound("没有这个人，或者还在册、已经清除")
    await record_now(Event.MEMBER_READ, ("member", leaver))
    return Template("roster/erase.html", context={"row": found[0], "grounds": GROUNDS})


@post("/members/{leaver:uuid}/erase", guards=ERASING)
async def ask_to_erase(
    request: AnyRequest, leaver: FromPath[UUID], data: URLEncodedBody[EraseForm]
) -> Redirect:
    """Ask for it: it happens when a second person approves."""
    await erase(leaver, data.ground, data.document, request.user.id)
    return Redirect(f"/t/{request.state.tenant.slug}/members/erased", status_code=303)


@get("/members/erased", guards=ERASING)
async def erased_page() -> Template:
    """Who has left and may be erased, and the register: an id, the ground, by whom, how many rows of what."""
    left = await gone()
    await record_now(Event.MEMBERS_READ, rows=len(left))
    context = {"rows": await register(), "left": left, "grounds": GROUNDS}
    return Template("roster/erased.html", context=context)


PAGES = [erase_page, ask_to_erase, erased_page]
