"""What a counted ballot says, as far as it may be told to whoever looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.facts.ballots import stored
from jiceng.facts.ballots.outcome import Shown, shown
from jiceng.kernel.clock import today
from jiceng.kernel.errors import Conflict
from jiceng.roster.queries import subject_numbers

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.facts.ballots.schemas import BallotInfo, Party, Subject


class PartyResult(msgspec.Struct, frozen=True, kw_only=True):
    """The turnout of one party: entitled, given out, returned, how many were demanded."""

    party: Party
    returned: int
    demanded: int

    @property
    def valid(self) -> bool:
        """Whether it counted."""
        return self.returned >= self.demanded


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The whole: parties with their turnout, subjects with what may be told of them (None: too few)."""

    ballot: BallotInfo
    parties: tuple[PartyResult, ...]
    subjects: tuple[tuple[Subject, Shown | None], ...]


async def result(ballot_id: UUID) -> Result:
    """The result of a counted ballot; subjects outside what may be seen here are left out.

    Raises NotFound, Conflict before the count.
    """
    ballot = await stored.ballot(ballot_id)
    if ballot.state != "counted":
        raise Conflict("还没有计票", where=ballot.title, todo_zh="计票以后才有结果")
    papers, votes = await stored.papers(ballot_id), await stored.tallies(ballot_id)
    parties = tuple(
        PartyResult(
            party=party,
            returned=papers.get(party.id, 0),
            demanded=ballot.demanded(party.entitled, small=party.small),
        )
        for party in await stored.parties(ballot_id)
    )
    visible = set((await subject_numbers(ballot.kind, today())).values())
    returned = {one.party.title: one.returned for one in parties}
    subjects = []
    for one in await stored.subjects(ballot_id):
        if str(one.subject) not in visible:
            continue
        counted = [
            (each.party.title, each.party.weight, votes.get((each.party.id, one.subject), {}))
            for each in parties
            if each.valid and (not each.party.rates or one.subject in each.party.rates)
        ]
        subjects.append((one, shown(ballot, counted, returned)))
    return Result(ballot=ballot, parties=parties, subjects=tuple(subjects))
