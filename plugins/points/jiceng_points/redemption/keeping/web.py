"""Pages for clerks: the pick-up desk, gifts and stock, the rule of redemption, members paused."""

from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import NotFound, names
from jiceng.api.pages import Permission, needs
from jiceng_points.ledger.forms import count_of
from jiceng_points.people import claimers
from jiceng_points.powers import powers
from jiceng_points.redemption import goods, queries, service
from jiceng_points.redemption.forms import (
    CodeForm,
    GiftForm,
    RuleForm,
    StockForm,
    WhomForm,
)
from jiceng_points.redemption.rules import change_rule, end_pause, pause, pauses, rule_in_force
from jiceng_points.redemption.schemas import Redemption
from jiceng_points.redemption.vocabulary import QUALIFIES_WORDS
from jiceng_points.redemption.web import AnyRequest

HANDING_OUT = [needs(Permission.CHECK_WORK)]
KEEPING = [needs(Permission.MANAGE_SCHEMES)]


@get("/desk", guards=HANDING_OUT)
async def desk(request: AnyRequest, given: FromQuery[UUID | None] = None) -> Template:
    """Type a code; below, what waits for pick-up; above, what was just `given` out."""
    done = await queries.seen_redemption(given) if given else None
    return await _desk(request, given=done if done and done.state == "collected" else None)


@post("/desk", guards=HANDING_OUT, status_code=200)
async def look_up(request: AnyRequest, data: URLEncodedBody[CodeForm]) -> Template:
    """Show whose gift the code opens, before it is handed out."""
    actor = await claimers.actor(request.user)
    return await _desk(request, found=await service.to_hand_out(data.code, by=actor), code=data.code)


@post("/desk/hand-out", guards=HANDING_OUT)
async def hand_out(request: AnyRequest, data: URLEncodedBody[CodeForm]) -> Redirect:
    """Hand the gift out: the points are spent for good."""
    given = await service.hand_out(data.code, by=await claimers.actor(request.user))
    return _to(request, f"desk?given={given.id}")


@get("/stock", guards=KEEPING)
async def stock(request: AnyRequest) -> Template:
    """Every gift with its stock, and a form for a new one."""
    return Template(
        "points/stock.html", context={"gifts": await queries.gifts(), "powers": powers(request.user)}
    )


@post("/stock", guards=KEEPING)
async def add_gift(request: AnyRequest, data: URLEncodedBody[GiftForm]) -> Redirect:
    """Enter a gift."""
    made = await goods.add_gift(data.given(), request.user.id)
    return _to(request, f"stock/{made}")


@get("/stock/{gift:uuid}", guards=KEEPING)
async def gift_page(request: AnyRequest, gift: FromPath[UUID]) -> Template:
    """One gift: its words and price, its stock and every change of it."""
    found = await queries.gift(gift)
    context = {"gift": found, "moves": await queries.moves(gift), "powers": powers(request.user)}
    return Template("points/gift.html", context=context)


@post("/stock/{gift:uuid}", guards=KEEPING)
async def change_gift(request: AnyRequest, gift: FromPath[UUID], data: URLEncodedBody[GiftForm]) -> Redirect:
    """Change a gift's words, price or limit."""
    await queries.gift(gift)
    await goods.change_gift(gift, data.given(), count_of(data.version, "版本"))
    return _to(request, f"stock/{gift}")


@post("/stock/{gift:uuid}/pieces", guards=KEEPING)
async def change_stock(
    request: AnyRequest, gift: FromPath[UUID], data: URLEncodedBody[StockForm]
) -> Redirect:
    """Take pieces in, or count the free ones anew."""
    await queries.gift(gift)
    count = count_of(data.count, "数量")
    if data.act == "count":
        await goods.count_anew(gift, count, request.user.id)
    else:
        await goods.take_in(gift, count, request.user.id)
    return _to(request, f"stock/{gift}")


@get("/redemption-rule", guards=KEEPING)
async def rule_page(request: AnyRequest) -> Template:
    """Who may redeem, how long gifts are held, and who is paused."""
    paused = await pauses()
    return Template(
        "points/rule.html",
        context={
            "rule": await rule_in_force(),
            "qualifies": QUALIFIES_WORDS,
            "paused": paused,
            "names": await names([one.member for one in paused]),
            "powers": powers(request.user),
        },
    )


@post("/redemption-rule", guards=KEEPING)
async def save_rule(request: AnyRequest, data: URLEncodedBody[RuleForm]) -> Redirect:
    """Put another rule into force."""
    await change_rule(data.rule(), request.user.id)
    return _to(request, "redemption-rule")


@post("/pauses", guards=KEEPING)
async def add_pause(request: AnyRequest, data: URLEncodedBody[WhomForm]) -> Redirect:
    """Let a member redeem nothing for the time being."""
    found = await claimers.by_number(data.number)
    if found.member is None:
        raise NotFound("名册里没有这个党员", "党员编号", "请填写党员编号")
    await pause(found.member, request.user.id)
    return _to(request, "redemption-rule")


@post("/pauses/{pause_id:uuid}/end", guards=KEEPING)
async def remove_pause(request: AnyRequest, pause_id: FromPath[UUID]) -> Redirect:
    """Let a member redeem again."""
    await end_pause(pause_id, request.user.id)
    return _to(request, "redemption-rule")


async def _desk(
    request: AnyRequest, *, found: Redemption | None = None, given: Redemption | None = None, code: str = ""
) -> Template:
    rows = await queries.open_ones()
    return Template(
        "points/desk.html",
        context={
            "rows": rows,
            "whole": await queries.count_open(),
            "names": await names([one.member for one in (*rows, found, given) if one is not None]),
            "found": found,
            "given": given,
            "code": code,
            "powers": powers(request.user),
        },
    )


def _to(request: AnyRequest, place: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/points/{place}", status_code=303)


ROUTES = (
    desk,
    look_up,
    hand_out,
    stock,
    add_gift,
    gift_page,
    change_gift,
    change_stock,
    rule_page,
    save_rule,
    add_pause,
    remove_pause,
)
