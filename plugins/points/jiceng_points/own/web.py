"""The member's own page by account (/my) and by one-time link (/me), and the card others see of him."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import NotFound, Refusal, today
from jiceng.api.database import current_tenant, fetch_value
from jiceng.api.pages import READS, Event, Permission, anyone, needs, record_now
from jiceng.api.roster import looking_as_member
from jiceng.api.typed import read_day, single
from jiceng_points.claims import links, service
from jiceng_points.claims.web import LARGEST_BODY, DoneForm, proof_of
from jiceng_points.own.showing import own_page
from jiceng_points.people import claimers
from jiceng_points.people.schemas import Actor
from jiceng_points.shelf.asking.web import caller_of

AnyRequest = Request[Any, Any, Any]
TAKING_PART = [needs(Permission.TAKE_PART)]
ENTERING = [needs(Permission.ENTER_FACTS)]
VIEWING = [needs(Permission.VIEW_FACTS)]
PRIVATE = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


class PlanForm(msgspec.Struct, frozen=True):
    """When it is meant to be done."""

    planned: str = ""


@get("/members/{member:uuid}", guards=VIEWING)
async def card_page(request: AnyRequest, member: FromPath[UUID]) -> Template:
    """The card of one member: points by kind, every claim, the forecast."""
    await claimers.member(member)
    await record_now(Event.MEMBER_READ, ("member", member))
    return Template(
        "points/member.html", context={"card": await own_page(member, today().year), "user": request.user}
    )


@post("/members/{member:uuid}/link", guards=ENTERING, status_code=200)
async def make_link(request: AnyRequest, member: FromPath[UUID]) -> Template:
    """Make a one-time link for a member without account; shown once."""
    token = await links.make_link(member, by=request.user.id)
    address = f"{str(request.base_url).rstrip('/')}/t/{request.state.tenant.slug}/points/m/{token}"
    context = {"address": address, "member": member, "days": links.LINK_DAYS, "hours": links.VISIT_HOURS}
    return Template("points/link.html", context=context, headers=PRIVATE)


@get("/my", guards=TAKING_PART)
async def my_page(request: AnyRequest) -> Template:
    """One's own page, by account."""
    member = (await claimers.actor(request.user)).member
    return Template("points/nobody.html") if member is None else await _page("my", member)


@post("/my/claim/{item:uuid}", guards=TAKING_PART)
async def my_claim(request: AnyRequest, item: FromPath[UUID], data: URLEncodedBody[PlanForm]) -> Redirect:
    """Claim for oneself."""
    member = await _mine(request)
    planned = single(read_day, data.planned, "打算哪天做")
    await service.claim(
        item, await claimers.member(member), planned=planned, by=Actor(request.user.id, member)
    )
    return _to(request, "my")


@get("/m/{link:str}", guards=[anyone])
async def link_page(request: AnyRequest, link: FromPath[str]) -> Template:
    """Behind a one-time link: a button that opens it, so that a preview does not use it up."""
    await links.waits(link, caller=caller_of(request))
    return Template("points/open_link.html", context={"link": link}, headers=PRIVATE)


@post("/m/{link:str}", guards=[anyone])
async def open_link(request: AnyRequest, link: FromPath[str]) -> Redirect:
    """Use the link up: this device sees the member's page for some hours."""
    visit = await links.open_link(link, caller=caller_of(request))
    production = request.app.state.settings.production
    cookie = Cookie(
        COOKIE,
        value=visit,
        path=f"/t/{request.state.tenant.slug}/points/me",
        httponly=True,
        samesite="strict",
        secure=production,
        max_age=links.VISIT_HOURS * 3600,
    )
    return Redirect(f"/t/{request.state.tenant.slug}/points/me", status_code=303, cookies=[cookie])


@get("/me", guards=[anyone])
async def me_page(request: AnyRequest) -> Template:
    """The member's own page on the device that opened his link; on any other, where to get one."""
    if not await links.is_visiting(request.cookies.get(COOKIE, "")):
        return Template("points/over.html", headers=PRIVATE)
    async with _visiting(request) as member:
        await record_now(Event.MEMBER_READ, ("member", member))
        return await _page("me", member)


@post("/me/claim/{item:uuid}", guards=[anyone])
async def me_claim(request: AnyRequest, item: FromPath[UUID], data: URLEncodedBody[PlanForm]) -> Redirect:
    """Claim for oneself, by link."""
    async with _visiting(request) as member:
        planned = single(read_day, data.planned, "打算哪天做")
        await service.claim(item, await claimers.member(member), planned=planned, by=Actor(None, member))
    return _to(request, "me")


@post("/me/claims/{claim:uuid}/complete", guards=[anyone], request_max_body_size=LARGEST_BODY)
async def me_complete(
    request: AnyRequest, claim: FromPath[UUID], data: MultipartBody[DoneForm]
) -> Response[Any]:
    """Report one's own claim done, by link."""
    async with _visiting(request) as member:
        try:
            await service.complete(claim, proof_of(data), by=Actor(None, member))
        except NotFound:
            raise
        except Refusal as refused:
            return await _page("me", member, refused)
    return _to(request, "me")


@post("/me/claims/{claim:uuid}/withdraw", guards=[anyone])
async def me_withdraw(request: AnyRequest, claim: FromPath[UUID]) -> Redirect:
    """Give one's own claim back, by link."""
    async with _visiting(request) as member:
        await service.withdraw(claim, by=Actor(None, member))
    return _to(request, "me")


@post("/me/close", guards=[anyone], status_code=200, opt={READS: True})
async def me_close(request: AnyRequest) -> Template:
    """End the visit on this device."""
    await links.end_visit(request.cookies.get(COOKIE, ""))
    return Template("points/closed.html")


COOKIE = "jiceng-points-visit"


@asynccontextmanager
async def _visiting(request: AnyRequest) -> AsyncIterator[UUID]:
    """The member whose link this device opened; inside, nothing but him is seen."""
    member = await links.visitor(request.cookies.get(COOKIE, ""))
    number = await fetch_value(
        "select number from member where tenant_id = $1 and id = $2", current_tenant(), member
    )
    with looking_as_member(number):
        yield member


async def _mine(request: AnyRequest) -> UUID:
    member = (await claimers.actor(request.user)).member
    if member is None:
        raise NotFound("您的账号没有对应的党员", todo_zh="请管理员在账号里填写您的党员编号")
    return member


async def _page(base: str, member: UUID, refused: Refusal | None = None) -> Template:
    context = {
        "page": await own_page(member, today().year),
        "base": base,
        "refused": refused,
        "today": today(),
    }
    return Template(
        "points/own.html", context=context, headers=PRIVATE, status_code=refused.status if refused else 200
    )


def _to(request: AnyRequest, path: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/points/{path}", status_code=303)


PAGES = (
    card_page,
    make_link,
    my_page,
    my_claim,
    link_page,
    open_link,
    me_page,
    me_claim,
    me_complete,
    me_withdraw,
    me_close,
)
