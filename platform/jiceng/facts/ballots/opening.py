"""Opening a ballot, its links, closing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.accounts.signing_in.tokens import digest, new_token
from jiceng.facts.ballots import stored
from jiceng.facts.ballots.sealing import new_seal
from jiceng.facts.ballots.tables import SEAL
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_row, joined, one_at_a_time
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.jobs import enqueue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from jiceng.facts.ballots.schemas import BallotInfo, Party, Subject

_TWICE = """
select distinct s.subject from ballot_subject s
join ballot b on b.tenant_id = s.tenant_id and b.id = s.ballot
where s.tenant_id = $1 and b.id <> $2 and b.scheme = $3 and b.fact = $4 and b.day = $5
  and b.state not in ('draft', 'withdrawn') and s.subject = any($6::uuid[])
"""
_OPEN = "update ballot set state = 'open', seal = $3, opened_at = $4 where tenant_id = $1 and id = $2"
_WITHOUT_PAPER = (
    "select id, label from ballot_voter where tenant_id = $1 and party = $2 and way = '' order by place"
)
_LINK = """
update ballot_voter v set digest = new.digest from unnest($3::uuid[], $4::bytea[]) as new (id, digest)
where v.tenant_id = $1 and v.party = $2 and v.id = new.id
"""

_ONE_VOTER = "select label, way from ballot_voter where tenant_id = $1 and party = $2 and id = $3"
_RELINK = """
update ballot_voter set digest = case when id = $3 then $4 else digest end where tenant_id = $1 and party = $2
"""
CLOSE = "facts.close_ballot"
"""The job that ends a ballot at its time."""


async def open_ballot(ballot_id: UUID) -> None:
    """Let the voting begin; parties, rolls and paper stay as they are from now on.

    Raises Conflict when it is no draft, Invalid with everything that is missing.
    """
    async with joined():
        await one_at_a_time("opening ballots")  # of two about one subject the second finds the first
        ballot = await stored.locked(ballot_id, "draft", what="这次票决已经开放过")
        parties, subjects = await stored.parties(ballot_id), await stored.subjects(ballot_id)
        faults = faults_in(ballot, parties, subjects) + await _rated_twice(ballot, subjects)
        if faults:
            raise Invalid(faults, "票决还不能开放")
        seal = (await keyring()).seal_bytes(SEAL, ballot_id, new_seal())
        await execute(_OPEN, current_tenant(), ballot_id, seal, now())
        if ballot.closes_at is not None:
            await enqueue(CLOSE, {"ballot": ballot_id}, unique=f"close:{ballot_id}", due_at=ballot.closes_at)
        record(Event.BALLOT_CHANGED, ("ballot", ballot_id), state="open", number=ballot.number)


def faults_in(ballot: BallotInfo, parties: Sequence[Party], subjects: Sequence[Subject]) -> list[str]:
    """What keeps a draft from being opened; pure."""
    faults = []
    if not subjects:
        faults.append("还没有被评对象")
    if not parties:
        faults.append("还没有评议方")
    known = {one.subject for one in subjects}
    for party in parties:
        if not party.entitled:
            faults.append(f"「{party.title}」还没有名单")
        elif party.entitled < ballot.minimum and not party.small:
            faults.append(
                f"「{party.title}」只有 {party.entitled} 人，少于 {ballot.minimum} 人，"
                "汇总后能猜出个人的意见；请并入别的评议方，或者勾选「人数少，已告知」"
            )
        if not set(party.rates) <= known:
            faults.append(f"「{party.title}」要评的对象不在票上")
    if len({party.title for party in parties}) < len(parties):
        faults.append("评议方的名称有重复")
    if ballot.measure == "mark" and parties and not any(party.weight for party in parties):
        faults.append("要折算成分，至少一个评议方的权重大于 0")
    if ballot.closes_at is not None and ballot.closes_at <= now():
        faults.append("截止时间已经过了")
    return faults


async def _rated_twice(ballot: BallotInfo, subjects: Sequence[Subject]) -> list[str]:
    """Two ballots of one day would add their votes of one subject up in the same fact."""
    if not ballot.scheme:
        return []
    ids = [one.subject for one in subjects]
    rows = await fetch(_TWICE, current_tenant(), ballot.id, ballot.scheme, ballot.fact, ballot.day, ids)
    again = {row["subject"] for row in rows}
    return [
        f"「{one.name}」在同一天的另一次票决里已经评过，请换一个计入日期"
        for one in subjects
        if one.subject in again
    ]


async def make_links(party_id: UUID) -> list[tuple[str, str]]:
    """New links for everybody of the party without a paper: (label, token); earlier ones end.

    The tokens exist only in the answer. Conflict unless the ballot is open.
    """
    async with joined():
        ballot, _ = await stored.party(party_id)
        await stored.locked(ballot.id, "open", what="票决开放以后才有投票链接")
        rows = await fetch(_WITHOUT_PAPER, current_tenant(), party_id)
        if not rows:
            raise Conflict("这一方的人都已经领过票")
        made = [(row["label"], new_token()) for row in rows]
        digests = [digest(token) for _, token in made]
        await execute(_LINK, current_tenant(), party_id, [row["id"] for row in rows], digests)
        record(Event.BALLOT_LINKS_MADE, ("ballot", ballot.id), count=len(made))
    return made


async def replace_link(party_id: UUID, voter: UUID) -> tuple[str, str]:
    """A new link for one voter who lost his: (label, token); the lost one ends at once.

    The roll keeps only digests, so nobody learns the old one. Conflict once he took his paper: which slip is
    his nobody knows, so none can be made void. Every row of the roll is written again, as by a mark (0240).
    """
    async with joined():
        ballot, _ = await stored.party(party_id)
        if voter not in {one.id for one in await stored.roll(party_id)}:
            raise NotFound("名册上没有这个人")
        await stored.locked(ballot.id, "open", what="票决开放以后才有投票链接")
        row = await fetch_row(_ONE_VOTER, current_tenant(), party_id, voter)
        if row["way"]:
            raise Conflict("这个人已经领过票", todo_zh="领走的选票和名册没有对应关系，不能作废，也不能补")
        token = new_token()
        await execute(_RELINK, current_tenant(), party_id, voter, digest(token))
        record(Event.BALLOT_LINKS_MADE, ("ballot", ballot.id), count=1)
    return row["label"], token


async def close_ballot(ballot_id: UUID) -> None:
    """End the voting by link; paper can be typed until the count. Conflict unless it is open."""
    async with joined():
        ballot = await stored.locked(ballot_id, "open", what="票决没有开放")
        await execute(
            "update ballot set state = 'closed' where tenant_id = $1 and id = $2", current_tenant(), ballot_id
        )
        record(Event.BALLOT_CHANGED, ("ballot", ballot_id), state="closed", number=ballot.number)


async def close_in_time(ballot_id: UUID) -> None:
    """End a ballot whose time has come, inside the transaction of its job; one closed by hand stays so."""
    ballot = await stored.ballot(ballot_id)
    if ballot.state == "open" and ballot.closes_at is not None and ballot.closes_at <= now():
        await close_ballot(ballot_id)
