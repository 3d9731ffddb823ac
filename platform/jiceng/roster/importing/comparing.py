"""What a roster file would change, row by row, against the roster as stored. Pure: nothing is written."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets import CellFault, Table
from jiceng.roster.importing.checking import check_tables, check_tree
from jiceng.roster.importing.joining import compare_memberships, compare_posts
from jiceng.roster.importing.references import Organizations
from jiceng.roster.importing.returning import Returns
from jiceng.roster.importing.sheets import BY_TABLE, MEMBERS, ORGANIZATIONS, RosterSheet
from jiceng.roster.schemas import (
    Changed,
    Count,
    Draft,
    Fields,
    Kept,
    Known,
    NewState,
    Preview,
    Returning,
    Stored,
)
from jiceng.roster.vocabulary import BEGINNING

Resolve = Callable[[Table, int, str], Kept]


def compare(draft: Draft, known: Known, today: dt.date, back: Collection[UUID] = frozenset()) -> Preview:
    """Find everything the file would do, and every fault, at once.

    `back`: whose leaving is taken back (ids of `Preview.returning`); everybody else who left stays away.
    """
    faults = [*draft.faults, *check_tables(draft.tables, today)]
    ids = {
        table: _ids(draft.tables[table], known.of(table))
        for table in ("organization", "unit", "member")
        if table in draft.tables
    }
    organizations = Organizations(known, draft.tables.get("organization"), ids.get("organization", {}))
    changed: dict[str, Changed] = {}
    counts: list[Count] = []
    returns = Returns(back, [])
    for name, numbers in ids.items():
        spec, table = BY_TABLE[name], draft.tables[name]
        changed[name], count = _compare_sheet(
            spec, table, known.of(name), numbers, draft.at, _resolver(spec, organizations, faults), returns
        )
        counts.append(count)
    if "organization" in changed:
        faults += _tree_faults(
            draft.tables["organization"], ids["organization"], known, changed["organization"]
        )
    moves = compare_memberships(draft, known, ids.get("member", {}), organizations, faults, returns)
    members = {number: stored.id for number, stored in known.member.items()} | ids.get("member", {})
    posts, post_count = compare_posts(draft, known, members, organizations, faults, returns)
    counts = [
        moves.count(count, changed["member"], returns) if count.sheet == MEMBERS.name else count
        for count in counts
    ]
    faults += _too_early(draft, known, changed)
    return Preview(
        filename=draft.filename,
        at=draft.at,
        version=known.version,
        faults=sorted(faults, key=lambda fault: fault.hint),
        counts=(*counts, *post_count),
        changed=changed,
        closed=moves.closed,
        memberships=moves.written,
        posts=posts,
        skipped=sum(table.skipped for table in draft.tables.values()),
        titles=draft.titles,
        left_out=draft.left_out,
        returning=tuple(returns.found),
    )


def _ids(table: Table, stored: Mapping[str, Stored]) -> dict[str, UUID]:
    """The id of every number in the sheet: its own, or a new one."""
    numbers = (number for number in table.values["number"] if isinstance(number, str))
    return {number: stored[number].id if number in stored else new_id() for number in numbers}


def _resolver(spec: RosterSheet, organizations: Organizations, faults: list[CellFault]) -> Resolve:
    references = {field for field in ("parent", "organization") if field in spec.state}

    def resolve(table: Table, index: int, field: str) -> Kept:
        if field in references:
            return organizations.find(table, index, spec.column(field), faults)
        value = table.values[field][index]
        if spec.column(field).kind == "flag":
            return bool(value)
        return value  # type: ignore[return-value]  # no sheet of the roster has a decimal column

    return resolve


def _compare_sheet(
    spec: RosterSheet,
    table: Table,
    stored: Mapping[str, Stored],
    ids: Mapping[str, UUID],
    at: dt.date,
    resolve: Resolve,
    returns: Returns,
) -> tuple[Changed, Count]:
    changed = Changed([], [], [])
    same = 0
    seen: set[str] = set()
    for index, number in enumerate(table.values["number"]):
        if not isinstance(number, str) or number in seen:
            continue
        seen.add(number)
        before = stored.get(number)
        identity = _fields(spec.identity, table, index, before.identity if before else None, resolve)
        state = _fields(spec.state, table, index, before.state if before else None, resolve)
        if before is None:
            changed.added.append((ids[number], number, identity))
            changed.states.append(NewState(ids[number], BEGINNING, state))
            continue
        _keep_dissolved(before, identity, table, index, returns)
        if identity != before.identity:
            changed.corrected.append((before.id, identity))
        if state != before.state:
            changed.states.append(
                NewState(before.id, max(at, before.since), state, replaces=at <= before.since)
            )
        same += identity == before.identity and state == before.state
    new = len(changed.added)
    absent = len(stored.keys() - seen)
    returned = returns.count(spec.name)
    return changed, Count(spec.name, len(table.lines), new, len(seen) - new - same, same, 0, absent, returned)


def _keep_dissolved(before: Stored, identity: Fields, table: Table, index: int, returns: Returns) -> None:
    """An organization dissolved stays so when the file leaves its day empty, unless it is to come back."""
    day = before.identity.get("dissolved")
    if not isinstance(day, dt.date) or identity["dissolved"] is not None:
        return
    asked = Returning(
        before.id,
        ORGANIZATIONS.name,
        table.sheet,
        table.at(index, "number"),
        str(table.values["number"][index]),
        str(table.values["name"][index] or ""),
        day,
        "撤销",
    )
    if returns.keeps(asked):
        identity["dissolved"] = day


def _fields(
    names: tuple[str, ...], table: Table, index: int, before: Fields | None, resolve: Resolve
) -> Fields:
    """The row's values; a column the file does not have keeps what is stored."""
    return {
        name: before[name] if before is not None and name not in table.places else resolve(table, index, name)
        for name in names
    }


def _tree_faults(table: Table, ids: Mapping[str, UUID], known: Known, changed: Changed) -> list[CellFault]:
    parents: dict[UUID, UUID | None] = {
        stored.id: _uuid(stored.state["parent"]) for stored in known.organization.values()
    }
    parents |= {state.owner: _uuid(state.fields["parent"]) for state in changed.states}
    return list(check_tree(table, [ids.get(str(number)) for number in table.values["number"]], parents))


def _uuid(value: Kept) -> UUID | None:
    return value if isinstance(value, UUID) else None


def _too_early(draft: Draft, known: Known, changed: Mapping[str, Changed]) -> list[CellFault]:
    """A file of a day before the latest change would rewrite history: it is refused, per sheet."""
    faults = []
    for name, change in changed.items():
        since = {stored.id: stored.since for stored in known.of(name).values()}
        latest = max(
            (since[state.owner] for state in change.states if state.owner in since), default=BEGINNING
        )
        if latest > draft.at:
            spec = BY_TABLE.get(name, ORGANIZATIONS)
            told = f"名册日期 {draft.at} 早于系统里最近一次变更（{latest}）"
            faults.append(
                CellFault(
                    spec.name, "", "名册日期", str(draft.at), told, "请用最新的名册，或核对封面上的名册日期"
                )
            )
    return faults
