"""Reads of ballots: the list, one with its parties and subjects, a roll, batches, what was counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.facts.ballots.schemas import BallotInfo, Option, Party, Subject, Tally, Voter
from jiceng.facts.ballots.tables import SEAL
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, fetch, fetch_row, fetch_value
from jiceng.kernel.errors import Conflict, NotFound
from jiceng.roster.queries import names

if TYPE_CHECKING:
    from uuid import UUID

_BALLOT = """
select id, number, title, kind, scheme, fact, measure, day, options, drop_high, drop_low, quorum, minimum,
  note, closes_at, state, opened_at, counted_at, withdrawn_at, withdrawn_reason,
  coalesce((select a.name from account a where a.tenant_id = ballot.tenant_id and a.id = withdrawn_by), '')
    as withdrawn_name
from ballot where tenant_id = $1
"""
_PARTIES = """
select p.id, p.place, p.word, p.title, p.weight, p.small, p.rates, count(v.id) as entitled,
  count(v.digest) as linked, count(*) filter (where v.way = 'online') as online,
  count(*) filter (where v.way = 'paper') as paper
from ballot_party p
left join ballot_voter v on v.tenant_id = p.tenant_id and v.party = p.id and v.ballot = p.ballot
where p.tenant_id = $1 and p.ballot = $2 group by p.tenant_id, p.id order by p.place
"""
_SUBJECTS = """
select id, place, subject, pledge, took_part, decided, reason from ballot_subject
where tenant_id = $1 and ballot = $2 order by place
"""
_ROLL = """
select id, party, place, label, digest is not null as linked, way from ballot_voter
where tenant_id = $1 and party = $2 order by place
"""
_TALLIES = """
select party, subject, option, votes from ballot_tally
where tenant_id = $1 and ballot = $2 and subject is not null
"""
_PAPERS = "select party, votes from ballot_tally where tenant_id = $1 and ballot = $2 and subject is null"


async def ballots() -> list[BallotInfo]:
    """Every ballot of the tenant, newest first."""
    return [_ballot(row) for row in await fetch(_BALLOT + " order by number desc", current_tenant())]


async def ballot(ballot_id: UUID) -> BallotInfo:
    """One ballot; NotFound for an absent one."""
    row = await fetch_row(_BALLOT + " and id = $2", current_tenant(), ballot_id)
    if row is None:
        raise NotFound("没有这次票决")
    return _ballot(row)


async def locked(ballot_id: UUID, *states: str, what: str) -> BallotInfo:
    """The ballot, its row locked until commit.

    Raises NotFound, Conflict when it stands in none of `states` (`what` says what cannot be done then).
    """
    row = await fetch_row(_BALLOT + " and id = $2 for update", current_tenant(), ballot_id)
    if row is None:
        raise NotFound("没有这次票决")
    if row["state"] not in states:
        raise Conflict(what, where=row["title"], todo_zh="请先看这次票决的状态")
    return _ballot(row)


async def seal_of(ballot_id: UUID) -> bytes:
    """The secret of the ballot's keys; empty before it opens and after the count."""
    found: bytes | None = await fetch_value(
        "select seal from ballot where tenant_id = $1 and id = $2", current_tenant(), ballot_id
    )
    return (await keyring()).open_bytes(SEAL, ballot_id, found) if found else b""


async def parties(ballot_id: UUID) -> tuple[Party, ...]:
    """Its parties with their turnout, in their order."""
    rows = await fetch(_PARTIES, current_tenant(), ballot_id)
    return tuple(Party(**{**dict(row), "rates": tuple(row["rates"])}) for row in rows)


async def party(party_id: UUID) -> tuple[BallotInfo, Party]:
    """One party and its ballot; NotFound for an absent one."""
    owner = await fetch_value(
        "select ballot from ballot_party where tenant_id = $1 and id = $2", current_tenant(), party_id
    )
    if owner is None:
        raise NotFound("没有这个评议方")
    (found,) = (one for one in await parties(owner) if one.id == party_id)
    return await ballot(owner), found


async def subjects(ballot_id: UUID) -> tuple[Subject, ...]:
    """Whom it rates, in the order of the paper."""
    rows = await fetch(_SUBJECTS, current_tenant(), ballot_id)
    known = await names([row["subject"] for row in rows])
    return tuple(Subject(**row, name=known.get(row["subject"], "—")) for row in rows)


async def roll(party_id: UUID) -> list[Voter]:
    """Who may vote in a party, and who has a paper; nobody's choice is anywhere near."""
    return [Voter(**row) for row in await fetch(_ROLL, current_tenant(), party_id)]


async def envelopes(ballot_id: UUID) -> int:
    """How many sealed papers lie in the box."""
    found: int = await fetch_value(
        "select count(*) from ballot_envelope where tenant_id = $1 and ballot = $2",
        current_tenant(),
        ballot_id,
    )
    return found


async def tallies(ballot_id: UUID) -> Tally:
    """The counted votes; empty before the count."""
    found: Tally = {}
    for row in await fetch(_TALLIES, current_tenant(), ballot_id):
        found.setdefault((row["party"], row["subject"]), {})[row["option"]] = row["votes"]
    return found


async def papers(ballot_id: UUID) -> dict[UUID, int]:
    """How many papers each party returned; empty before the count."""
    rows = await fetch(_PAPERS, current_tenant(), ballot_id)
    return {row["party"]: row["votes"] for row in rows}


async def papers_typed(party_id: UUID) -> int:
    """How many papers the batches of a party hold together."""
    found: int = await fetch_value(
        "select coalesce(sum(papers), 0) from ballot_batch where tenant_id = $1 and party = $2",
        current_tenant(),
        party_id,
    )
    return found


def _ballot(row: Any) -> BallotInfo:  # noqa: ANN401 - a database row
    options = msgspec.json.decode(row["options"], type=tuple[Option, ...])
    return BallotInfo(**{**dict(row), "options": options})
