"""Joining, moving between organizations and leaving, and terms of office, as a roster file tells them."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

import msgspec

from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets import CellFault, Table
from jiceng.kernel.spreadsheets.values import Value
from jiceng.roster.importing.references import Organizations
from jiceng.roster.importing.returning import Returns, left_unsaid
from jiceng.roster.importing.sheets import MEMBERS, POSTS
from jiceng.roster.schemas import (
    Changed,
    Count,
    Draft,
    Known,
    NewMembership,
    NewPost,
    Returning,
    StoredMembership,
)
from jiceng.roster.vocabulary import BEGINNING


class Moves(msgspec.Struct, frozen=True):
    """Memberships to end (id, day), memberships to write, and whom that concerns."""

    closed: list[tuple[UUID, dt.date]] = []
    written: list[NewMembership] = []

    def count(self, members: Count, changed: Changed, returns: Returns) -> Count:
        """The members' count with those who move added to the changed ones and those who leave counted."""
        leaving = sum(1 for membership in self.written if membership.until is not None)
        touched = {state.owner for state in changed.states} | {owner for owner, _ in changed.corrected}
        touched |= {membership.member for membership in self.written}
        old = len(touched - {owner for owner, _, _ in changed.added})
        return msgspec.structs.replace(
            members,
            changed=old,
            same=members.same + members.changed - old,
            leaving=leaving,
            returned=returns.count(MEMBERS.name),
        )


class _Row(msgspec.Struct, frozen=True):
    """What one row of the members' sheet says about belonging."""

    member: UUID
    organization: UUID
    since: dt.date | None
    joined: dt.date | None
    joined_by: str | None
    until: dt.date | None
    left_by: str | None


def compare_memberships(
    draft: Draft,
    known: Known,
    ids: Mapping[str, UUID],
    organizations: Organizations,
    faults: list[CellFault],
    returns: Returns,
) -> Moves:
    """Compare every member's organization with the stored membership."""
    moves = Moves([], [])
    table = draft.tables.get("member")
    for index, number in enumerate(table.values["number"] if table else ()):
        if table is None or not isinstance(number, str):
            continue
        organization = organizations.find(table, index, MEMBERS.column("organization"), faults)
        if organization is None:
            continue
        row, last = _row(table, index, ids[number], organization), known.memberships.get(ids[number])
        if last and left_unsaid(last, row.since, row.until) and returns.keeps(_returning(table, index, last)):
            row = _still_away(row, last)
        told = _move(row, last, draft.at, moves)
        if told:
            faults.append(table.fault(index, MEMBERS.column("since"), told, "核对转入日期"))
    return moves


def _row(table: Table, index: int, member: UUID, organization: UUID) -> _Row:
    value = {
        field: table.values[field][index] for field in ("since", "joined", "joined_by", "until", "left_by")
    }
    return _Row(
        member,
        organization,
        _day(value["since"]),
        _day(value["joined"]),
        _word(value["joined_by"]),
        _day(value["until"]),
        _word(value["left_by"]),
    )


def _returning(table: Table, index: int, last: StoredMembership) -> Returning:
    return Returning(
        last.id,
        MEMBERS.name,
        table.sheet,
        table.at(index, "number"),
        str(table.values["number"][index]),
        str(table.values["name"][index] or ""),
        last.until or BEGINNING,
        last.left_by or "",
    )


def _still_away(row: _Row, last: StoredMembership) -> _Row:
    """The row as if it told the leaving too."""
    return msgspec.structs.replace(
        row, organization=last.organization, since=None, until=last.until, left_by=last.left_by
    )


def _day(value: Value) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


def _word(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _move(row: _Row, last: StoredMembership | None, at: dt.date, moves: Moves) -> str:
    """Add what the row changes to `moves`; the fault's text when the dates contradict what is stored."""
    if last is None:
        since = row.since or row.joined or BEGINNING
        if row.until is not None and row.until < since:
            return f"离开日期（{row.until}）早于进入日期（{since}）"
        moves.written.append(_new(row, since, row.joined_by))
        return ""
    if last.organization == row.organization and (last.until is None or row.since in {None, last.since}):
        return _correct(row, last, moves)
    if row.since == last.since:
        return _correct(row, last, moves)
    since = row.since or at
    if since < last.since or (last.until is not None and since < last.until):
        return f"转入日期 {since} 早于在原组织的日期（{last.until or last.since}）"
    if last.until is None:
        moves.closed.append((last.id, since))
    moves.written.append(_new(row, since, row.joined_by or "转入"))
    return ""


def _new(row: _Row, since: dt.date, joined_by: str | None) -> NewMembership:
    return NewMembership(new_id(), row.member, row.organization, since, joined_by, row.until, row.left_by)


def _correct(row: _Row, last: StoredMembership, moves: Moves) -> str:
    since = row.since or last.since
    if row.until is not None and row.until < since:
        return f"离开日期（{row.until}）早于进入日期（{since}）"
    if told := _shift(last, since, moves):
        return told
    wanted = msgspec.structs.replace(
        last,
        organization=row.organization,
        since=since,
        joined_by=row.joined_by or last.joined_by,
        until=row.until,
        left_by=row.left_by,
    )
    if wanted != last:
        moves.written.append(
            NewMembership(
                last.id,
                row.member,
                row.organization,
                since,
                wanted.joined_by,
                row.until,
                row.left_by,
                "correct",
            )
        )
    return ""


def _shift(last: StoredMembership, since: dt.date, moves: Moves) -> str:
    """Let the transfer before end on the corrected day too: nobody belongs to two organizations, or to none.

    The fault's text when the membership before had not even begun, or ended for another reason.
    """
    before = last.earlier
    if before is None or before.until is None or since == last.since:
        return ""
    if before.until == last.since and before.left_by == "转出" and since >= before.since:
        moves.closed.append((before.id, since))
        return ""
    if since < before.until:
        return f"转入日期 {since} 早于在原组织的日期（{before.until}）"
    return ""


def compare_posts(
    draft: Draft,
    known: Known,
    members: Mapping[str, UUID],
    organizations: Organizations,
    faults: list[CellFault],
    returns: Returns,
) -> tuple[list[NewPost], tuple[Count, ...]]:
    """Compare the terms of office; a post is known by member, organization, post and first day."""
    table = draft.tables.get("post")
    if table is None:
        return [], ()
    posts: list[NewPost] = []
    seen: dict[tuple[UUID, UUID, str, dt.date], int] = {}
    for index, number in enumerate(table.values["member"]):
        organization = organizations.find(table, index, POSTS.column("organization"), faults)
        if isinstance(number, str) and number not in members:
            faults.append(
                table.fault(index, POSTS.column("member"), "名册里没有这个党员", "改成「党员」表里的党员编号")
            )
        post, since, until = (table.values[field][index] for field in ("post", "since", "until"))
        if (
            organization is None
            or number not in members
            or not (isinstance(post, str) and isinstance(since, dt.date))
        ):
            continue
        place = (members[str(number)], organization, post, since)
        if place in seen:
            told = f"与第 {table.lines[seen[place]] + 1} 行重复"
            faults.append(table.fault(index, POSTS.column("post"), told, "删去重复的一行"))
            continue
        seen[place] = index
        stored = known.posts.get(place)
        if stored is None:
            posts.append(NewPost(new_id(), *place, _day(until)))
        elif stored[1] != until and not (until is None and _still_ended(table, index, stored, returns)):
            posts.append(NewPost(stored[0], *place, _day(until), "correct"))
    new = sum(post.how == "add" for post in posts)
    changed = len(posts) - new
    absent = len(known.posts.keys() - seen.keys())
    same, returned = len(seen) - len(posts), returns.count(POSTS.name)
    return posts, (Count(POSTS.name, len(table.lines), new, changed, same, 0, absent, returned),)


def _still_ended(table: Table, index: int, stored: tuple[UUID, dt.date | None], returns: Returns) -> bool:
    """Whether a post that the file leaves open stays ended: without the column it says nothing at all."""
    if "until" not in table.places or stored[1] is None:
        return True
    number, post = (str(table.values[field][index]) for field in ("member", "post"))
    place = table.at(index, "member")
    return returns.keeps(
        Returning(stored[0], POSTS.name, table.sheet, place, number, post, stored[1], "离任")
    )
