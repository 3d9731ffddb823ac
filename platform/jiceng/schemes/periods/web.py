"""Pages of periods and of the working-day calendar."""

from typing import Any
from uuid import UUID

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, may, needs
from jiceng.kernel.clock import today
from jiceng.kernel.typed import needed_day, single
from jiceng.roster.queries import organizations
from jiceng.schemes.periods import closing, keeping
from jiceng.schemes.periods.forms import DayForm, OpenForm, ReasonForm, ReopenForm, YearForm

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_SCHEMES)]
MANAGING = [needs(Permission.MANAGE_PERIODS)]
KINDS = {"month": "月", "quarter": "季度", "half": "半年", "year": "年"}
YEARS = range(2000, 2100)


@get("/periods", guards=VIEWING)
async def periods_page(request: AnyRequest, reopen: FromQuery[str] = "") -> Template:
    """Every period with its state, who may still hand in facts, and who closed or opened it and why.

    `reopen`: the period whose form of re-opening is shown; each has a list of all organizations.
    """
    managing = may(request.user, Permission.MANAGE_PERIODS)
    return Template(
        "schemes/periods.html",
        context={
            "periods": await closing.shown(),
            "kinds": KINDS,
            "today": today(),
            "reopen": reopen,
            "places": await organizations(today()) if managing and reopen else [],
            "may_manage": managing,
        },
    )


@post("/periods", guards=MANAGING)
async def open_one(request: AnyRequest, data: URLEncodedBody[OpenForm]) -> Redirect:
    """Open a period."""
    await closing.open_by_hand(data.kind, single(needed_day, data.day, "日期"), by=request.user.id)
    return _back(request, "periods")


@post("/periods/{period:uuid}/close", guards=MANAGING)
async def close_one(
    request: AnyRequest, period: FromPath[UUID], data: URLEncodedBody[ReasonForm]
) -> Redirect:
    """Close a period with a reason."""
    await closing.close(period, data.reason, by=request.user.id)
    return _back(request, "periods")


@post("/periods/{period:uuid}/reopen", guards=MANAGING)
async def reopen_one(
    request: AnyRequest, period: FromPath[UUID], data: URLEncodedBody[ReopenForm]
) -> Redirect:
    """Open a closed period again, for one organization or for everybody."""
    await closing.reopen(period, data.reason, data.place(), by=request.user.id)
    return _back(request, "periods")


@get("/calendar", guards=VIEWING)
async def calendar_page(request: AnyRequest, year: FromQuery[int] = 0) -> Template:
    """The days of a year that are not plain Monday to Friday; a year nobody entered is asked for."""
    chosen = year if year in YEARS else today().year
    return Template(
        "schemes/calendar.html",
        context={
            "shown": await keeping.year_shown(chosen),
            "years": YEARS,
            "today": today(),
            "may_manage": may(request.user, Permission.MANAGE_PERIODS),
        },
    )


@post("/calendar/day", guards=MANAGING)
async def change_day(request: AnyRequest, data: URLEncodedBody[DayForm]) -> Redirect:
    """Make one day a working day or a day off."""
    day = single(needed_day, data.day, "日期")
    await keeping.set_day(day, working=data.working == "yes", note=data.note, by=request.user.id)
    return _back(request, f"calendar?year={day.year}")


@post("/calendar/year", guards=MANAGING)
async def enter_year(request: AnyRequest, data: URLEncodedBody[YearForm]) -> Redirect:
    """Enter the holidays of a year that the platform does not know, or correct them."""
    year = data.chosen()
    await keeping.enter_year(year, data.source, data.off, data.working, by=request.user.id)
    return _back(request, f"calendar?year={year}")


def _back(request: AnyRequest, path: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/{path}", status_code=303)


router = Router(
    "/t/{tenant:str}",
    route_handlers=[
        periods_page,
        open_one,
        close_one,
        reopen_one,
        calendar_page,
        change_day,
        enter_year,
    ],
)
