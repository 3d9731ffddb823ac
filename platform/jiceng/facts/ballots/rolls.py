"""Who may vote: rolls from the roster, from a typed list, or as numbered links handed to anybody present."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.facts.ballots import stored
from jiceng.facts.ballots.drafting import NOT_A_DRAFT
from jiceng.facts.ballots.schemas import MOST_VOTERS
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_value, joined
from jiceng.kernel.errors import Invalid
from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets.cells import clean as cleaned
from jiceng.roster.queries import descendants, members, whole_tree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

LONGEST_LABEL = 60
Line = tuple[str, "UUID | None"]
_LAST = "select coalesce(max(place), 0) from ballot_voter where tenant_id = $1 and party = $2"
_THERE = "select person from ballot_voter where tenant_id = $1 and party = $2 and person is not null"
_LISTED = "select label from ballot_voter where tenant_id = $1 and party = $2 and person is null"
_ADD = """
insert into ballot_voter (tenant_id, id, ballot, party, place, label, person, way)
select $1, id, $2, $3, place, label, person, ''
from unnest($4::uuid[], $5::int[], $6::text[], $7::uuid[]) as new (id, place, label, person)
"""


async def add_members(party_id: UUID, organization: UUID, *, below: bool) -> int:
    """Entitle the members of an organization (and those below it); returns how many are new."""
    homes = await descendants(organization, today()) if below else [organization]
    wanted = set(homes)
    return await _add(
        party_id, [(one.name, one.id) for one in await members(today()) if one.organization in wanted]
    )


async def add_organizations(party_id: UUID, organization: UUID) -> int:
    """Entitle the organizations right below one, a vote each; returns how many are new."""
    tree = await whole_tree(today())
    return await _add(
        party_id, [(one.short_name or one.name, one.id) for one in tree if one.parent == organization]
    )


async def add_listed(party_id: UUID, labels: Sequence[str]) -> int:
    """Entitle the people of a list, one line each.

    Raises Invalid for lines that are too long, double, or on the roll already: a list sent twice gives nobody
    two votes.
    """
    clean = [line for line in map(cleaned, labels) if line]
    faults = [f"「{label[:20]}…」超过 {LONGEST_LABEL} 字" for label in clean if len(label) > LONGEST_LABEL]
    seen: set[str] = set()
    for label in clean:
        if label in seen:
            faults.append(f"「{label[:LONGEST_LABEL]}」写了两次")
        seen.add(label)
    if faults or not clean:
        raise Invalid(faults or ["名单是空的，每行写一个人"], "名单没有加上")
    async with joined():
        ballot, _ = await stored.party(party_id)
        await stored.locked(ballot.id, "draft", what=NOT_A_DRAFT)
        there = {row["label"] for row in await fetch(_LISTED, current_tenant(), party_id)}
        if again := [f"「{label}」已经在名单上" for label in clean if label in there]:
            raise Invalid(again, "名单没有加上")
        return await put_on_roll(ballot.id, party_id, [(label, None) for label in clean])


async def add_numbered(party_id: UUID, count: int) -> int:
    """Entitle whoever is handed one of `count` numbered links; nobody's name is kept."""
    if not 1 <= count <= MOST_VOTERS:
        raise Invalid([f"份数应在 1 到 {MOST_VOTERS} 之间"], "没有加上")
    return await _add(party_id, [("", None)] * count)


async def _add(party_id: UUID, lines: Sequence[Line]) -> int:
    async with joined():
        ballot, _ = await stored.party(party_id)
        await stored.locked(ballot.id, "draft", what=NOT_A_DRAFT)
        return await put_on_roll(ballot.id, party_id, lines)


async def put_on_roll(ballot: UUID, party: UUID, lines: Sequence[Line]) -> int:
    """Add lines (label or "" for its number, person) inside the transaction that locked the draft."""
    last: int = await fetch_value(_LAST, current_tenant(), party)
    there = {row["person"] for row in await fetch(_THERE, current_tenant(), party)}
    new = [line for line in lines if line[1] is None or line[1] not in there]
    if last + len(new) > MOST_VOTERS:
        raise Invalid([f"一个评议方最多 {MOST_VOTERS} 人，请分成几个评议方"], "名单没有加上")
    places = list(range(last + 1, last + len(new) + 1))
    labels = [label[:LONGEST_LABEL] or f"{place:03}" for place, (label, _) in zip(places, new, strict=True)]
    people: list[Any] = [person for _, person in new]
    ids = [new_id() for _ in new]
    await execute(_ADD, current_tenant(), ballot, party, ids, places, labels, people)
    record(Event.BALLOT_CHANGED, ("ballot", ballot), state="draft", kind="roll", count=len(new))
    return len(new)
