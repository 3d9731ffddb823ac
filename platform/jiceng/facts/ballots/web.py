"""The organizer's pages of ballots: the list, drafting, opening, closing, counting, results, proposals."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, needs
from jiceng.facts.ballots import (
    asking,
    counting,
    drafting,
    forms,
    opening,
    proposals,
    results,
    stored,
    tiers,
    withdrawing,
)
from jiceng.facts.ballots.party_pages import PARTY_PAGES
from jiceng.facts.ballots.schemas import QUORUMS
from jiceng.facts.ballots.voting_pages import VOTING_PAGES
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.clock import today
from jiceng.kernel.errors import Invalid, NotFound, Refusal
from jiceng.kernel.paging import Page
from jiceng.kernel.typed import needed_count, read_numbers
from jiceng.roster.queries import organizations
from jiceng.schemes.wording.subjects import SUBJECTS

AnyRequest = Request[Any, Any, Any]
MANAGING = [needs(Permission.MANAGE_BALLOTS)]


@get("/ballots", guards=[needs(Permission.VIEW_SCHEMES)])
async def ballots_page(page: FromQuery[int] = 1) -> Template:
    """Every ballot and where it stands."""
    return Template("facts/ballots/ballots.html", context={"found": Page.of(await stored.ballots(), page)})


@get("/ballots/new", guards=MANAGING)
async def new_page() -> Template:
    """The form of a new ballot."""
    return await _new_page(forms.BallotForm(day=today().isoformat()))


@post("/ballots", guards=MANAGING)
async def create(request: AnyRequest, data: URLEncodedBody[forms.BallotForm]) -> Response[Any]:
    """Keep a new ballot; every fault is told on the form."""
    try:
        ballot = await drafting.draft(await forms.wanted(data))
    except Refusal as refused:
        return await _new_page(data, refused)
    return _to(request, f"ballots/{ballot}")


@get("/ballots/{ballot:uuid}", guards=MANAGING)
async def ballot_page(ballot: FromPath[UUID]) -> Template:
    """One ballot: its parties, its paper, what can be done with it now."""
    return await _ballot_page(ballot)


@post("/ballots/{ballot:uuid}/subjects", guards=MANAGING)
async def add_subjects(
    request: AnyRequest, ballot: FromPath[UUID], data: URLEncodedBody[forms.SubjectsForm]
) -> Response[Any]:
    """Put subjects on the paper."""
    act = drafting.add_subjects(ballot, read_numbers(data.numbers))
    return await _done(request, ballot, act, typed=data.numbers)


@post("/ballots/{ballot:uuid}/subjects/{ballot_subject:uuid}/remove", guards=MANAGING)
async def remove_subject(
    request: AnyRequest, ballot: FromPath[UUID], ballot_subject: FromPath[UUID]
) -> Response[Any]:
    """Take a subject off the paper."""
    return await _done(request, ballot, drafting.remove_subject(ballot, ballot_subject))


@post("/ballots/{ballot:uuid}/subjects/{ballot_subject:uuid}/pledge", guards=MANAGING)
async def pledge(
    request: AnyRequest,
    ballot: FromPath[UUID],
    ballot_subject: FromPath[UUID],
    data: URLEncodedBody[forms.PledgeForm],
) -> Response[Any]:
    """Record a subject's public pledge, and whether it takes part."""
    act = drafting.pledge(ballot, ballot_subject, data.pledge, took_part=data.took_part == "yes")
    return await _done(request, ballot, act)


@post("/ballots/{ballot:uuid}/parties", guards=MANAGING)
async def add_party(
    request: AnyRequest, ballot: FromPath[UUID], data: URLEncodedBody[forms.PartyForm]
) -> Response[Any]:
    """Add a party."""
    weight = int(data.weight) if data.weight.isdecimal() and len(data.weight) < len("1000") else -1
    act = drafting.add_party(
        ballot, word=data.word, title=data.title, weight=weight, small=data.small == "yes"
    )
    return await _done(request, ballot, act)


@post("/ballots/{ballot:uuid}/layers", guards=MANAGING)
async def add_layer(
    request: AnyRequest, ballot: FromPath[UUID], data: URLEncodedBody[forms.LayerForm]
) -> Response[Any]:
    """Add a layer of a tiered review: its groups, rolls and subjects."""
    return await _done(request, ballot, _layer(ballot, data))


@post("/ballots/{ballot:uuid}/open", guards=MANAGING)
async def open_ballot(request: AnyRequest, ballot: FromPath[UUID]) -> Response[Any]:
    """Let the voting begin."""
    return await _done(request, ballot, opening.open_ballot(ballot))


@post("/ballots/{ballot:uuid}/close", guards=MANAGING)
async def close_ballot(request: AnyRequest, ballot: FromPath[UUID]) -> Response[Any]:
    """End the voting by link."""
    return await _done(request, ballot, opening.close_ballot(ballot))


@post("/ballots/{ballot:uuid}/count", guards=MANAGING)
async def count(request: AnyRequest, ballot: FromPath[UUID]) -> Response[Any]:
    """Count, hand the result to the scheme, destroy the sealed papers."""
    return await _done(request, ballot, counting.count(ballot, by=request.user.id), "/results")


@post("/ballots/{ballot:uuid}/withdraw", guards=MANAGING)
async def withdraw(
    request: AnyRequest, ballot: FromPath[UUID], data: URLEncodedBody[forms.WithdrawalForm]
) -> Response[Any]:
    """Withdraw a ballot that was made by mistake and nobody took a paper of."""
    act = withdrawing.withdraw(ballot, data.reason, by=request.user.id)
    return await _done(request, ballot, act, why=data.reason)


@get("/ballots/{ballot:uuid}/results", guards=[needs(Permission.VIEW_RESULTS)])
async def results_page(ballot: FromPath[UUID]) -> Template:
    """What was counted, as far as it may be told."""
    found = await results.result(ballot)
    await record_now(Event.RESULTS_READ, ("ballot", ballot), count=len(found.subjects))
    return Template("facts/ballots/results.html", context={"result": found, "ballot": found.ballot})


@get("/ballots/proposals", guards=MANAGING)
async def proposals_page() -> Template:
    """Subjects that took no part, each a proposal until somebody decides."""
    return await _proposals_page()


@post("/ballots/{ballot:uuid}/subjects/{ballot_subject:uuid}/decide", guards=MANAGING)
async def decide(
    request: AnyRequest,
    ballot: FromPath[UUID],
    ballot_subject: FromPath[UUID],
    data: URLEncodedBody[forms.DecisionForm],
) -> Response[Any]:
    """Take a proposal or drop it, with a reason."""
    try:
        await proposals.decide(ballot, ballot_subject, data.decision, data.reason, by=request.user.id)
    except NotFound:
        raise
    except Refusal as refused:
        return await _proposals_page(refused)
    return _to(request, "ballots/proposals")


async def _layer(ballot: UUID, data: forms.LayerForm) -> int:
    faults: list[str] = []
    slips = needed_count(data.slips, "每处份数", faults) if data.layer == "residents" else 0
    weight = needed_count(data.weight, "权重", faults)
    top = next((one.id for one in await organizations(today()) if str(one.id) == data.organization), None)
    if top is None:
        faults.append("请选择组织")
    if faults or top is None:
        raise Invalid(faults, "评议层级没有加上")
    return await tiers.add_layer(ballot, data.layer, top, slips=slips, word=data.word, weight=weight)


async def _done(
    request: AnyRequest,
    ballot: UUID,
    act: Any,  # noqa: ANN401 - any coroutine
    onward: str = "",
    typed: str = "",
    why: str = "",
) -> Response[Any]:
    """Back to the ballot after an act, or the ballot with what was refused and what was typed."""
    try:
        await act
    except NotFound:
        raise
    except Refusal as refused:
        return await _ballot_page(ballot, refused, typed, why)
    return _to(request, f"ballots/{ballot}{onward}")


async def _ballot_page(
    ballot_id: UUID, refused: Refusal | None = None, typed: str = "", why: str = ""
) -> Template:
    ballot = await stored.ballot(ballot_id)
    context = {
        "ballot": ballot,
        "parties": await stored.parties(ballot_id),
        "subjects": await stored.subjects(ballot_id),
        "in_box": await stored.envelopes(ballot_id),
        "tree": await organizations(today()) if ballot.state == "draft" else [],
        "layers": tiers.LAYERS,
        "kinds": SUBJECTS,
        "refused": refused,
        "typed": typed,
        "why": why,
        "taken": await withdrawing.taken(ballot_id),
    }
    return Template(
        "facts/ballots/ballot.html", context=context, status_code=refused.status if refused else 200
    )


async def _new_page(form: forms.BallotForm, refused: Refusal | None = None) -> Template:
    context = {
        "form": form,
        "targets": await asking.targets(),
        "quorums": QUORUMS,
        "kinds": SUBJECTS,
        "refused": refused,
    }
    return Template("facts/ballots/new.html", context=context, status_code=refused.status if refused else 200)


async def _proposals_page(refused: Refusal | None = None) -> Template:
    context = {
        "proposals": await proposals.proposals(),
        "decisions": proposals.DECISIONS,
        "refused": refused,
    }
    return Template(
        "facts/ballots/proposals.html", context=context, status_code=refused.status if refused else 200
    )


def _to(request: AnyRequest, path: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/{path}", status_code=303)


router = Router(
    "/t/{tenant:str}",
    route_handlers=[
        *(ballots_page, new_page, create, ballot_page, add_subjects, remove_subject, pledge, add_party),
        *(add_layer, open_ballot, close_ballot, count, withdraw, results_page, proposals_page, decide),
        *PARTY_PAGES,
        *VOTING_PAGES,
    ],
)
