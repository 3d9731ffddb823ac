"""Pages of the rhythm: overview, dispatch, half-year review, own lists, rewards and penalties, year end."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import NotFound, today
from jiceng.api.files import handed_out
from jiceng.api.pages import Event, Permission, may, needs, record_now
from jiceng.api.typed import needed_day, read_year, refuse
from jiceng_points.claims import own_lists
from jiceng_points.forms import needed_number, year_of
from jiceng_points.people import claimers
from jiceng_points.rhythm import queries, service
from jiceng_points.rhythm.charts import month_bars
from jiceng_points.rhythm.review_sheet import review_workbook
from jiceng_points.shelf.words import KINDS

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]
ENTERING = [needs(Permission.ENTER_FACTS)]
CHECKING = [needs(Permission.CHECK_WORK)]
PAGE = 100  # organizations to a page


class AdjustmentForm(msgspec.Struct, frozen=True):
    """A reward or penalty as typed."""

    number: str = ""
    kind: str = ""
    worth: str = ""
    day: str = ""
    reason: str = ""


class DecisionForm(msgspec.Struct, frozen=True):
    """Yes or no, with words where they are needed."""

    agreed: str = ""
    words: str = ""


class YearForm(msgspec.Struct, frozen=True):
    """The year that is ended, as its page shows it."""

    year: str = ""


class ApplyForm(msgspec.Struct, frozen=True):
    """An application of a special case."""

    number: str = ""
    reason: str = ""
    tasks: str = ""


@get("/overview", guards=VIEWING)
async def overview_page(year: FromQuery[int] = 0, page: FromQuery[int] = 1) -> Template:
    """How the year goes: by organization, by kind and month, and what will be missed at this pace."""
    chosen = year_of(year, today())
    rows = await queries.standings(chosen)
    pages = max(1, -(-len(rows) // PAGE))
    shown = min(max(page, 1), pages)
    done = await queries.items_done(chosen)
    months = queries.by_month(done)
    return Template(
        "points/overview.html",
        context={
            "year": chosen,
            "this_year": today().year,
            "rows": rows,
            "shown": rows[(shown - 1) * PAGE : shown * PAGE],
            "page": shown,
            "pages": pages,
            "bars": month_bars(months),
            "months": months,
            "kinds": KINDS,
            "outlook": await queries.required_outlook(chosen, done),
        },
    )


@get("/dispatch", guards=VIEWING)
async def dispatch_page(
    request: AnyRequest,
    list_: FromQuery[UUID | None] = None,
    organization: FromQuery[UUID | None] = None,
    page: FromQuery[int] = 1,
) -> Template:
    """One month's list of what is late; the latest unless another is asked for."""
    made = await queries.dispatches()
    chosen = next((one for one in made if one.id == list_), made[0] if made and list_ is None else None)
    if list_ is not None and chosen is None:
        raise NotFound("没有这个月的调度清单")
    return Template(
        "points/dispatch.html",
        context={
            "made": made,
            "chosen": chosen,
            "rows": await queries.dispatch(chosen.id) if chosen else [],
            "lines": await queries.dispatch_lines(chosen.id, organization, page) if chosen else None,
            "organization": organization,
            "why": queries.WHY,
            "may_make": may(request.user, Permission.MANAGE_PERIODS),
        },
    )


@post("/dispatch", guards=[needs(Permission.MANAGE_PERIODS)])
async def make_dispatch(request: AnyRequest) -> Redirect:
    """Make this month's list now, unless there is one."""
    await service.make_dispatch(today(), today())
    return _to(request, "dispatch")


@get("/review", guards=VIEWING)
async def review_page(half: FromQuery[int] = 0, year: FromQuery[int] = 0) -> Template:
    """The half-year review sheet, by organization."""
    chosen, which, first, last = _half(year, half)
    rows = await queries.standings(chosen, (first, last))
    context = {"year": chosen, "half": which, "rows": rows, "first": first, "last": last}
    return Template("points/review.html", context=context)


@get("/review.xlsx", guards=VIEWING)
async def review_sheet(half: FromQuery[int] = 0, year: FromQuery[int] = 0) -> Response[bytes]:
    """The same as a workbook."""
    chosen, which, first, last = _half(year, half)
    rows = await queries.standings(chosen, (first, last))
    await record_now(Event.EXPORTED, kind="points_review", rows=len(rows))
    half_year = "上半年" if which == 1 else "下半年"
    return handed_out(review_workbook(rows, today()), f"半年述职-{chosen}-{half_year}.xlsx")


@get("/own-lists", guards=VIEWING)
async def own_lists_page(request: AnyRequest, year: FromQuery[int] = 0, page: FromQuery[int] = 1) -> Template:
    """Special cases of a year: applied, studied by the branch, on file."""
    chosen = year_of(year, today())
    return Template(
        "points/own_lists.html",
        context={
            "found": await own_lists.own_lists(chosen, page),
            "year": chosen,
            "this_year": today().year,
            "may_apply": may(request.user, Permission.TAKE_PART),
            "may_check": may(request.user, Permission.CHECK_WORK),
            "may_file": may(request.user, Permission.CHECK_WORK) and request.user.reach.everything,
        },
    )


@post("/own-lists", guards=[needs(Permission.TAKE_PART)])
async def apply(request: AnyRequest, data: URLEncodedBody[ApplyForm]) -> Redirect:
    """Apply for a member, or for oneself."""
    by = await claimers.actor(request.user)
    member = (await claimers.by_number(data.number)).member if data.number.strip() else by.member
    if member is None:
        raise NotFound("没有这位党员", todo_zh="请填写党员编号")
    await own_lists.apply(member, today().year, data.reason, data.tasks, by=by)
    return _to(request, "own-lists")


@post("/own-lists/{own_list:uuid}/study", guards=CHECKING)
async def study(
    request: AnyRequest, own_list: FromPath[UUID], data: URLEncodedBody[DecisionForm]
) -> Redirect:
    """What the branch says."""
    by = await claimers.actor(request.user)
    year = await own_lists.study(own_list, data.words, agreed=data.agreed == "yes", by=by)
    return _to(request, f"own-lists?year={year}")


@post("/own-lists/{own_list:uuid}/file", guards=CHECKING)
async def file_list(
    request: AnyRequest, own_list: FromPath[UUID], data: URLEncodedBody[DecisionForm]
) -> Redirect:
    """What the committee says."""
    by = await claimers.actor(request.user)
    year = await own_lists.file(own_list, data.words, agreed=data.agreed == "yes", by=by)
    return _to(request, f"own-lists?year={year}")


@get("/adjustments", guards=ENTERING)
async def adjustments_page(
    request: AnyRequest, year: FromQuery[int] = 0, page: FromQuery[int] = 1
) -> Template:
    """Rewards and penalties of a year."""
    chosen = year_of(year, today())
    return Template(
        "points/adjustments.html",
        context={
            "found": await service.adjustments(chosen, page),
            "year": chosen,
            "this_year": today().year,
            "kinds": service.ADJUSTMENTS,
            "most": service.MOST_ADJUSTED,
            "today": today(),
            "me": request.user.id,
            "may_decide": may(request.user, Permission.CHECK_WORK),
        },
    )


@post("/adjustments", guards=ENTERING)
async def propose(request: AnyRequest, data: URLEncodedBody[AdjustmentForm]) -> Redirect:
    """Propose a reward or penalty."""
    by = await claimers.actor(request.user)
    claimer = await claimers.by_number(data.number)
    if claimer.member is None:
        raise NotFound("没有这位党员", where=data.number[:40], todo_zh="请填写党员编号")
    faults: list[str] = []
    worth, day = needed_number(data.worth, "分值", faults), needed_day(data.day, "日期", faults)
    refuse(faults, "")
    await service.propose(claimer.member, data.kind, worth, day, data.reason, by=by)
    return _to(request, f"adjustments?year={day.year}")


@post("/adjustments/{adjustment:uuid}/decide", guards=CHECKING)
async def decide(
    request: AnyRequest, adjustment: FromPath[UUID], data: URLEncodedBody[DecisionForm]
) -> Redirect:
    """Confirm or refuse a proposed one."""
    by = await claimers.actor(request.user)
    year = await service.decide(adjustment, agreed=data.agreed == "yes", by=by)
    return _to(request, f"adjustments?year={year}")


@get("/year-end", guards=[needs(Permission.OPEN_RUN)])
async def year_end_page(year: FromQuery[int] = 0) -> Template:
    """What still stands in the way of the year-end run, and the button that starts it."""
    chosen = year_of(year, today())
    context = {
        "year": chosen,
        "this_year": today().year,
        "checks": await queries.year_end_checks(chosen),
    }
    return Template("points/year_end.html", context=context)


@post("/year-end", guards=[needs(Permission.OPEN_RUN)])
async def close_year(request: AnyRequest, data: URLEncodedBody[YearForm]) -> Redirect:
    """Lapse what is overdue, hand everything in, open the run; its results are proposals."""
    faults: list[str] = []
    year = read_year(data.year, "年度", faults)
    refuse(faults, "年终评定")
    run = await service.close_year(year, by=request.user.id)
    return Redirect(f"/t/{request.state.tenant.slug}/runs/{run.id}", status_code=303)


def _half(year: int, half: int) -> tuple[int, int, date, date]:
    chosen = year_of(year, today())
    which = half if half in (1, 2) else (1 if today().month <= 6 else 2)  # noqa: PLR2004 - months of a half
    if which == 1:
        return chosen, 1, date(chosen, 1, 1), date(chosen, 6, 30)
    return chosen, 2, date(chosen, 7, 1), date(chosen, 12, 31)


def _to(request: AnyRequest, path: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/points/{path}", status_code=303)


PAGES = (
    overview_page,
    dispatch_page,
    make_dispatch,
    review_page,
    review_sheet,
    own_lists_page,
    apply,
    study,
    file_list,
    adjustments_page,
    propose,
    decide,
    year_end_page,
    close_year,
)
