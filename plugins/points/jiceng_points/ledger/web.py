"""Pages of the ledger: a member's balance with its entries, credits by hand, the proof."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import NotFound, today
from jiceng.api.database import new_id
from jiceng.api.pages import Event, Permission, may, needs, record_now
from jiceng.api.roster import subject_name
from jiceng_points.ledger import queries
from jiceng_points.ledger.by_hand import credit_by_hand, undo_by_hand
from jiceng_points.ledger.forms import CreditForm
from jiceng_points.ledger.proving import prove
from jiceng_points.ledger.schemas import BY_HAND, WORDS
from jiceng_points.people import claimers
from jiceng_points.powers import powers

AnyRequest = Request[Any, Any, Any]
LOOKING = [needs(Permission.VIEW_FACTS)]
PROVING = [needs(Permission.VIEW_ROSTER)]
BOOKING = [needs(Permission.MANAGE_SCHEMES)]
PAGE = 50


@get("/balance/{member:uuid}", guards=LOOKING)
async def balance(request: AnyRequest, member: FromPath[UUID], page: FromQuery[int] = 1) -> Template:
    """A member's points and every entry; for himself, and for who may see him."""
    name = await _seen(member)
    if (await claimers.actor(request.user)).member != member:
        await record_now(Event.MEMBER_READ, ("member", member), plugin="points")
    whole, page = await queries.count_lines(member), max(page, 1)
    return Template(
        "points/balance.html",
        context={
            "member": member,
            "name": name,
            "balance": await queries.balance(member),
            "waiting": await queries.waiting(member),
            "lines": await queries.lines(member, page, PAGE),
            "whole": whole,
            "page": page,
            "pages": -(-whole // PAGE),
            "reasons": [(each.value, WORDS[each]) for each in BY_HAND],
            "may_book": may(request.user, Permission.MANAGE_SCHEMES),
            "form": new_id(),
        },
    )


@post("/balance/{member:uuid}/credit", guards=BOOKING)
async def credit(request: AnyRequest, member: FromPath[UUID], data: URLEncodedBody[CreditForm]) -> Redirect:
    """Book points by hand: service, rewards, what was there last year."""
    await _seen(member)
    await credit_by_hand(member, data.amount(), data.reason(), data.id())
    return _to(request, member)


@post("/balance/{member:uuid}/undo/{transfer:uuid}", guards=BOOKING)
async def undo(request: AnyRequest, member: FromPath[UUID], transfer: FromPath[UUID]) -> Redirect:
    """Reverse a credit that was booked by hand."""
    await _seen(member)
    await undo_by_hand(member, transfer)
    return _to(request, member)


@get("/proof", guards=PROVING)
async def proof(request: AnyRequest) -> Template:
    """Everything the ledger claims, computed anew; printable."""
    context = {"proof": await prove(), "powers": powers(request.user)}
    return Template("points/proof.html", context=context)


async def _seen(member: UUID) -> str:
    name = await subject_name(member, today())
    if name is None:
        raise NotFound
    return name


def _to(request: AnyRequest, member: UUID) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/points/balance/{member}", status_code=303)


ROUTES = (balance, credit, undo, proof)
