"""Pages of campaigns: the list, opening one, how far it is, the differences, its dates and its end."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, may, needs
from jiceng.facts.campaigns import campaigns, progress, settling, withdrawing
from jiceng.facts.campaigns.forms import DAYS, LINES, Form, dates_in, day_in, lines_in, place_in
from jiceng.facts.campaigns.opening import offered, proposed
from jiceng.facts.campaigns.stages import ORDER, STAGE_NAMES
from jiceng.kernel.clock import today
from jiceng.kernel.crypto.hidden import hide, shown
from jiceng.kernel.errors import Refusal
from jiceng.kernel.forms import known_fields
from jiceng.kernel.paging import Page
from jiceng.kernel.typed import needed_day, single
from jiceng.roster.queries import organizations

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]
MANAGING = [needs(Permission.MANAGE_PERIODS)]
ROWS = 100
AT = "/campaigns/{campaign:uuid}"
BLANK = dict.fromkeys(("title", "day", *DAYS), "")
ASKED = known_fields("title", "day", "proof", *DAYS, LINES)
REOPENED = known_fields("organization", "stage", "until", "reason")


@get("/campaigns", guards=VIEWING)
async def campaigns_page(request: AnyRequest, page: FromQuery[int] = 1) -> Template:
    """Every campaign with its stage, and the schemes one can be opened for."""
    managing = may(request.user, Permission.MANAGE_PERIODS)
    context = {
        "found": Page.of(await campaigns.campaigns(), page),
        "today": today(),
        "stages": STAGE_NAMES,
        "offered": await offered() if managing else [],
    }
    return Template("facts/campaigns.html", context=context)


@get("/campaigns/new/{key:str}", guards=MANAGING)
async def new_page(key: FromPath[str]) -> Template:
    """The form that opens a campaign of a scheme."""
    return await _new_page(key)


@post("/campaigns/new/{key:str}", guards=MANAGING, opt=ASKED)
async def open_one(
    request: AnyRequest, key: FromPath[str], data: URLEncodedBody[Form]
) -> Redirect | Template:
    """Open a campaign; what is wrong is told on the form, with what was filled in."""
    try:
        made = await campaigns.open_campaign(
            key,
            single(needed_day, data.get("day", ""), "评定期间"),
            data.get("title", ""),
            dates_in(data),
            lines=lines_in(data),
            proof="proof" in data,
            by=request.user.id,
        )
    except Refusal as refused:
        return await _new_page(key, data, refused)
    return _to(request, made)


@get(AT, guards=VIEWING)
async def campaign_page(
    request: AnyRequest,
    campaign: FromPath[UUID],
    town: FromQuery[str] = "",
    name: FromQuery[str] = "",
    page: FromQuery[int] = 1,
) -> Template:
    """How far a campaign is: coverage by organization, every subject's sheets, what can be done."""
    return await _campaign_page(request, campaign, (town, name, page))


@post(f"{AT}/next", guards=MANAGING, opt=known_fields("stage"))
async def next_stage(request: AnyRequest, campaign: FromPath[UUID], data: URLEncodedBody[Form]) -> Redirect:
    """Begin the next stage before its time."""
    await campaigns.move_on(campaign, data.get("stage", ""))
    return _to(request, campaign)


@post(f"{AT}/dates", guards=MANAGING, opt=known_fields(*DAYS))
async def new_dates(request: AnyRequest, campaign: FromPath[UUID], data: URLEncodedBody[Form]) -> Redirect:
    """Change the days of the stages."""
    await campaigns.campaign(campaign)
    await campaigns.change_dates(campaign, dates_in(data))
    return _to(request, campaign)


@post(f"{AT}/reopen", guards=MANAGING, opt=REOPENED)
async def reopen(request: AnyRequest, campaign: FromPath[UUID], data: URLEncodedBody[Form]) -> Redirect:
    """Open a stage again for one organization, with a reason."""
    await campaigns.campaign(campaign)
    await campaigns.reopen(
        campaign,
        place_in(data),
        data.get("stage", ""),
        day_in(data, "until", "开放到"),
        data.get("reason", ""),
        by=request.user.id,
    )
    return _to(request, campaign)


@post(f"{AT}/close", guards=MANAGING)
async def close(request: AnyRequest, campaign: FromPath[UUID]) -> Redirect | Template:
    """End the campaign: what the department rated becomes facts."""
    await campaigns.campaign(campaign)
    try:
        await settling.close(campaign, by=request.user.id)
    except Refusal as refused:
        return await _campaign_page(request, campaign, refused=refused)
    return _to(request, campaign)


@post(f"{AT}/withdraw", guards=MANAGING, opt=known_fields("reason"))
async def withdraw(
    request: AnyRequest, campaign: FromPath[UUID], data: URLEncodedBody[Form]
) -> Redirect | Template:
    """Withdraw a campaign opened by mistake, with a reason."""
    await campaigns.campaign(campaign)
    try:
        await withdrawing.withdraw(campaign, data.get("reason", ""), by=request.user.id)
    except Refusal as refused:
        return await _campaign_page(request, campaign, refused=refused)
    return _to(request, campaign)


@get(f"{AT}/differences", guards=VIEWING)
async def differences_page(campaign: FromPath[UUID], page: FromQuery[int] = 1) -> Template:
    """Where self-rating, superior and department do not agree, the widest gap first."""
    info = await campaigns.campaign(campaign)
    found = await progress.differences(info)
    context = {"info": info, "stages": STAGE_NAMES, "found": Page.of(found, page, ROWS)}
    return Template("facts/differences.html", context=context)


async def _new_page(key: str, form: Form | None = None, refused: Refusal | None = None) -> Template:
    found = await proposed(key)
    context = {"proposed": found, "form": found.form() if form is None else BLANK | form, "refused": refused}
    return Template(
        "facts/campaign_new.html", context=context, status_code=refused.status if refused else 200
    )


async def _campaign_page(
    request: AnyRequest,
    campaign: UUID,
    wanted: tuple[str, str, int] = ("", "", 1),
    refused: Refusal | None = None,
) -> Template:
    info = await campaigns.campaign(campaign)
    user = request.user
    found, mine = await progress.overview(
        info, own=may(user, Permission.TAKE_PART), review=may(user, Permission.CHECK_WORK)
    )
    town, name, page = wanted[0], await shown(wanted[1]), wanted[2]
    chosen = [
        one
        for one in found
        if (not town or one.place.town == town) and name.strip() in f"{one.place.number} {one.place.name}"
    ]
    stage = info.stage(today())
    context = {
        "info": info,
        "stage": stage,
        "passed": ORDER.index(stage),
        "order": ORDER,
        "stages": STAGE_NAMES,
        "words": progress.STATE_NAMES,
        "today": today(),
        "coverage": progress.coverage(info.dates.stages(), found),
        "found": Page.of(chosen, page, ROWS),
        "town": town,
        "name": name,
        "hidden": await hide(name),
        "total": len(found),
        "reopenings": await campaigns.reopenings(info.id),
        "places": await organizations(today()) if may(request.user, Permission.MANAGE_PERIODS) else [],
        "mine": mine,
        "refused": refused,
    }
    status = refused.status if refused else 200
    return Template("facts/campaign.html", context=context, status_code=status)


def _to(request: AnyRequest, campaign: UUID) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/campaigns/{campaign}", status_code=303)


CAMPAIGN_PAGES = (
    campaigns_page,
    new_page,
    open_one,
    campaign_page,
    next_stage,
    new_dates,
    reopen,
    close,
    withdraw,
    differences_page,
)
