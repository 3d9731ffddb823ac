"""Pages of classification: the year's board, the programmes, one plan, the register as a workbook."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import NotFound, names, organizations, today
from jiceng.api.files import handed_out
from jiceng.api.pages import PRINTED, Event, Page, Permission, may, needs, record_now
from jiceng.api.turning_round import ProgressForm
from jiceng_classification.forms import ActForm, PlanForm, year_in
from jiceng_classification.plans import queries, service
from jiceng_classification.plans.states import ACT_WORDS, DECIDED_ABOVE, LIFE, STATE_WORDS, Act, State
from jiceng_classification.plans.vocabulary import CAUSES, EXPLAINED, PLUGIN, PROGRAMMES
from jiceng_classification.sheets.writing import register
from jiceng_classification.standing import queries as standing

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_RESULTS)]
TAKING_PART = [needs(Permission.TAKE_PART)]


@get("/", guards=VIEWING)
async def board_page(year: FromQuery[int] = 0) -> Template:
    """Classes of the year, the three programmes, conversion of the weak, who moved."""
    years = await standing.years()
    chosen = year if year in years else (years[0] if years else today().year)
    return Template(
        "classification/board.html",
        context={
            "years": years,
            "year": chosen,
            "board": await standing.board(chosen),
            "plans": await queries.plans(chosen),
            "programmes": PROGRAMMES,
            "explained": EXPLAINED,
        },
    )


@get("/programmes/{programme:str}", guards=VIEWING)
async def programme_page(
    request: AnyRequest,
    programme: FromPath[str],
    year: FromQuery[int] = 0,
    only: FromQuery[str] = "",
    page: FromQuery[int] = 1,
) -> Template:
    """Who belongs to a programme, with plan and progress; `only`: late, none (without a plan).

    Whoever has a plan of this programme stands here too, though the class has changed or there is none.
    """
    if programme not in PROGRAMMES:
        raise NotFound("没有这一类")
    chosen = year_in(year)
    plans, day = await queries.plans(chosen), today()
    everybody = await standing.with_planned(await standing.board(chosen), chosen, plans)
    rows = [(row, plans.get(row.organization)) for row in everybody]
    rows = [(row, plan) for row, plan in rows if programme in {row.programme, plan and plan.programme}]
    if only == "none":
        rows = [(row, plan) for row, plan in rows if plan is None]
    if only == "late":
        rows = [(row, plan) for row, plan in rows if plan and plan.programme == programme and plan.late(day)]
    return Template(
        "classification/programme.html",
        context={
            "programme": programme,
            "explained": EXPLAINED[programme],
            "year": chosen,
            "found": Page.of(rows, page, PRINTED),
            "only": only,
            "day": day,
            "words": STATE_WORDS,
            "may_write": may(request.user, Permission.TAKE_PART),
        },
    )


@get("/register.xlsx", guards=VIEWING)
async def register_file(year: FromQuery[int] = 0) -> Response[bytes]:
    """The year's register as a workbook."""
    chosen = year_in(year)
    plans = await queries.plans(chosen)
    rows = await standing.with_planned(await standing.board(chosen), chosen, plans)
    await record_now(Event.EXPORTED, plugin=PLUGIN, kind="register", rows=len(rows))
    return handed_out(register(rows, plans), f"分类定级台账-{chosen}.xlsx")


@get("/organizations/{organization:uuid}/plan", guards=TAKING_PART)
async def new_plan_page(organization: FromPath[UUID], year: FromQuery[int] = 0) -> Template:
    """The form of a new plan, filled with what is known of the organization."""
    chosen = year_in(year)
    board = await standing.board(chosen)
    rows = board.rows if board else ()
    place = next((row for row in await organizations(today()) if row.id == organization), None)
    if place is None:
        raise NotFound("没有这个组织")
    return Template(
        "classification/plan_form.html",
        context={
            "place": place,
            "year": chosen,
            "plan": None,
            "programme": standing.programme_of(rows, place.id),
            "programmes": PROGRAMMES,
            "causes": CAUSES,
        },
    )


@post("/organizations/{organization:uuid}/plan", guards=TAKING_PART)
async def add_plan(
    request: AnyRequest, organization: FromPath[UUID], data: URLEncodedBody[PlanForm]
) -> Redirect:
    """Keep a new plan."""
    return _to(request, await service.write(data.draft(organization), request.user.id))


@get("/plans/{plan_id:uuid}", guards=VIEWING)
async def plan_page(request: AnyRequest, plan_id: FromPath[UUID]) -> Template:
    """One plan: what is planned, month by month what happened, what may be done next."""
    plan = await queries.plan(plan_id)
    offered = LIFE.allowed(plan.state)
    reports, moves = await queries.reports(plan_id), await queries.moves(plan_id)
    return Template(
        "classification/plan.html",
        context={
            "plan": plan,
            "name": (await names([plan.organization])).get(plan.organization, ""),
            "reports": reports,
            "moves": moves,
            "words": STATE_WORDS,
            "act_words": {act.value: words for act, words in ACT_WORDS.items()},
            "own_acts": [act for act in offered if act not in DECIDED_ABOVE],
            "acts_above": [act for act in offered if act in DECIDED_ABOVE],
            "extend": Act.EXTEND,
            "running": plan.state is State.RUNNING,
            "draft": plan.state is State.DRAFT,
            "day": today(),
            "may_write": may(request.user, Permission.TAKE_PART),
            "may_decide": may(request.user, Permission.CHECK_WORK),
        },
    )


@get("/plans/{plan_id:uuid}/edit", guards=TAKING_PART)
async def edit_plan_page(plan_id: FromPath[UUID]) -> Template:
    """The form of a draft."""
    plan = await queries.plan(plan_id)
    place = next((row for row in await organizations(today()) if row.id == plan.organization), None)
    if place is None:
        raise NotFound("这个组织已经撤销，方案不能再改")
    return Template(
        "classification/plan_form.html",
        context={
            "place": place,
            "year": plan.year,
            "plan": plan,
            "programme": plan.programme,
            "programmes": PROGRAMMES,
            "causes": CAUSES,
        },
    )


@post("/plans/{plan_id:uuid}/edit", guards=TAKING_PART)
async def change_plan(
    request: AnyRequest, plan_id: FromPath[UUID], data: URLEncodedBody[PlanForm]
) -> Redirect:
    """Keep what was changed in a draft."""
    plan = await queries.plan(plan_id)
    await service.rewrite(plan_id, data.draft(plan.organization))
    return _to(request, plan_id)


@post("/plans/{plan_id:uuid}/reports", guards=TAKING_PART)
async def add_report(
    request: AnyRequest, plan_id: FromPath[UUID], data: URLEncodedBody[ProgressForm]
) -> Redirect:
    """Keep a month's progress."""
    await service.report(plan_id, *data.said(), request.user.id)
    return _to(request, plan_id)


@post("/plans/{plan_id:uuid}/start", guards=TAKING_PART)
async def start_plan(request: AnyRequest, plan_id: FromPath[UUID]) -> Redirect:
    """Let the plan run."""
    await service.act(plan_id, Act.START, "", request.user.id)
    return _to(request, plan_id)


@post("/plans/{plan_id:uuid}/hand-in", guards=TAKING_PART)
async def hand_in_plan(request: AnyRequest, plan_id: FromPath[UUID]) -> Redirect:
    """Ask for acceptance."""
    await service.act(plan_id, Act.HAND_IN, "", request.user.id)
    return _to(request, plan_id)


@post("/plans/{plan_id:uuid}/decision", guards=[needs(Permission.CHECK_WORK)])
async def decide_plan(
    request: AnyRequest, plan_id: FromPath[UUID], data: URLEncodedBody[ActForm]
) -> Redirect:
    """Accept, return, extend, stop, reopen, redraft: somebody above, with a reason."""
    wanted = data.wanted()
    await service.act(plan_id, wanted, data.reason, request.user.id, deadline=data.until())
    return _to(request, plan_id)


def _to(request: AnyRequest, plan_id: UUID) -> Redirect:
    slug = request.state.tenant.slug
    return Redirect(f"/t/{slug}/classification/plans/{plan_id}", status_code=303)


PAGES = (
    board_page,
    programme_page,
    register_file,
    new_plan_page,
    add_plan,
    plan_page,
    edit_plan_page,
    change_plan,
    add_report,
    start_plan,
    hand_in_plan,
    decide_plan,
)
