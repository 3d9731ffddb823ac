"""The count: the box is emptied into numbers once, the seal is broken for good, the numbers become facts."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from jiceng.facts.ballots import stored
from jiceng.facts.ballots.asking import asked
from jiceng.facts.ballots.outcome import added, leading, mark, rate, rounded
from jiceng.facts.ballots.papers import batches
from jiceng.facts.ballots.sealing import ABSTAINED, BrokenSeal, Keys, keys_of, opened
from jiceng.facts.rows.checking import DATE, SUBJECT, VALUE
from jiceng.facts.rows.veiling import veil
from jiceng.facts.service import import_facts
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch, joined
from jiceng.kernel.errors import Conflict
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal
    from uuid import UUID

    from jiceng.facts.ballots.schemas import BallotInfo, Party, Subject, Tally

_BOX = "select sealed from ballot_envelope where tenant_id = $1 and ballot = $2"
_TALLY = """
insert into ballot_tally (tenant_id, id, ballot, party, subject, option, votes)
select $1, id, $2, party, subject, option, votes
from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::int[])
  as new (id, party, subject, option, votes)
"""
_EMPTY = "delete from ballot_envelope where tenant_id = $1 and ballot = $2"
_END_LINKS = "update ballot_voter set digest = null where tenant_id = $1 and ballot = $2"
_COUNTED = """
update ballot set state = 'counted', seal = ''::bytea, counted_at = $3 where tenant_id = $1 and id = $2
"""


class Count(msgspec.Struct, frozen=True):
    """What a count found: papers of each party, votes of those that returned enough, facts handed on."""

    papers: dict[UUID, int]
    counted: tuple[UUID, ...]
    facts: int


async def count(ballot_id: UUID, *, by: UUID | None = None) -> Count:
    """Count a closed ballot, hand its result to the scheme, and destroy the sealed papers; all or nothing.

    A party that returned fewer papers than demanded does not count and its papers are destroyed uncounted.
    Raises Conflict when the ballot is not closed, a batch is not settled or the box holds more papers than
    slips were given out; Invalid as `import_facts` (a closed period), and then nothing is done.
    """
    async with joined():
        ballot = await stored.locked(ballot_id, "closed", what="先结束投票，才能计票；每次票决只计一次")
        parties, subjects = await stored.parties(ballot_id), await stored.subjects(ballot_id)
        box = [row["sealed"] for row in await fetch(_BOX, current_tenant(), ballot_id)]
        keys = keys_of(await stored.seal_of(ballot_id))
        papers, votes = await asyncio.to_thread(_emptied, box, keys, ballot, parties, subjects)
        _refuse_too_many(parties, papers)
        for party in parties:
            papers[party.id] += await _typed(party, ballot, party.of(subjects), votes)
        enough = tuple(
            party
            for party in parties
            if papers[party.id] >= ballot.demanded(party.entitled, small=party.small)
        )
        kept: Tally = {key: value for key, value in votes.items() if key[0] in {one.id for one in enough}}
        await _keep(ballot_id, papers, kept)
        facts = await _hand_on(ballot, parties, enough, subjects, kept, by)
        record(
            Event.BALLOT_COUNTED,
            ("ballot", ballot_id),
            number=ballot.number,
            count=sum(papers.values()),
            rows=facts,
            skipped=len(parties) - len(enough),
        )
    return Count(papers, tuple(party.id for party in enough), facts)


def _emptied(
    box: Sequence[bytes],
    keys: Keys,
    ballot: BallotInfo,
    parties: Sequence[Party],
    subjects: Sequence[Subject],
) -> tuple[dict[UUID, int], dict[tuple[UUID, UUID], Counter[str]]]:
    """Papers of each party and its votes; an envelope of another making refuses the whole count."""
    papers = {party.id: 0 for party in parties}
    votes: dict[tuple[UUID, UUID], Counter[str]] = {}
    for envelope in box:
        try:
            party, choices = opened(keys, ballot.id, envelope)
        except BrokenSeal as error:
            raise Conflict(
                "票箱里有不是本次票决封装的票", where=ballot.title, todo_zh="请查明原因"
            ) from error
        papers[party] += 1
        for one, choice in zip(subjects, choices, strict=True):
            if choice != ABSTAINED:
                votes.setdefault((party, one.subject), Counter())[ballot.options[choice - 1].name] += 1
    return papers, votes


def _refuse_too_many(parties: Sequence[Party], papers: Mapping[UUID, int]) -> None:
    for party in parties:
        if papers[party.id] > party.online:
            raise Conflict(
                f"票箱里「{party.title}」有 {papers[party.id]} 张票，而只有 {party.online} 人领票",
                todo_zh="请查明原因，不能计票",
            )


async def _typed(
    party: Party,
    ballot: BallotInfo,
    rated: Sequence[Subject],
    votes: dict[tuple[UUID, UUID], Counter[str]],
) -> int:
    """Add the paper votes of a party to `votes`; returns how many papers they are."""
    papers = 0
    for batch in await batches(party.id):
        agreed = batch.agreed()
        if agreed is None:
            raise Conflict(
                f"「{party.title}」第 {batch.number} 批纸质票还没有核对一致", todo_zh="请先录入并核对"
            )
        papers += batch.papers
        for one, line in zip(rated, agreed, strict=True):
            found = votes.setdefault((party.id, one.subject), Counter())
            found.update({option.name: n for option, n in zip(ballot.options, line, strict=True) if n})
    return papers


async def _keep(ballot_id: UUID, papers: Mapping[UUID, int], votes: Tally) -> None:
    """Write the numbers, destroy envelopes and seal, end the links (every row of the roll is rewritten)."""
    rows: list[tuple[Any, ...]] = [(new_id(), party, None, "", n) for party, n in papers.items()]
    rows += [
        (new_id(), party, subject, option, n)
        for (party, subject), found in sorted(votes.items(), key=lambda one: (str(one[0]), str(one[1])))
        for option, n in sorted(found.items())
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    await execute(_TALLY, current_tenant(), ballot_id, *columns)
    await execute(_EMPTY, current_tenant(), ballot_id)
    await execute(_END_LINKS, current_tenant(), ballot_id)
    await execute(_COUNTED, current_tenant(), ballot_id, now())


async def _hand_on(
    ballot: BallotInfo,
    parties: Sequence[Party],
    enough: Sequence[Party],
    subjects: Sequence[Subject],
    votes: Tally,
    by: UUID | None,
) -> int:
    """Submit the result to the scheme's fact; returns how many facts are new."""
    if not ballot.scheme:
        return 0
    if ballot.measure == "votes":
        rows = await _votes_as_rows(ballot, enough, votes)
    else:
        rows = _values_as_rows(ballot, parties, enough, subjects, votes, await _places(ballot))
    if not rows:
        return 0
    source = f"票决第 {ballot.number} 号 {ballot.title}"
    frame = pl.DataFrame(rows)
    kept = await import_facts(
        ballot.scheme, ballot.fact, frame, source=source, by=by, anew=True, everybody=True
    )
    fields = await asked(ballot.scheme, ballot.fact, ballot.measure, ballot.day)
    few = [one.subject for one in subjects if _too_few(ballot, one, enough, votes, apart=fields.party_field)]
    await veil(kept.batch, few, ballot.minimum)
    return kept.new


def _too_few(
    ballot: BallotInfo, subject: Subject, enough: Sequence[Party], votes: Tally, *, apart: str
) -> bool:
    """Whether the facts about a subject would tell of fewer votes than may be told apart.

    `apart`: the field that keeps the words of the parties apart in the facts; "" when they are one number.
    """
    cast: Counter[str] = Counter()
    for party in enough:
        if not party.rates or subject.subject in party.rates:
            found = votes.get((party.id, subject.subject), {})
            cast[party.word if apart else ""] += sum(found.values())
    return any(count < ballot.minimum for count in cast.values())


async def _votes_as_rows(ballot: BallotInfo, enough: Sequence[Party], votes: Tally) -> list[dict[str, Any]]:
    """One row for each subject, word of a party and option; parties with one word count together."""
    fields = await asked(ballot.scheme, ballot.fact, ballot.measure, ballot.day)
    total: Counter[tuple[str, str, str]] = Counter()
    for party in enough:
        word = party.word if fields.party_field else ""
        for (owner, subject), found in votes.items():
            if owner == party.id:
                total.update({(str(subject), word, option): n for option, n in found.items()})
    return [
        {SUBJECT: subject, DATE: ballot.day, fields.option_field: option, "votes": n}
        | ({fields.party_field: word} if fields.party_field else {})
        for (subject, word, option), n in sorted(total.items())
    ]


def _values_as_rows(
    ballot: BallotInfo,
    parties: Sequence[Party],
    enough: Sequence[Party],
    subjects: Sequence[Subject],
    votes: Tally,
    places: int,
) -> list[dict[str, Any]]:
    """One value for each subject all of whose parties returned enough papers."""
    rows = []
    for one in subjects:
        rating = [party for party in parties if not party.rates or one.subject in party.rates]
        if any(party not in enough for party in rating):
            continue
        found = [(party.weight, votes.get((party.id, one.subject), {})) for party in rating]
        value = _value(ballot, found, places)
        if value is not None:
            rows.append({SUBJECT: str(one.subject), DATE: ballot.day, VALUE: value})
    return rows


def _value(
    ballot: BallotInfo, found: Sequence[tuple[int, Mapping[str, int]]], places: int
) -> Decimal | str | None:
    """What the votes of the parties (weight, votes) come to; None when they come to nothing certain."""
    together = added([votes for _, votes in found])
    match ballot.measure:
        case "choice":
            return leading(together)
        case "rate":
            return rounded(rate(together, ballot.options), places)
    return rounded(mark(found, ballot), places)


async def _places(ballot: BallotInfo) -> int:
    return (await asked(ballot.scheme, ballot.fact, ballot.measure, ballot.day)).places
