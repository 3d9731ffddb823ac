"""Ballots for programs: where each stands, what a counted one says as far as it may be told. A door only."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec
from litestar.params import FromPath

from jiceng.accounts.access import Permission, needs
from jiceng.facts.ballots import results, stored
from jiceng.facts.ballots.outcome import Shown
from jiceng.facts.ballots.schemas import BallotInfo
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.errors import NotFound
from jiceng.kernel.rest import Page, PageNumber, PageSize, operations, read

VIEWING = [needs(Permission.VIEW_RESULTS)]


class BallotOut(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot; `state` is draft, open, closed or counted."""

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


def _votes(told: Shown | None) -> VotesOut | None:
    return VotesOut(votes=told.votes, rate=_text(told.rate), mark=_text(told.mark)) if told else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


rest_router = operations([list_ballots, read_result], "ballots")
