"""Pages of help: who is to be helped, one plan, its months, its acceptance."""

from __future__ import annotations

from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import today
from jiceng.api.pages import PRINTED, Page, Permission, may
from jiceng.api.turning_round import ProgressForm
from jiceng_double_strong_six_good.doors import CHECKING, TAKING_PART, TEMPLATES, VIEWING, AnyRequest, back
from jiceng_double_strong_six_good.firms.queries import firm, firms
from jiceng_double_strong_six_good.forms import year_in, year_of
from jiceng_double_strong_six_good.help import queries, service
from jiceng_double_strong_six_good.help.forms import ActForm, HelpForm
from jiceng_double_strong_six_good.help.states import (
    ACT_WORDS,
    DECIDED_ABOVE,
    LIFE,
    OWN_ACTS,
    STATE_WORDS,
    Act,
    State,
)
from jiceng_double_strong_six_good.history.queries import moves
from jiceng_double_strong_six_good.standing import queries as standing
from jiceng_double_strong_six_good.vocabulary import WEAK

FURTHER_WORDS = {"write": "拟定方案", "rewrite": "修改方案", "report": "报进展", "brought": "由表格导入"}


@get("/help", guards=VIEWING)
async def help_page(
    request: AnyRequest, year: FromQuery[int] = 0, only: FromQuery[str] = "", page: FromQuery[int] = 1
) -> Template:
    """Enterprises of the last tier and whoever has a plan; `only`: none (without a plan), late."""
    chosen, day, seen = year_in(year), today(), await firms(today())
    board, plans = await standing.board(chosen, seen), await queries.plans(chosen, seen)
    weak = {row.firm.id: row for row in board.rows if row.tier == WEAK} if board else {}
    listed = [seen[unit] for unit in dict.fromkeys([*weak, *plans]) if unit in seen]
    rows = [(one, weak.get(one.id), plans.get(one.id)) for one in listed]
    if only == "none":
        rows = [row for row in rows if row[2] is None]
    if only == "late":
        rows = [row for row in rows if row[2] and row[2].late(day)]
    return Template(
        f"{TEMPLATES}/help.html",
        context={
            "year": chosen,
            "years": sorted({*await standing.years(), day.year, day.year - 1, chosen}, reverse=True),
            "found": Page.of(rows, page, PRINTED),
            "only": only,
            "day": day,
            "words": STATE_WORDS,
            "may_write": may(request.user, Permission.TAKE_PART),
        },
    )


@get("/enterprises/{firm_id:uuid}/help", guards=TAKING_PART)
async def new_help_page(firm_id: FromPath[UUID], year: FromQuery[int] = 0) -> Template:
    """The form of a new plan."""
    context = {"firm": await firm(firm_id), "year": year_in(year), "plan": None}
    return Template(f"{TEMPLATES}/help_form.html", context=context)


@post("/enterprises/{firm_id:uuid}/help", guards=TAKING_PART)
async def add_help(request: AnyRequest, firm_id: FromPath[UUID], data: URLEncodedBody[HelpForm]) -> Redirect:
    """Keep a new plan."""
    made = await service.write(firm_id, year_of(data.year), data.draft(), request.user.id)
    return back(request, f"help/{made}")


@get("/help/{help_plan:uuid}", guards=VIEWING)
async def help_plan_page(request: AnyRequest, help_plan: FromPath[UUID]) -> Template:
    """One plan: what is planned, month by month what happened, what may be done next."""
    plan = await queries.plan(help_plan)
    offered = LIFE.allowed(plan.state)
    return Template(
        f"{TEMPLATES}/help_plan.html",
        context={
            "plan": plan,
            "firm": await firm(plan.unit),
            "progress": await queries.progress(help_plan),
            "moves": await moves(help_plan),
            "words": STATE_WORDS,
            "act_words": FURTHER_WORDS | {act.value: words for act, words in ACT_WORDS.items()},
            "own_acts": [act for act in offered if act in OWN_ACTS],
            "above": [act for act in offered if act in DECIDED_ABOVE],
            "extend": Act.EXTEND,
            "running": plan.state is State.RUNNING,
            "draft": plan.state is State.DRAFT,
            "day": today(),
            "may_write": may(request.user, Permission.TAKE_PART),
            "may_check": may(request.user, Permission.CHECK_WORK),
        },
    )


@get("/help/{help_plan:uuid}/edit", guards=TAKING_PART)
async def edit_help_page(help_plan: FromPath[UUID]) -> Template:
    """The form of a draft."""
    plan = await queries.plan(help_plan)
    context = {"firm": await firm(plan.unit), "year": plan.year, "plan": plan}
    return Template(f"{TEMPLATES}/help_form.html", context=context)


@post("/help/{help_plan:uuid}/edit", guards=TAKING_PART)
async def change_help(
    request: AnyRequest, help_plan: FromPath[UUID], data: URLEncodedBody[HelpForm]
) -> Redirect:
    """Keep what was changed in a draft."""
    await service.rewrite(help_plan, data.draft(), request.user.id)
    return back(request, f"help/{help_plan}")


@post("/help/{help_plan:uuid}/progress", guards=TAKING_PART)
async def add_progress(
    request: AnyRequest, help_plan: FromPath[UUID], data: URLEncodedBody[ProgressForm]
) -> Redirect:
    """Keep a month's progress."""
    await service.report(help_plan, *data.said(), request.user.id)
    return back(request, f"help/{help_plan}")


@post("/help/{help_plan:uuid}/start", guards=TAKING_PART)
async def start_help(request: AnyRequest, help_plan: FromPath[UUID]) -> Redirect:
    """Let the help begin."""
    await service.act(help_plan, Act.START, "", request.user.id)
    return back(request, f"help/{help_plan}")


@post("/help/{help_plan:uuid}/hand-in", guards=TAKING_PART)
async def hand_in_help(request: AnyRequest, help_plan: FromPath[UUID]) -> Redirect:
    """Ask for acceptance."""
    await service.act(help_plan, Act.HAND_IN, "", request.user.id)
    return back(request, f"help/{help_plan}")


@post("/help/{help_plan:uuid}/decision", guards=CHECKING)
async def decide_help(
    request: AnyRequest, help_plan: FromPath[UUID], data: URLEncodedBody[ActForm]
) -> Redirect:
    """Accept, return, extend, stop, reopen, redraft: somebody above, with a reason."""
    wanted, until = data.wanted(), data.until()
    await service.act(help_plan, wanted, data.reason, request.user.id, deadline=until)
    return back(request, f"help/{help_plan}")


PAGES = (
    help_page,
    new_help_page,
    add_help,
    help_plan_page,
    edit_help_page,
    change_help,
    add_progress,
    start_help,
    hand_in_help,
    decide_help,
)
