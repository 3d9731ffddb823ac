"""The voter's pages: no login, no script needed; the link gives a slip, the slip casts the paper."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers.base import BaseRouteHandler
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from jiceng.accounts.access import anyone
from jiceng.accounts.signing_in.cookies import secure_cookie
from jiceng.facts.ballots import voting
from jiceng.facts.ballots.holding import Held, mark_of, read, read_paper, written
from jiceng.facts.ballots.voting import NoBallot
from jiceng.kernel.addresses import household
from jiceng.kernel.errors import Conflict, Invalid
from jiceng.kernel.forms import known_fields
from jiceng.kernel.limits import Limit, allow

AnyRequest = Request[Any, Any, Any]
LINKS = Limit("ballot_links", 600, 0.1)
"""A whole hall votes from one address; guessing 256 bits is hopeless all the same."""
CHOICE = "choice-"
SLIP = "slip"
PAPER = known_fields(SLIP, f"{CHOICE}.{{0,80}}")


async def at_a_halls_pace(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Count a look at a link by its address; a vote itself is never counted, so no moment of it is kept.

    Raises:
        TooMany: the address must wait.
    """
    await allow(LINKS, household(connection.client.host if connection.client else ""))


@get("/vote/{link:str}", guards=[anyone, at_a_halls_pace])
async def vote_page(request: AnyRequest, link: FromPath[str]) -> Template | Redirect:
    """What the ballot is about, and the button that takes the paper; looking uses nothing up."""
    invited = await voting.invited(link)
    mark = mark_of(link)
    if not invited.used:
        return Template("facts/ballots/vote.html", context={"invited": invited, "link": link})
    if not any(one.mark == mark for one in _held(request)):
        raise NoBallot
    return Redirect(_at(request, f"paper?of={mark}"), status_code=303)


@post("/vote/{link:str}", guards=[anyone, at_a_halls_pace])
async def take_paper(request: AnyRequest, link: FromPath[str]) -> Redirect:
    """Mark the roll and hand out a slip, which the browser alone keeps beside those of others."""
    held = await voting.with_room(_held(request))
    ballot, slip = await voting.check_in(link)
    mark = mark_of(link)
    kept = _slip_cookie(request, [*held, Held(mark, ballot, slip)])
    return Redirect(_at(request, f"paper?of={mark}"), status_code=303, cookies=[kept])


@get("/paper", guards=[anyone])
async def paper_page(request: AnyRequest, of: FromQuery[str] = "") -> Template:
    """The paper of the link that bears this mark, or the only one this browser holds; else where to begin."""
    held = _held(request)
    wanted = [one for one in held if one.mark == of] if of else held
    if len(wanted) != 1:
        return _nothing_here(len(held))
    try:
        return await _paper(wanted[0])
    except (NoBallot, Conflict) as refused:
        return Template("facts/ballots/voted.html", context={"refused": refused, "cast": False, "left": 0})


@post("/paper", guards=[anyone], opt=PAPER)
async def cast(request: AnyRequest) -> Template | Redirect:
    """Put the paper into the box; what is wrong with it is told on the same paper."""
    form = await request.form()
    paper = read_paper(str(form.get(SLIP, "")))
    if paper is None:
        raise NoBallot
    choices = _choices({str(name): str(value) for name, value in form.items()})
    try:
        await voting.cast(paper.ballot, paper.slip, choices)
    except Invalid as refused:
        return await _paper(paper, refused)
    left = [one for one in _held(request) if one.slip != paper.slip]
    return Redirect(_at(request, "voted"), status_code=303, cookies=[_slip_cookie(request, left)])


@get("/voted", guards=[anyone])
async def voted_page(request: AnyRequest) -> Template:
    """That the paper is in the box, and how many others this phone still holds."""
    context = {"refused": None, "cast": True, "left": len(_held(request))}
    return Template("facts/ballots/voted.html", context=context)


def _nothing_here(left: int) -> Template:
    return Template("facts/ballots/voted.html", context={"refused": None, "cast": False, "left": left})


async def _paper(held: Held, refused: Invalid | None = None) -> Template:
    paper = await voting.paper(held.ballot, held.slip)
    return Template(
        "facts/ballots/paper.html",
        context={"paper": paper, "slip": held.paper, "refused": refused, "prefix": CHOICE},
        status_code=refused.status if refused else 200,
    )


def _choices(form: dict[str, str]) -> dict[UUID, int]:
    """What was marked; a mark that is none counts as an unknown option and is refused with the paper."""
    marked: dict[UUID, int] = {}
    for name, value in form.items():
        if not name.startswith(CHOICE):
            continue
        try:
            subject = UUID(name.removeprefix(CHOICE))
        except ValueError:
            subject = UUID(int=0)
        marked[subject] = int(value) if value.isdecimal() and len(value) < len("100") else -1
    return marked


def _held(request: AnyRequest) -> list[Held]:
    return read(request.cookies.get(_cookie_name(request), ""))


def _cookie_name(request: AnyRequest) -> str:
    prefix = "__Host-jiceng-" if request.app.state.settings.production else "jiceng-"
    return f"{prefix}slip-{request.state.tenant.slug}"


def _slip_cookie(request: AnyRequest, papers: list[Held]) -> Cookie:
    production, ends = request.app.state.settings.production, None if papers else 0
    return secure_cookie(_cookie_name(request), written(papers), production=production, max_age=ends)


def _at(request: AnyRequest, path: str) -> str:
    return f"/t/{request.state.tenant.slug}/{path}"


VOTING_PAGES = (vote_page, take_paper, paper_page, cast, voted_page)
