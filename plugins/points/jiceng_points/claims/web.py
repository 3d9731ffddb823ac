"""Pages of claims: the list, one claim with its acts, claiming for others, the verification queue."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import NotFound, Refusal, organizations, today
from jiceng.api.files import LARGEST, content, handed_out
from jiceng.api.pages import Event, Permission, may, needs, record_now
from jiceng.api.typed import needed_choice, needed_day, read_choice, read_day, read_year, single
from jiceng_points.claims import queries, service, verifying
from jiceng_points.claims.item.web import item_page
from jiceng_points.claims.life import LIFE, STATE_TITLES, Act, State
from jiceng_points.claims.schemas import ClaimFilter, ClaimRow, Proof
from jiceng_points.forms import year_of
from jiceng_points.people import claimers
from jiceng_points.people.schemas import Actor
from jiceng_points.shelf import words

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]
TAKING_PART = [needs(Permission.TAKE_PART)]
CHECKING = [needs(Permission.CHECK_WORK)]
LARGEST_BODY = LARGEST + 1024 * 1024
PIECE = 256 * 1024
BEGINNING = date(1900, 1, 1)


class ClaimForm(msgspec.Struct, frozen=True):
    """For whom an item is claimed (a number of the roster) and when it is meant to be done."""

    number: str = ""
    planned: str = ""


class DoneForm(msgspec.Struct, frozen=True):
    """The light proof; the file is never needed."""

    done_on: str = ""
    sentence: str = ""
    file: UploadFile | None = None


class ReasonForm(msgspec.Struct, frozen=True):
    """Why a claim is sent back or a verification taken back."""

    reason: str = ""


class PickForm(msgspec.Struct, frozen=True):
    """The claims ticked in the queue, and where the queue stood."""

    claim: list[str] | str | None = None
    year: str = ""

    def ids(self) -> list[UUID]:
        """The claims; raises Invalid for what is no id."""
        chosen = [self.claim] if isinstance(self.claim, str) else self.claim or []
        return [single(needed_choice, one, "认领") for one in chosen]


@get("/claims", guards=VIEWING)
async def claims_page(
    kind: FromQuery[str] = "",
    standing: FromQuery[str] = "",
    organization: FromQuery[str] = "",
    before: FromQuery[int] = 2**31 - 1,
    year: FromQuery[int] = 0,
) -> Template:
    """Claims that may be seen, newest first; the filter sends an empty `organization` for all."""
    wanted = ClaimFilter(
        year=year_of(year, today()),
        state=standing if standing in STATE_TITLES else "",
        kind=kind if kind in words.KINDS else "",
        organization=single(read_choice, organization, "组织"),
    )
    rows = await queries.claims(wanted, max(1, min(before, 2**31 - 1)), queries.PAGE + 1)
    return Template(
        "points/claims.html",
        context={
            "rows": rows[: queries.PAGE],
            "more": rows[queries.PAGE - 1].number if len(rows) > queries.PAGE else 0,
            "wanted": wanted,
            "this_year": today().year,
            "states": STATE_TITLES,
            "kinds": words.KINDS,
            "places": await organizations(today()),
        },
    )


@post("/items/{item:uuid}/claim", guards=TAKING_PART)
async def claim_item(request: AnyRequest, item: FromPath[UUID], data: URLEncodedBody[ClaimForm]) -> Redirect:
    """Claim an item: for oneself, or by the secretary for a member or the organization."""
    by = await claimers.actor(request.user)
    if data.number.strip():
        claimer = await claimers.by_number(data.number)
    elif by.member is not None:
        claimer = await claimers.member(by.member)
    else:
        raise NotFound("没有说明为谁认领", todo_zh="请填写党员编号或组织编号")
    made = await service.claim(item, claimer, planned=single(read_day, data.planned, "打算哪天做"), by=by)
    return _to(request, f"claims/{made}")


@get("/claims/{claim:uuid}", guards=VIEWING)
async def claim_page(request: AnyRequest, claim: FromPath[UUID]) -> Template:
    """One claim: its proof, its steps, and what may be done now."""
    return await _page(request, claim)


@post("/claims/{claim:uuid}/complete", guards=TAKING_PART, request_max_body_size=LARGEST_BODY)
async def complete_claim(
    request: AnyRequest, claim: FromPath[UUID], data: MultipartBody[DoneForm]
) -> Response[Any]:
    """Report it done; what is wrong with the proof is told on the same page."""
    try:
        await service.complete(claim, proof_of(data), by=await claimers.actor(request.user))
    except NotFound:
        raise
    except Refusal as refused:
        return await _page(request, claim, refused)
    return _to(request, f"claims/{claim}")


@post("/claims/{claim:uuid}/withdraw", guards=TAKING_PART)
async def withdraw_claim(request: AnyRequest, claim: FromPath[UUID]) -> Redirect:
    """Give a claim back."""
    await service.withdraw(claim, by=await claimers.actor(request.user))
    return _to(request, f"claims/{claim}")


@post("/claims/{claim:uuid}/reject", guards=CHECKING)
async def reject_claim(
    request: AnyRequest, claim: FromPath[UUID], data: URLEncodedBody[ReasonForm]
) -> Redirect:
    """Send a claim back with a reason."""
    year = (await queries.claim(claim)).year
    await verifying.reject(claim, data.reason, by=await claimers.actor(request.user))
    return _to(request, "queue" if year == today().year else f"queue?year={year}")


@post("/claims/{claim:uuid}/revoke", guards=CHECKING)
async def revoke_claim(
    request: AnyRequest, claim: FromPath[UUID], data: URLEncodedBody[ReasonForm]
) -> Redirect:
    """Take a verification back with a reason."""
    await verifying.revoke(claim, data.reason, by=await claimers.actor(request.user))
    return _to(request, f"claims/{claim}")


@get("/claims/{claim:uuid}/file", guards=VIEWING)
async def claim_file(claim: FromPath[UUID]) -> Response[bytes]:
    """The file of a proof, always to be saved."""
    found = await queries.claim(claim)
    if found.file is None:
        raise NotFound("这条认领没有附件")
    info, data = await content(found.file)
    return handed_out(data, info.name)


@get("/queue", guards=CHECKING)
async def queue_page(
    request: AnyRequest,
    day: FromQuery[str] = "",
    number: FromQuery[int] = 0,
    year: FromQuery[int] = 0,
) -> Template:
    """What waits for verification, those done longest ago first; many can be verified at once."""
    chosen = year_of(year, today())
    after = (single(read_day, day, "日期") or BEGINNING, number)
    rows = await queries.queue(chosen, after)
    by = await claimers.actor(request.user)
    return Template(
        "points/queue.html",
        context={
            "rows": rows,
            "own": {row.id for row in rows if by.ids & {row.claimed_by, row.done_by, row.member}},
            "waiting": await queries.waiting(chosen),
            "full": len(rows) == queries.PAGE,
            "this_year": today().year,
            "named": await queries.named({row.done_by for row in rows if row.done_by}),
            "year": chosen,
        },
    )


@post("/queue", guards=CHECKING)
async def verify_claims(request: AnyRequest, data: URLEncodedBody[PickForm]) -> Redirect:
    """Verify the claims that were ticked, all or none."""
    await verifying.verify(data.ids(), by=await claimers.actor(request.user))
    year = single(read_year, data.year, "年度") if data.year else today().year
    return _to(request, "queue" if year == today().year else f"queue?year={year}")


def proof_of(data: DoneForm) -> Proof:
    """The proof of a form; an empty file field means no file."""
    done_on = single(needed_day, data.done_on, "完成日期")
    if data.file is None or not data.file.filename:
        return Proof(done_on, data.sentence)
    return Proof(done_on, data.sentence, data.file.filename, _pieces(data.file))


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE):
        yield piece


async def _page(request: AnyRequest, claim: UUID, refused: Refusal | None = None) -> Template:
    found = await queries.claim(claim)
    if found.member:
        await record_now(Event.MEMBER_READ, ("member", found.member))
    people = {one for one in (found.claimed_by, found.done_by, found.verified_by) if one}
    return Template(
        "points/claim.html",
        context={
            "claim": found,
            "moves": await queries.moves(claim),
            "named": await queries.named(people),
            "acts": {act.value for act in _acts(request, found, await claimers.actor(request.user))},
            "refused": refused,
            "today": today(),
            "longest": service.LONGEST_PROOF,
        },
        status_code=refused.status if refused else 200,
    )


def _acts(request: AnyRequest, found: ClaimRow, by: Actor) -> list[Act]:
    """What this person may do with the claim now."""
    mine = by.ids & {found.claimed_by, found.done_by, found.member}
    checking = may(request.user, Permission.CHECK_WORK)
    taking = may(request.user, Permission.TAKE_PART)
    offered = {
        Act.COMPLETE: taking,
        Act.WITHDRAW: taking,
        Act.VERIFY: checking and not mine,
        Act.REJECT: checking and not mine,
        Act.REVOKE: checking and found.member not in by.ids,
    }
    return [act for act in LIFE.allowed(State(found.state)) if offered.get(act)]


def _to(request: AnyRequest, path: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/points/{path}", status_code=303)


PAGES = (
    item_page,
    claims_page,
    claim_item,
    claim_page,
    complete_claim,
    withdraw_claim,
    reject_claim,
    revoke_claim,
    claim_file,
    queue_page,
    verify_claims,
)
