"""Paper votes typed in: a batch counts once two people, each alone, typed the same of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.facts.ballots import stored
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_row, joined
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from jiceng.facts.ballots.schemas import BallotInfo, Subject

Counts = tuple[tuple[int, ...], ...]
"""For each subject the party rates, the votes for each option, in their orders."""
_BATCH = "select id, party, number, papers, state from ballot_batch where tenant_id = $1"
_ENTRIES = 'select nth, counts, "by" from ballot_entry where tenant_id = $1 and batch = $2 order by nth'
_NEW_BATCH = """
insert into ballot_batch (tenant_id, id, party, number, papers, state)
select $1, $2, $3, coalesce(max(number), 0) + 1, $4, 'typing' from ballot_batch
where tenant_id = $1 and party = $3
"""
_NEW_ENTRY = """
insert into ballot_entry (tenant_id, id, batch, nth, counts, "by", at) values ($1, $2, $3, $4, $5, $6, $7)
"""
_RUNNING = ("open", "closed")
_NOT_RUNNING = "票决没有开放，或者已经计票"


class Entry(msgspec.Struct, frozen=True):
    """What one person typed."""

    by: UUID
    counts: Counts


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """A batch with the latest entry of each of its typists, in the order they came."""

    id: UUID
    party: UUID
    number: int
    papers: int
    state: str
    latest: tuple[Entry, ...] = ()

    def agreed(self) -> Counts | None:
        """What two people typed alike; None while they did not."""
        typed = [entry.counts for entry in self.latest]
        return next((counts for counts in typed if typed.count(counts) > 1), None)

    def differences(self) -> list[tuple[int, int, tuple[int, ...]]]:
        """Cells (subject, option) in which the latest entries differ, with what each typist typed."""
        cells = [
            (row, column, tuple(entry.counts[row][column] for entry in self.latest))
            for row, line in enumerate(self.latest[0].counts if self.latest else ())
            for column in range(len(line))
        ]
        return [cell for cell in cells if len(set(cell[2])) > 1]


async def new_batch(party_id: UUID, papers: int) -> UUID:
    """Begin a batch of so many papers. Invalid when more were returned than handed out."""
    async with joined():
        ballot, _ = await stored.party(party_id)
        await stored.locked(ballot.id, *_RUNNING, what=_NOT_RUNNING)
        _, party = await stored.party(party_id)  # once more: a sheet may have been taken back meanwhile
        before = await stored.papers_typed(party_id)
        if papers < 1 or before + papers > party.paper:
            raise Invalid(
                [f"发出纸质票 {party.paper} 份，已登记 {before} 份，这一批最多 {party.paper - before} 份"],
                "批次没有建立",
            )
        batch = new_id()
        await execute(_NEW_BATCH, current_tenant(), batch, party_id, papers)
        record(Event.BALLOT_PAPERS_TYPED, ("ballot_batch", batch), count=papers, state="typing")
    return batch


async def type_in(batch_id: UUID, counts: Counts, *, by: UUID) -> str:
    """Keep what one person typed; returns the batch's state after it.

    The batch is accepted once the latest entries of two different people agree.
    Raises Invalid with every fault, Conflict when it is accepted already.
    """
    async with joined():
        first = await paper_batch(batch_id)
        ballot, party = await stored.party(first.party)
        await stored.locked(ballot.id, *_RUNNING, what=_NOT_RUNNING)
        found = await paper_batch(batch_id)  # once more: another typist may have been faster
        if found.state == "accepted":
            raise Conflict("这一批已经核对一致", todo_zh="不能再录入")
        faults = faults_in(counts, found.papers, party.of(await stored.subjects(ballot.id)), ballot)
        if faults:
            raise Invalid(faults, "这一批没有录入")
        flat = [votes for line in counts for votes in line]
        nth = 1 + len(await fetch(_ENTRIES, current_tenant(), batch_id))
        await execute(_NEW_ENTRY, current_tenant(), new_id(), batch_id, nth, flat, by, now())
        state = state_of([*(one for one in found.latest if one.by != by), Entry(by, counts)])
        await execute(
            "update ballot_batch set state = $3 where tenant_id = $1 and id = $2",
            current_tenant(),
            batch_id,
            state,
        )
        record(Event.BALLOT_PAPERS_TYPED, ("ballot_batch", batch_id), number=nth, state=state)
    return state


def state_of(latest: Sequence[Entry]) -> str:
    """Where a batch stands by the latest entry of each person."""
    if len({entry.counts for entry in latest}) < len(latest):
        return "accepted"
    return "differs" if len(latest) > 1 else "typing"


def faults_in(counts: Counts, papers: int, rated: Sequence[Subject], ballot: BallotInfo) -> list[str]:
    """What cannot be right in counts typed; pure."""
    if len(counts) != len(rated) or any(len(line) != len(ballot.options) for line in counts):
        return ["录入的行列和选票不一致"]
    faults = [
        f"「{one.name}」合计 {sum(line)} 票，多于这一批的 {papers} 份"
        for one, line in zip(rated, counts, strict=True)
        if sum(line) > papers
    ]
    if any(votes < 0 for line in counts for votes in line):
        faults.append("票数不能是负数")
    return faults


async def paper_batch(batch_id: UUID) -> Batch:
    """One batch; NotFound for an absent one."""
    row = await fetch_row(_BATCH + " and id = $2", current_tenant(), batch_id)
    if row is None:
        raise NotFound("没有这一批")
    ballot, _ = await stored.party(row["party"])
    return Batch(**row, latest=await _latest(batch_id, len(ballot.options)))


async def batches(party_id: UUID) -> list[Batch]:
    """The batches of a party, in their order."""
    rows = await fetch(_BATCH + " and party = $2 order by number", current_tenant(), party_id)
    return [await paper_batch(row["id"]) for row in rows]


async def _latest(batch_id: UUID, width: int) -> tuple[Entry, ...]:
    newest: dict[UUID, Entry] = {}
    for row in await fetch(_ENTRIES, current_tenant(), batch_id):
        flat = row["counts"]
        lines = tuple(tuple(flat[at : at + width]) for at in range(0, len(flat), width))
        newest[row["by"]] = Entry(row["by"], lines)
    return tuple(newest.values())
