"""Pages of one party: its roll, its links as a printable sheet, paper handed out, batches typed in."""

from itertools import chain
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, needs
from jiceng.facts.ballots import drafting, forms, handing_out, links, opening, papers, rolls, stored
from jiceng.facts.ballots.schemas import BallotInfo, Party
from jiceng.kernel.clock import today
from jiceng.kernel.errors import Invalid, NotFound, Refusal
from jiceng.kernel.forms import known_fields, refuse_unknown
from jiceng.kernel.typed import needed_count
from jiceng.roster.queries import organizations

AnyRequest = Request[Any, Any, Any]
MANAGING = [needs(Permission.MANAGE_BALLOTS)]
TYPING = [needs(Permission.TYPE_BALLOTS)]
CELL = "votes-"
GRID = known_fields(CELL + "[0-9]{1,4}-[0-9]{1,2}")


@get("/ballots/parties/{ballot_party:uuid}", guards=MANAGING)
async def party_page(ballot_party: FromPath[UUID]) -> Template:
    """The roll of a party: who may vote, who has a paper; never what."""
    return await _party_page(ballot_party)


@post("/ballots/parties/{ballot_party:uuid}/roll", guards=MANAGING)
async def add_to_roll(
    request: AnyRequest, ballot_party: FromPath[UUID], data: URLEncodedBody[forms.RollForm]
) -> Response[Any]:
    """Entitle more voters."""
    return await _done(request, ballot_party, _entitle(ballot_party, data))


@post("/ballots/parties/{ballot_party:uuid}/remove", guards=MANAGING)
async def remove_party(request: AnyRequest, ballot_party: FromPath[UUID]) -> Response[Any]:
    """Take the party out of a draft."""
    try:
        ballot = await drafting.remove_party(ballot_party)
    except NotFound:
        raise
    except Refusal as refused:
        return await _party_page(ballot_party, refused)
    return _to(request, f"ballots/{ballot}")


@post("/ballots/parties/{ballot_party:uuid}/links", guards=MANAGING, status_code=200)
async def print_links(request: AnyRequest, ballot_party: FromPath[UUID]) -> Response[Any]:
    """New links of everybody without a paper, as QR codes to be printed; shown this once."""
    ballot, party = await stored.party(ballot_party)
    try:
        made = await opening.make_links(ballot_party)
    except Refusal as refused:
        return await _party_page(ballot_party, refused)
    return await _sheet(request, ballot, party, made)


@post("/ballots/parties/{ballot_party:uuid}/voters/{voter:uuid}/link", guards=MANAGING, status_code=200)
async def replace_link(
    request: AnyRequest, ballot_party: FromPath[UUID], voter: FromPath[UUID]
) -> Response[Any]:
    """A new link for one voter who lost his, as a QR code to be printed; the lost one ends."""
    ballot, party = await stored.party(ballot_party)
    try:
        made = await opening.replace_link(ballot_party, voter)
    except NotFound:
        raise
    except Refusal as refused:
        return await _party_page(ballot_party, refused)
    return await _sheet(request, ballot, party, [made])


@post("/ballots/parties/{ballot_party:uuid}/paper", guards=MANAGING)
async def hand_out_rest(request: AnyRequest, ballot_party: FromPath[UUID]) -> Response[Any]:
    """Note that everybody left was handed paper."""
    return await _done(request, ballot_party, handing_out.hand_out_rest(ballot_party))


@post("/ballots/parties/{ballot_party:uuid}/voters/{voter:uuid}/paper", guards=MANAGING)
async def hand_out(request: AnyRequest, ballot_party: FromPath[UUID], voter: FromPath[UUID]) -> Response[Any]:
    """Note that one voter was handed paper."""
    return await _done(request, ballot_party, handing_out.hand_out(ballot_party, voter))


@post("/ballots/parties/{ballot_party:uuid}/voters/{voter:uuid}/back", guards=MANAGING)
async def take_back(
    request: AnyRequest, ballot_party: FromPath[UUID], voter: FromPath[UUID]
) -> Response[Any]:
    """Note that one voter's paper came back unused."""
    return await _done(request, ballot_party, handing_out.take_back(ballot_party, voter))


@get("/ballots/{ballot:uuid}/papers", guards=TYPING)
async def papers_page(ballot: FromPath[UUID]) -> Template:
    """The batches of paper of every party, and where each stands."""
    return await _papers_page(ballot)


@post("/ballots/parties/{ballot_party:uuid}/batches", guards=TYPING)
async def new_batch(
    request: AnyRequest, ballot_party: FromPath[UUID], data: URLEncodedBody[forms.CountForm]
) -> Response[Any]:
    """Begin a batch."""
    ballot, _ = await stored.party(ballot_party)
    faults: list[str] = []
    count = needed_count(data.papers, "份数", faults)
    try:
        if faults:
            raise Invalid(faults, "批次没有建立")
        await papers.new_batch(ballot_party, count)
    except Refusal as refused:
        return await _papers_page(ballot.id, refused)
    return _to(request, f"ballots/{ballot.id}/papers")


@get("/ballots/batches/{ballot_batch:uuid}", guards=TYPING)
async def batch_page(request: AnyRequest, ballot_batch: FromPath[UUID]) -> Template:
    """The grid to type a batch into; what others typed is shown only where two differ."""
    return await _batch_page(request, ballot_batch)


@post("/ballots/batches/{ballot_batch:uuid}", guards=TYPING, opt=GRID)
async def type_in(request: AnyRequest, ballot_batch: FromPath[UUID]) -> Response[Any]:
    """Keep what one person typed."""
    batch = await papers.paper_batch(ballot_batch)
    ballot, party = await stored.party(batch.party)
    form = {str(name): str(value) for name, value in (await request.form()).items()}
    faults: list[str] = []
    rows = range(len(party.of(await stored.subjects(ballot.id))))
    cells = [[f"{CELL}{row}-{column}" for column in range(len(ballot.options))] for row in rows]
    refuse_unknown(form, chain.from_iterable(cells))
    counts = tuple(
        tuple(needed_count(form.get(cell, "") or "0", "票数", faults) for cell in row) for row in cells
    )
    try:
        if faults:
            raise Invalid(faults[:1], "这一批没有录入")
        await papers.type_in(ballot_batch, counts, by=request.user.id)
    except Refusal as refused:
        return await _batch_page(request, ballot_batch, refused, counts)
    return _to(request, f"ballots/{ballot.id}/papers")


async def _sheet(
    request: AnyRequest, ballot: BallotInfo, party: Party, made: list[tuple[str, str]]
) -> Template:
    base = f"{request.base_url}t/{request.state.tenant.slug}/vote/"
    sheet = await links.sheet([(label, base + token) for label, token in made])
    return Template("facts/ballots/links.html", context={"ballot": ballot, "party": party, "sheet": sheet})


async def _entitle(party: UUID, data: forms.RollForm) -> int:
    if data.source == "list":
        return await rolls.add_listed(party, data.lines.splitlines())
    if data.source == "numbered":
        faults: list[str] = []
        count = needed_count(data.count, "份数", faults)
        if faults:
            raise Invalid(faults, "没有加上")
        return await rolls.add_numbered(party, count)
    place = next((one.id for one in await organizations(today()) if str(one.id) == data.organization), None)
    if place is None:
        raise Invalid(["请选择组织"], "没有加上")
    if data.source == "organizations":
        return await rolls.add_organizations(party, place)
    return await rolls.add_members(party, place, below=data.below == "yes")


async def _done(request: AnyRequest, party: UUID, act: Any) -> Response[Any]:  # noqa: ANN401 - any coroutine
    try:
        await act
    except NotFound:
        raise
    except Refusal as refused:
        return await _party_page(party, refused)
    return _to(request, f"ballots/parties/{party}")


async def _party_page(party_id: UUID, refused: Refusal | None = None) -> Template:
    ballot, party = await stored.party(party_id)
    context = {
        "ballot": ballot,
        "party": party,
        "roll": await stored.roll(party_id),
        "tree": await organizations(today()) if ballot.state == "draft" else [],
        "refused": refused,
    }
    return Template(
        "facts/ballots/party.html", context=context, status_code=refused.status if refused else 200
    )


async def _papers_page(ballot_id: UUID, refused: Refusal | None = None) -> Template:
    parties = await stored.parties(ballot_id)
    context = {
        "ballot": await stored.ballot(ballot_id),
        "parties": [(party, await papers.batches(party.id)) for party in parties],
        "refused": refused,
    }
    return Template(
        "facts/ballots/papers.html", context=context, status_code=refused.status if refused else 200
    )


async def _batch_page(
    request: AnyRequest, batch_id: UUID, refused: Refusal | None = None, typed: papers.Counts | None = None
) -> Template:
    batch = await papers.paper_batch(batch_id)
    ballot, party = await stored.party(batch.party)
    own = next((entry.counts for entry in batch.latest if entry.by == request.user.id), None)
    context = {
        "ballot": ballot,
        "party": party,
        "batch": batch,
        "rated": party.of(await stored.subjects(ballot.id)),
        "typed": typed or own,
        "differing": {(row, column): values for row, column, values in batch.differences()},
        "cell": CELL,
        "refused": refused,
    }
    return Template(
        "facts/ballots/batch.html", context=context, status_code=refused.status if refused else 200
    )


def _to(request: AnyRequest, path: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/{path}", status_code=303)


PARTY_PAGES = (
    *(party_page, add_to_roll, remove_party, print_links, replace_link, hand_out_rest, hand_out, take_back),
    *(papers_page, new_batch, batch_page, type_in),
)
