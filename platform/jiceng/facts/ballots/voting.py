"""Voting by link: whoever holds it gets a slip, and the slip alone puts a paper into the box.

The two steps are two requests and two transactions; the second knows no voter and the first no choice.
Nothing of either is audited or logged one by one: see decision 0240.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import msgspec

from jiceng.accounts.signing_in.tokens import digest
from jiceng.facts.ballots import stored
from jiceng.facts.ballots.handing_out import mark
from jiceng.facts.ballots.holding import MOST_HELD, Held
from jiceng.facts.ballots.sealing import ABSTAINED, Keys, keys_of, new_slip, party_of, sealed
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, fetch_row, fetch_value, transaction
from jiceng.kernel.errors import Conflict, Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiceng.facts.ballots.schemas import BallotInfo, Party, Subject

LONGEST_TOKEN = 200
_LINKED = """
select v.id, v.party, v.ballot, v.label, v.way from ballot_voter v
join ballot b on b.tenant_id = v.tenant_id and b.id = v.ballot
where v.tenant_id = $1 and v.digest = $2 and b.state = 'open' and (b.closes_at is null or b.closes_at > $3)
"""
_STILL_OPEN = """
select id from ballot where tenant_id = $1 and id = $2 and state = 'open'
  and (closes_at is null or closes_at > $3) for share
"""
_INTO_THE_BOX = """
insert into ballot_envelope (tenant_id, id, ballot, slip, sealed) values ($1, $2, $3, $4, $5)
on conflict (tenant_id, ballot, slip) do nothing returning id
"""
_CAST = "select 1 from ballot_envelope where tenant_id = $1 and ballot = $2 and slip = $3"


class NoBallot(NotFound):
    """Forged, another tenant's, used, not open or over: one answer for all of them."""

    def __init__(self) -> None:
        super().__init__(
            "这个投票链接无效，或者已经用过，或者投票没有开放", "", "请核对链接；有疑问请联系组织者"
        )


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """What a link opens: the ballot, the party, the paper, and for whom it is."""

    ballot: BallotInfo
    party: Party
    subjects: tuple[Subject, ...]
    label: str
    used: bool


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """An empty paper for the holder of a slip."""

    ballot: BallotInfo
    party: Party
    subjects: tuple[Subject, ...]


async def invited(token: str) -> Invited:
    """What stands behind a link; looking changes nothing. Raises NoBallot."""
    row = await _linked(token)
    ballot = await stored.ballot(row["ballot"])
    party = await _party(ballot.id, row["party"])
    rated = party.of(await stored.subjects(ballot.id))
    return Invited(ballot=ballot, party=party, subjects=rated, label=row["label"], used=row["way"] != "")


async def check_in(token: str) -> tuple[UUID, str]:
    """Give the holder of a link his slip, once: (ballot, slip). Raises NoBallot."""
    row = await _linked(token)
    async with transaction():
        await _refuse_unless_open(row["ballot"])
        if not await mark(row["party"], row["id"], before="", after="online"):
            raise NoBallot
        seal = await stored.seal_of(row["ballot"])
    return row["ballot"], new_slip(keys_of(seal), row["party"])


async def paper(ballot_id: UUID, slip: str) -> Paper:
    """The empty paper for a slip. Raises NoBallot for a forged one, Conflict when its paper was cast."""
    ballot, _, party_id = await _recognised(ballot_id, slip)
    if await fetch_value(_CAST, current_tenant(), ballot_id, digest(slip)):
        raise already_cast()
    party = await _party(ballot.id, party_id)
    return Paper(ballot=ballot, party=party, subjects=party.of(await stored.subjects(ballot_id)))


async def with_room(held: list[Held]) -> list[Held]:
    """The papers a browser holds, when there is room for one more: those cast or over are let go only then.

    Raises Conflict when all of as many as fit are still to be cast; nobody's roll is marked yet.
    """
    if len(held) < MOST_HELD:
        return held
    still: list[Held] = []
    for one in held:
        with suppress(NoBallot, Conflict):
            await paper(one.ballot, one.slip)
            still.append(one)
    if len(still) >= MOST_HELD:
        raise Conflict(
            f"这部手机上已有 {len(still)} 张没有投出的选票",
            todo_zh="请先让领了票的人点开自己的投票链接投出，或者换一部手机",
        )
    return still


async def cast(ballot_id: UUID, slip: str, choices: Mapping[UUID, int]) -> None:
    """Put the paper of a slip into the box. `choices`: subject → place of an option, from 0.

    Raises NoBallot, Conflict when it was cast before or the ballot closed, Invalid with every fault.
    """
    ballot, keys, party_id = await _recognised(ballot_id, slip)
    subjects = await stored.subjects(ballot_id)
    rated = (await _party(ballot_id, party_id)).of(subjects)
    faults = _faults(ballot, rated, choices)
    if faults:
        raise Invalid(faults, "选票没有投出")
    filled = [choices[one.subject] + 1 if one.subject in choices else ABSTAINED for one in subjects]
    envelope = sealed(keys, ballot_id, party_id, filled)
    async with transaction():
        await _refuse_unless_open(ballot_id)
        # Random and not by time, as every other id is: the box has no order.
        row = await fetch_value(_INTO_THE_BOX, current_tenant(), uuid4(), ballot_id, digest(slip), envelope)
        if row is None:
            raise already_cast()


def already_cast() -> Conflict:
    """The answer to a second paper for one slip."""
    return Conflict("这张选票已经投出", todo_zh="每人一票，以第一次为准")


def _faults(ballot: BallotInfo, rated: Sequence[Subject], choices: Mapping[UUID, int]) -> list[str]:
    if not choices:
        return ["还没有选任何一项"]
    faults = []
    if set(choices) - {one.subject for one in rated}:
        faults.append("选票上没有这个对象")
    if any(not 0 <= choice < len(ballot.options) for choice in choices.values()):
        faults.append("选票上没有这个选项")
    return faults


async def _linked(token: str) -> Mapping[str, Any]:
    found = None
    if len(token) <= LONGEST_TOKEN:
        found = await fetch_row(_LINKED, current_tenant(), digest(token), now())
    if found is None:
        raise NoBallot
    return dict(found)


async def _refuse_unless_open(ballot_id: UUID) -> None:
    """Raise NoBallot unless the ballot is open and stays so until this transaction ends."""
    if await fetch_value(_STILL_OPEN, current_tenant(), ballot_id, now()) is None:
        raise NoBallot


async def _recognised(ballot_id: UUID, slip: str) -> tuple[BallotInfo, Keys, UUID]:
    seal = await stored.seal_of(ballot_id)
    if not seal or len(slip) > LONGEST_TOKEN:
        raise NoBallot
    keys = keys_of(seal)
    party = party_of(keys, slip)
    ballot = await stored.ballot(ballot_id)
    if party is None or ballot.state != "open" or (ballot.closes_at and ballot.closes_at <= now()):
        raise NoBallot
    return ballot, keys, party


async def _party(ballot_id: UUID, party_id: UUID) -> Party:
    return next(one for one in await stored.parties(ballot_id) if one.id == party_id)
