"""Pages of costs: the budget and its deviation, one line from quotes to payments, the tenant's rules."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import Invalid, NotFound, Refusal, today
from jiceng.api.files import LARGEST
from jiceng.api.pages import Permission, may, needs
from jiceng.api.typed import id_of
from jiceng_project_ledger.costs import budget, buying, queries, rules, spending
from jiceng_project_ledger.costs.forms import (
    AwardForm,
    ContractForm,
    InquiryForm,
    LineForm,
    PaymentForm,
    QuoteForm,
    ReasonForm,
    RulesForm,
    filled,
)
from jiceng_project_ledger.costs.judging import counted
from jiceng_project_ledger.costs.schemas import deviation
from jiceng_project_ledger.costs.splitting import splits
from jiceng_project_ledger.downloads import download
from jiceng_project_ledger.library import queries as library
from jiceng_project_ledger.money import yuan
from jiceng_project_ledger.states import OPEN

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]
TAKING_PART = [needs(Permission.TAKE_PART)]
DECIDING = [needs(Permission.CHECK_WORK)]
LARGEST_BODY = LARGEST + 1024 * 1024
AT = "/projects/{project:uuid}/costs"
LINE = AT + "/lines/{cost_line:int}"


@get(AT, guards=VIEWING)
async def costs_page(request: AnyRequest, project: FromPath[UUID]) -> Template:
    """The budget by lines, how each is to be bought and how far it is, actual cost and deviation."""
    return Template("project_ledger/cost_overview.html", context=await _context(request, project))


@post(AT + "/lines", guards=TAKING_PART)
async def add_line(request: AnyRequest, project: FromPath[UUID], data: URLEncodedBody[LineForm]) -> Redirect:
    """Add a line to the budget."""
    await budget.add(project, *data.said(), request.user.id)
    return _to(request, project)


@get(LINE, guards=VIEWING)
async def line_page(request: AnyRequest, project: FromPath[UUID], cost_line: FromPath[int]) -> Template:
    """One line: its versions, the round of quotes, the award, the contract, what was paid."""
    context = await _context(request, project)
    purchase = context["costs"].of(cost_line)
    if purchase is None:
        raise NotFound("没有这条预算明细")
    everything = [one for one in await queries.all_quotes(project) if one.line == cost_line]
    return Template(
        "project_ledger/cost_line.html",
        context=context
        | {
            "bought": purchase,
            "valid": counted(purchase, today()),
            "on_time": purchase.on_time(),
            "gone": [one for one in everything if one not in purchase.quotes],
            "versions": [one for one in context["costs"].earlier if one.line == cost_line],
            "awards": [one for one in await queries.awards(project) if one.line == cost_line],
            "contracts": [one for one in await queries.contracts(project) if one.line == cost_line],
            "standing": {one.id for one in purchase.standing()},
        },
    )


@post(LINE + "/change", guards=TAKING_PART)
async def change_line(
    request: AnyRequest, project: FromPath[UUID], cost_line: FromPath[int], data: URLEncodedBody[LineForm]
) -> Redirect:
    """The next version of a line."""
    await budget.change(project, cost_line, *data.said(), data.reason, request.user.id)
    return _to(request, project, cost_line)


@post(LINE + "/drop", guards=TAKING_PART)
async def drop_line(
    request: AnyRequest, project: FromPath[UUID], cost_line: FromPath[int], data: URLEncodedBody[ReasonForm]
) -> Redirect:
    """Take a line out of the budget."""
    await budget.drop(project, cost_line, data.reason, request.user.id)
    return _to(request, project)


@post(LINE + "/inquiry", guards=TAKING_PART)
async def ask_quotes(
    request: AnyRequest, project: FromPath[UUID], cost_line: FromPath[int], data: URLEncodedBody[InquiryForm]
) -> Redirect:
    """Begin a round of quotes or a tender."""
    await buying.ask(project, cost_line, data.asked(), request.user.id)
    return _to(request, project, cost_line)


@post(LINE + "/quotes", guards=TAKING_PART, request_max_body_size=LARGEST_BODY)
async def add_quote(
    request: AnyRequest, project: FromPath[UUID], cost_line: FromPath[int], data: MultipartBody[QuoteForm]
) -> Redirect:
    """Keep a quote with its file."""
    await buying.offer(project, cost_line, data.said(), request.user.id)
    return _to(request, project, cost_line)


@post(AT + "/quotes/{quote:uuid}/withdraw", guards=TAKING_PART)
async def withdraw_quote(
    request: AnyRequest, project: FromPath[UUID], quote: FromPath[UUID], data: URLEncodedBody[ReasonForm]
) -> Redirect:
    """Say that a quote does not count."""
    await library.project(project)
    line = (await buying.quote_of(project, quote)).line
    await buying.withdraw(project, line, quote, data.reason, request.user.id)
    return _to(request, project, line)


@get(AT + "/quotes/{quote:uuid}/file", guards=VIEWING)
async def quote_file(project: FromPath[UUID], quote: FromPath[UUID]) -> Response[bytes]:
    """The file of a quote, always to be saved."""
    await library.project(project)
    return await download((await buying.quote_of(project, quote)).file)


@post(LINE + "/award", guards=DECIDING)
async def award_line(
    request: AnyRequest, project: FromPath[UUID], cost_line: FromPath[int], data: URLEncodedBody[AwardForm]
) -> Redirect:
    """Choose a quote: somebody above, with a reason where it is not the lowest."""
    await buying.award(project, cost_line, id_of(data.quote, "没有这份报价"), data.reason, request.user)
    return _to(request, project, cost_line)


@post(LINE + "/contract", guards=TAKING_PART, request_max_body_size=LARGEST_BODY)
async def sign_contract(
    request: AnyRequest, project: FromPath[UUID], cost_line: FromPath[int], data: MultipartBody[ContractForm]
) -> Redirect:
    """Keep the contract, or its next version."""
    await spending.sign(project, cost_line, data.said(), request.user.id)
    return _to(request, project, cost_line)


@get(LINE + "/contract/{signed:int}", guards=VIEWING)
async def contract_file(
    project: FromPath[UUID], cost_line: FromPath[int], signed: FromPath[int]
) -> Response[bytes]:
    """The text of a contract, always to be saved."""
    await library.project(project)
    found = [
        one for one in await queries.contracts(project) if (one.line, one.version) == (cost_line, signed)
    ]
    return await download(found[0].file if found else None)


@post(LINE + "/payments", guards=TAKING_PART)
async def add_payment(
    request: AnyRequest, project: FromPath[UUID], cost_line: FromPath[int], data: URLEncodedBody[PaymentForm]
) -> Redirect:
    """Keep what was really paid."""
    await spending.pay(project, cost_line, data.said(), request.user.id)
    return _to(request, project, cost_line)


@post(AT + "/payments/{payment:uuid}/reverse", guards=TAKING_PART)
async def reverse_payment(
    request: AnyRequest, project: FromPath[UUID], payment: FromPath[UUID], data: URLEncodedBody[ReasonForm]
) -> Redirect:
    """Take a payment back that was entered wrongly."""
    await spending.reverse(project, payment, data.reason, request.user.id)
    return _to(request, project)


@get("/cost-rules", guards=VIEWING)
async def rules_page(request: AnyRequest) -> Template:
    """From which amount on quotes are compared or a tender is held, in words, and the form to change it."""
    return await _rules(request)


@post("/cost-rules", guards=[needs(Permission.MANAGE_SCHEMES)])
async def change_rules(request: AnyRequest, data: URLEncodedBody[RulesForm]) -> Redirect | Template:
    """Put thresholds into force from today on; a form with faults comes back as it was typed."""
    try:
        await rules.change(data.said())
    except Invalid as refused:
        return await _rules(request, data, refused)
    return Redirect(f"/t/{request.state.tenant.slug}/project-ledger/cost-rules", status_code=303)


async def _rules(
    request: AnyRequest, typed: RulesForm | None = None, refused: Invalid | None = None
) -> Template:
    """The rules in force; for a setting that cannot be used none, and why: this is where it is mended."""
    kept, told = await _kept()
    return Template(
        "project_ledger/cost_rules.html",
        status_code=200 if refused is None else refused.status,
        context={
            "rules": kept,
            "form": typed or filled(kept or rules.Thresholds()),
            "refused": refused or told,
            "may_change": may(request.user, Permission.MANAGE_SCHEMES),
        },
    )


async def _kept() -> tuple[rules.Thresholds | None, Refusal | None]:
    try:
        return await rules.thresholds(), None
    except Refusal as told:
        return None, told


async def _context(request: AnyRequest, project_id: UUID) -> dict[str, Any]:
    project, costs = await library.project(project_id), await queries.costs(project_id)
    held = await rules.shown()
    return {
        "project": project,
        "costs": costs,
        "rules": held,
        "unusable": (await _kept())[1],
        "splits": splits(project.id, await queries.bought_by(project.organization), held),
        "routes": rules.ROUTE_WORDS,
        "measure": costs.measure(project.budget),
        "deviation": deviation(costs.measure(project.budget), costs.spent),
        "budgeted": project.state in OPEN,
        "buying": project.state in budget.BUYING,
        "may_write": may(request.user, Permission.TAKE_PART),
        "may_award": may(request.user, Permission.CHECK_WORK),
        "yuan": yuan,
        "day": today(),
    }


def _to(request: AnyRequest, project: UUID, line: int | None = None) -> Redirect:
    at = f"/t/{request.state.tenant.slug}/project-ledger/projects/{project}/costs"
    return Redirect(at if line is None else f"{at}/lines/{line}", status_code=303)


PAGES = (
    *(costs_page, add_line, line_page, change_line, drop_line, ask_quotes, add_quote, withdraw_quote),
    *(quote_file, award_line, sign_contract, contract_file, add_payment, reverse_payment),
    *(rules_page, change_rules),
)
