"""Pages for members and those who act for them: the catalogue, redeeming, one's redemptions."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import Conflict, NotFound, names, today
from jiceng.api.database import new_id
from jiceng.api.pages import Permission, may, needs
from jiceng.api.roster import subject_name
from jiceng_points.ledger import queries as ledger
from jiceng_points.people import claimers
from jiceng_points.people.schemas import Actor
from jiceng_points.powers import powers
from jiceng_points.redemption import queries, service
from jiceng_points.redemption.forms import RedeemForm, WhomForm
from jiceng_points.redemption.rules import rule_in_force, standing

AnyRequest = Request[Any, Any, Any]
TAKING_PART = [needs(Permission.TAKE_PART)]


@get("/gifts", guards=TAKING_PART)
async def catalogue(request: AnyRequest, member: FromQuery[UUID | None] = None) -> Template:
    """What points can be exchanged for, and whether this member may; phone-sized."""
    actor = await claimers.actor(request.user)
    whom = await _whom(request, actor, member) if member or actor.member else None
    gifts, rule = await queries.gifts(offered=True), await rule_in_force()
    return Template(
        "points/gifts.html",
        context={
            "gifts": gifts,
            "forms": {gift.id: new_id() for gift in gifts},
            "whom": whom,
            "name": (await names([whom])).get(whom, "") if whom else "",
            "mine": whom is not None and whom == actor.member,
            "balance": await ledger.balance(whom) if whom else None,
            "waiting": await ledger.waiting(whom) if whom else None,
            "standing": await standing(whom, rule) if whom else None,
            "waits": [one for one in await queries.of_member(whom) if one.state == "held"] if whom else [],
            "rule": rule,
            "powers": powers(request.user),
        },
    )


@post("/gifts/for", guards=TAKING_PART)
async def choose_whom(request: AnyRequest, data: URLEncodedBody[WhomForm]) -> Redirect:
    """Find the member to act for by number; it is typed here so that no address holds it."""
    _refuse_acting(request)
    found = await claimers.by_number(data.number)
    if found.member is None:
        raise NotFound("名册里没有这个党员", "党员编号", "请填写党员编号")
    return _to(request, f"gifts?member={found.member}")


@post("/gifts/{gift:uuid}/redeem", guards=TAKING_PART)
async def redeem(request: AnyRequest, gift: FromPath[UUID], data: URLEncodedBody[RedeemForm]) -> Redirect:
    """Hold a gift for oneself, or for a member one acts for."""
    await queries.gift(gift)
    actor = await claimers.actor(request.user)
    member = await _whom(request, actor, data.whom())
    await service.redeem(data.made(), gift, member, by=actor)
    return _to(request, f"redemptions?member={member}")


@get("/redemptions", guards=TAKING_PART)
async def redemptions(request: AnyRequest, member: FromQuery[UUID | None] = None) -> Template:
    """A member's redemptions with the codes of those that wait."""
    actor = await claimers.actor(request.user)
    whom = await _whom(request, actor, member) if member or actor.member else None
    return Template(
        "points/redemptions.html",
        context={
            "rows": await queries.of_member(whom) if whom else [],
            "whom": whom,
            "name": (await names([whom])).get(whom, "") if whom else "",
            "mine": whom is not None and whom == actor.member,
            "balance": await ledger.balance(whom) if whom else None,
            "powers": powers(request.user),
        },
    )


@post("/redemptions/{redemption:uuid}/cancel", guards=TAKING_PART)
async def cancel(request: AnyRequest, redemption: FromPath[UUID]) -> Redirect:
    """Give the gift up: points and gift go back."""
    found = await queries.seen_redemption(redemption)
    actor = await claimers.actor(request.user)
    await _whom(request, actor, found.member)
    await service.cancel(redemption, by=actor)
    return _to(request, f"redemptions?member={found.member}")


async def _whom(request: AnyRequest, actor: Actor, member: UUID | None) -> UUID:
    """The member acted for: oneself, or one that is seen here by somebody who may act for others."""
    if member is None:
        if actor.member is None:
            raise Conflict(
                "这个账号没有对应党员",
                "兑换",
                "请先选择为哪位党员办理",
                what_en="this account belongs to no member",
                todo_en="choose the member to act for first",
            )
        return actor.member
    if member != actor.member:
        _refuse_acting(request)
        if await subject_name(member, today()) is None:
            raise NotFound
    return member


def _refuse_acting(request: AnyRequest) -> None:
    if not may(request.user, Permission.ENTER_FACTS):
        raise NotFound


def _to(request: AnyRequest, place: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/points/{place}", status_code=303)


ROUTES = (catalogue, choose_whom, redeem, redemptions, cancel)
