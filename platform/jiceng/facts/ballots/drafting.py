"""Preparing a ballot: what is asked, the parties, whom they rate, the pledges; while it is a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.facts.ballots import stored
from jiceng.facts.ballots.asking import asked
from jiceng.facts.ballots.schemas import (
    LEAST_MINIMUM,
    LEAST_OPTIONS,
    MOST_DROPPED,
    MOST_MINIMUM,
    MOST_OPTIONS,
    MOST_SUBJECTS,
    QUORUMS,
    BallotInfo,
    Measure,
    Option,
)
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now, today
from jiceng.kernel.database import current_tenant, execute, fetch_value, joined, next_block
from jiceng.kernel.errors import Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.roster.queries import SubjectKind, subject_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

LONGEST_TITLE, LONGEST_WORD, LONGEST_PLEDGE, LONGEST_NOTE = 100, 60, 2000, 2000
MOST_WEIGHT = 100
_INSERT = """
insert into ballot (tenant_id, id, number, title, kind, scheme, fact, measure, day, options, drop_high,
  drop_low, quorum, minimum, note, closes_at, state, seal)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'draft', ''::bytea)
"""
_ADD_PARTY = """
insert into ballot_party (tenant_id, id, ballot, place, word, title, weight, small, rates)
select $1, $2, $3, coalesce(max(place) + 1, 0), $4, $5, $6, $7, $8 from ballot_party
where tenant_id = $1 and ballot = $3
"""
_ADD_SUBJECT = """
insert into ballot_subject (tenant_id, id, ballot, place, subject, pledge, took_part, decided, reason)
select $1, $2, $3, coalesce(max(place) + 1, 0), $4, '', true, '', '' from ballot_subject
where tenant_id = $1 and ballot = $3 on conflict (tenant_id, ballot, subject) do nothing
"""
NOT_A_DRAFT = "票决已经开放，不能再改"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot as it is asked for; `target` is scheme:fact or empty, `answers` a key of USUAL or empty."""

    title: str
    kind: SubjectKind
    target: str
    measure: Measure
    day: date
    options: tuple[Option, ...]
    drop_high: int = 0
    drop_low: int = 0
    quorum: str = "1/2"
    minimum: int = 5
    note: str = ""
    closes_at: datetime | None = None


async def draft(wanted: Wanted) -> UUID:
    """Keep a new ballot; returns its id. Raises Invalid with every fault, NotFound for an unknown scheme."""
    scheme, _, fact = wanted.target.partition(":")
    faults = _faults(wanted)
    kind, options = wanted.kind, wanted.options
    if scheme:
        found = await asked(scheme, fact, wanted.measure, wanted.day)
        kind = found.kind
        unknown = {one.name for one in options} ^ set(found.options)
        if found.options and unknown:
            faults.append(f"选项应与规则一致：{'、'.join(found.options)}")
    if faults:
        raise Invalid(faults, "票决没有建立")
    async with joined():
        ballot = new_id()
        number = await next_block("ballots")
        await execute(
            _INSERT,
            *(current_tenant(), ballot, number, wanted.title.strip(), kind, scheme, fact, wanted.measure),
            *(wanted.day, msgspec.json.encode(options).decode(), wanted.drop_high, wanted.drop_low),
            *(wanted.quorum, wanted.minimum, wanted.note.strip(), wanted.closes_at),
        )
        record(Event.BALLOT_CHANGED, ("ballot", ballot), state="draft", number=number)
    return ballot


async def add_party(
    ballot_id: UUID, *, word: str, title: str, weight: int, small: bool, rates: Sequence[UUID] = ()
) -> UUID:
    """Add a party to a draft; returns its id. Raises Invalid with every fault."""
    async with joined():
        ballot = await stored.locked(ballot_id, "draft", what=NOT_A_DRAFT)
        faults = await _party_faults(ballot, word, title, weight)
        if faults:
            raise Invalid(faults, "评议方没有加上")
        party = new_id()
        await execute(
            _ADD_PARTY,
            *(current_tenant(), party, ballot_id, word.strip(), (title.strip() or word.strip())),
            *(weight, small, list(rates)),
        )
        record(Event.BALLOT_CHANGED, ("ballot", ballot_id), state="draft", kind="party")
    return party


async def remove_party(party_id: UUID) -> UUID:
    """Take a party and its roll out of a draft; returns the ballot's id."""
    async with joined():
        ballot, _ = await stored.party(party_id)
        await stored.locked(ballot.id, "draft", what=NOT_A_DRAFT)
        for table, column in (("ballot_voter", "party"), ("ballot_party", "id")):
            await execute(
                f"delete from {table} where tenant_id = $1 and {column} = $2",  # noqa: S608 - the names above
                current_tenant(),
                party_id,
            )
        record(Event.BALLOT_CHANGED, ("ballot", ballot.id), state="draft", kind="party")
    return ballot.id


async def add_subjects(ballot_id: UUID, numbers: Sequence[str]) -> int:
    """Put subjects on the paper by their numbers; returns how many are new. Raises Invalid."""
    async with joined():
        ballot = await stored.locked(ballot_id, "draft", what=NOT_A_DRAFT)
        known = await subject_numbers(ballot.kind, today())
        wanted = list(dict.fromkeys(number.strip() for number in numbers if number.strip()))
        unknown = [number for number in wanted if number not in known]
        if unknown:
            raise Invalid([f"名册里没有编号「{number[:40]}」" for number in unknown], "对象没有加上")
        return await put_on_paper(ballot_id, [known[number] for number in wanted])


async def put_on_paper(ballot_id: UUID, subjects: Sequence[str | UUID]) -> int:
    """Add subjects by id, inside the transaction that locked the draft; returns how many are new."""
    new = 0
    for subject in subjects:
        new += await execute(_ADD_SUBJECT, current_tenant(), new_id(), ballot_id, subject)
    there = len(await stored.subjects(ballot_id))
    if there > MOST_SUBJECTS:
        raise Invalid([f"一张票最多 {MOST_SUBJECTS} 个对象，现在是 {there} 个"], "对象没有加上")
    record(Event.BALLOT_CHANGED, ("ballot", ballot_id), state="draft", kind="subjects", count=new)
    return new


async def remove_subject(ballot_id: UUID, row: UUID) -> None:
    """Take a subject off the paper of a draft; those behind it move up."""
    async with joined():
        await stored.locked(ballot_id, "draft", what=NOT_A_DRAFT)
        place = await fetch_value(
            "delete from ballot_subject where tenant_id = $1 and ballot = $2 and id = $3 returning place",
            current_tenant(),
            ballot_id,
            row,
        )
        if place is None:
            raise NotFound("票上没有这个对象")
        await execute(
            "update ballot_subject set place = place - 1 where tenant_id = $1 and ballot = $2 and place > $3",
            current_tenant(),
            ballot_id,
            place,
        )
        record(Event.BALLOT_CHANGED, ("ballot", ballot_id), state="draft", kind="subjects", count=1)


async def pledge(ballot_id: UUID, row: UUID, text: str, *, took_part: bool) -> None:
    """Record what a subject publicly promised, and whether it takes part; until the ballot is counted."""
    if len(text) > LONGEST_PLEDGE:
        raise Invalid([f"公开承诺最多 {LONGEST_PLEDGE} 字"])
    async with joined():
        await stored.locked(ballot_id, "draft", "open", "closed", what="已经计票，承诺不能再改")
        changed = await execute(
            "update ballot_subject set pledge = $4, took_part = $5"
            " where tenant_id = $1 and ballot = $2 and id = $3",
            *(current_tenant(), ballot_id, row, text.strip(), took_part),
        )
        if not changed:
            raise NotFound("票上没有这个对象")
        record(Event.BALLOT_PLEDGED, ("ballot", ballot_id), on=took_part)


def _faults(wanted: Wanted) -> list[str]:
    faults = []
    if not wanted.title.strip() or len(wanted.title) > LONGEST_TITLE:
        faults.append(f"名称不能为空，最多 {LONGEST_TITLE} 字")
    if wanted.day > today():
        faults.append("计入日期不能晚于今天")
    if wanted.closes_at is not None and wanted.closes_at <= now():
        faults.append("截止时间已经过了")
    if len(wanted.note) > LONGEST_NOTE:
        faults.append(f"给投票人的话最多 {LONGEST_NOTE} 字")
    faults += _faults_of_options(wanted)
    if wanted.quorum not in QUORUMS:
        faults.append("有效票数要求不在可选项内")
    if not LEAST_MINIMUM <= wanted.minimum <= MOST_MINIMUM:
        faults.append(f"最少份数应在 {LEAST_MINIMUM} 到 {MOST_MINIMUM} 之间")
    if not (0 <= wanted.drop_high <= MOST_DROPPED and 0 <= wanted.drop_low <= MOST_DROPPED):
        faults.append(f"去掉的最高分、最低分各为 0 到 {MOST_DROPPED} 个")
    return faults


def _faults_of_options(wanted: Wanted) -> list[str]:
    faults = []
    names = [one.name for one in wanted.options]
    if not LEAST_OPTIONS <= len(names) <= MOST_OPTIONS or len(set(names)) < len(names) or not all(names):
        faults.append(f"选项要有 {LEAST_OPTIONS} 到 {MOST_OPTIONS} 个，不能重复")
    faults += [f"选项「{name[:20]}…」超过 {LONGEST_WORD} 字" for name in names if len(name) > LONGEST_WORD]
    if wanted.measure == "mark" and any(one.points is None for one in wanted.options):
        faults.append("要折算成分，每个选项都要填分值")
    if wanted.measure == "rate" and not any(one.satisfied for one in wanted.options):
        faults.append("要算满意率，至少一个选项要算作满意")
    return faults


async def _party_faults(ballot: BallotInfo, word: str, title: str, weight: int) -> list[str]:
    faults = []
    if not word.strip() or len(word) > LONGEST_WORD or len(title) > LONGEST_TITLE:
        faults.append(f"评议方的名称不能为空，最多 {LONGEST_WORD} 字")
    if not 0 <= weight <= MOST_WEIGHT:
        faults.append(f"权重应是 0 到 {MOST_WEIGHT} 的整数")
    if ballot.scheme and ballot.measure == "votes":
        known = (await asked(ballot.scheme, ballot.fact, ballot.measure, ballot.day)).parties
        if known and word.strip() not in known:
            faults.append(f"评议方应是规则里的：{'、'.join(known)}")
    return faults
