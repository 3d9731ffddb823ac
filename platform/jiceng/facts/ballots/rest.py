"""Ballots for programs: where each stands, opening, closing, counting, what may be told. A door only.

There is no operation that votes: a program between a voter and the box would see the vote, and every use of a
token is noted (decision 0246).
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.params import FromPath

from jiceng.accounts.access import Permission, needs
from jiceng.facts.ballots import counting, opening, results, stored
from jiceng.facts.ballots.outcome import Shown
from jiceng.facts.ballots.schemas import BallotInfo
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.errors import NotFound
from jiceng.kernel.rest import Key, Page, PageNumber, PageSize, once, operations, read, write

AnyRequest = Request[Any, Any, Any]
MANAGING = [needs(Permission.MANAGE_BALLOTS)]
VIEWING = [needs(Permission.VIEW_RESULTS)]


class BallotOut(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot; `state` is draft, open, closed, counted or withdrawn."""

    id: UUID
    number: int
    title: str
    subject: str
    scheme: str
    fact: str
    day: date
    state: str
    options: list[str]

    @classmethod
    def of(cls, ballot: BallotInfo) -> "BallotOut":
        """What is told of it."""
        return cls(
            id=ballot.id,
            number=ballot.number,
            title=ballot.title,
            subject=ballot.kind,
            scheme=ballot.scheme,
            fact=ballot.fact,
            day=ballot.day,
            state=ballot.state,
            options=[one.name for one in ballot.options],
        )


class GroupOut(msgspec.Struct, frozen=True, kw_only=True):
    """A party while votes come in: who may vote, who has a paper, how many must come back; never what."""

    title: str
    word: str
    weight: int
    small: bool
    entitled: int
    online: int
    paper: int
    demanded: int


class TurnoutOut(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot with its turnout; `in_box` sealed papers lie in the box, unread until the count."""

    ballot: BallotOut
    closes_at: datetime | None
    in_box: int
    parties: list[GroupOut]


class PartyOut(msgspec.Struct, frozen=True, kw_only=True):
    """The turnout of one party; `valid`: it returned as many papers as demanded and counts."""

    title: str
    entitled: int
    returned: int
    demanded: int
    valid: bool


class VotesOut(msgspec.Struct, frozen=True, kw_only=True):
    """Votes by option; `rate` is the share of the satisfied in percent, `mark` the weighted mean; as text."""

    votes: dict[str, int]
    rate: str | None
    mark: str | None


class SubjectOut(msgspec.Struct, frozen=True, kw_only=True):
    """A subject; `found` and `parties` are left empty where telling them would give voters away."""

    subject: UUID
    name: str
    pledge: str
    took_part: bool
    found: VotesOut | None
    parties: dict[str, VotesOut]


class ResultOut(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a counted ballot."""

    ballot: BallotOut
    parties: list[PartyOut]
    subjects: list[SubjectOut]


@read("/ballots", VIEWING)
async def list_ballots(page: PageNumber = 1, size: PageSize = 50) -> Page[BallotOut]:
    """Ballots, newest first."""
    return Page.of([BallotOut.of(one) for one in await stored.ballots()], page, size)


@read("/ballots/{ballot:uuid}/turnout", MANAGING)
async def read_turnout(ballot: FromPath[UUID]) -> TurnoutOut:
    """How many may vote and have a paper, party by party."""
    return await _turnout(ballot)


@write("/ballots/{ballot:uuid}/open", MANAGING, 200)
async def open_ballot(request: AnyRequest, ballot: FromPath[UUID], key: Key) -> Response[TurnoutOut]:
    """Let the voting begin; what the draft lacks is told at once."""
    return await _acted(request, ballot, key, lambda: opening.open_ballot(ballot))


@write("/ballots/{ballot:uuid}/close", MANAGING, 200)
async def close_ballot(request: AnyRequest, ballot: FromPath[UUID], key: Key) -> Response[TurnoutOut]:
    """End the voting by link."""
    return await _acted(request, ballot, key, lambda: opening.close_ballot(ballot))


@write("/ballots/{ballot:uuid}/count", MANAGING, 200)
async def count_ballot(request: AnyRequest, ballot: FromPath[UUID], key: Key) -> Response[TurnoutOut]:
    """Count, hand the result to the scheme, destroy the sealed papers; then ask for the result."""
    return await _acted(request, ballot, key, lambda: counting.count(ballot, by=request.user.id))


@read("/ballots/{counted_ballot:uuid}/result", VIEWING)
async def read_result(counted_ballot: FromPath[UUID]) -> ResultOut:
    """What was counted; there is no result before the count."""
    if (await stored.ballot(counted_ballot)).state != "counted":
        raise NotFound("还没有计票")
    found = await results.result(counted_ballot)
    await record_now(Event.RESULTS_READ, ("ballot", counted_ballot), count=len(found.subjects))
    return ResultOut(
        ballot=BallotOut.of(found.ballot),
        parties=[
            PartyOut(
                title=one.party.title,
                entitled=one.party.entitled,
                returned=one.returned,
                demanded=one.demanded,
                valid=one.valid,
            )
            for one in found.parties
        ],
        subjects=[
            SubjectOut(
                subject=one.subject,
                name=one.name,
                pledge=one.pledge,
                took_part=one.took_part,
                found=_votes(told),
                parties={
                    title: VotesOut(votes=votes, rate=_text(rate), mark=None)
                    for title, votes, rate in (told.parties if told else ())
                },
            )
            for one, told in found.subjects
        ],
    )


async def _acted(
    request: AnyRequest, ballot: UUID, key: str, act: Callable[[], Awaitable[object]]
) -> Response[TurnoutOut]:
    async def work() -> tuple[int, TurnoutOut]:
        await act()
        return 200, await _turnout(ballot)

    return await once(request, key, work)


async def _turnout(ballot_id: UUID) -> TurnoutOut:
    ballot = await stored.ballot(ballot_id)
    return TurnoutOut(
        ballot=BallotOut.of(ballot),
        closes_at=ballot.closes_at,
        in_box=await stored.envelopes(ballot_id),
        parties=[
            GroupOut(
                title=one.title,
                word=one.word,
                weight=one.weight,
                small=one.small,
                entitled=one.entitled,
                online=one.online,
                paper=one.paper,
                demanded=ballot.demanded(one.entitled, small=one.small),
            )
            for one in await stored.parties(ballot_id)
        ],
    )


def _votes(told: Shown | None) -> VotesOut | None:
    return VotesOut(votes=told.votes, rate=_text(told.rate), mark=_text(told.mark)) if told else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


HANDLERS = [list_ballots, read_turnout, open_ballot, close_ballot, count_ballot, read_result]
rest_router = operations(HANDLERS, "ballots")
