"""Writing a previewed roster: every table in a few statements of arrays, inside the caller's transaction."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from jiceng.kernel.crypto.keyring import Keyring, keyring
from jiceng.kernel.database import current_tenant, execute
from jiceng.kernel.database.bulk_insert import MANY, forget_plans
from jiceng.kernel.ids import new_id
from jiceng.roster.importing.sheets import BY_TABLE, RosterSheet
from jiceng.roster.schemas import Changed, Fields, NewMembership, NewPost, Preview
from jiceng.roster.sealing import fields_of, values_of
from jiceng.roster.tables import (
    Member,
    Membership,
    MemberState,
    Organization,
    OrganizationState,
    Post,
    Unit,
    UnitState,
)

WRITTEN = (Organization, OrganizationState, Unit, UnitState, Member, MemberState, Membership, Post)
"""The tables an import writes."""

_TYPES = {
    "id": "uuid",
    "organization": "uuid",
    "unit": "uuid",
    "member": "uuid",
    "parent": "uuid",
    "founded": "date",
    "dissolved": "date",
    "since": "date",
    "until": "date",
    "joined": "date",
    "last_election": "date",
    "next_election": "date",
    "birth_year": "integer",
    "employees": "integer",
    "should_have": "boolean",
    "dual": "boolean",
    "mobile": "boolean",
    "worker": "boolean",
    "phone_index": "bytea",
    "id_number_index": "bytea",
}


async def write(preview: Preview) -> None:
    """Write all that the preview changes; organizations first, for the others point at them."""
    keys = await keyring()
    for name in ("organization", "unit", "member"):
        if name in preview.changed:
            await _write_sheet(BY_TABLE[name], preview.changed[name], keys)
    await _write_memberships(preview)
    await _write_posts(preview.posts)


async def _insert(table: str, fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    names = ", ".join(fields)
    arrays = ", ".join(
        f"${number}::{_TYPES.get(field, 'text')}[]" for number, field in enumerate(fields, start=2)
    )
    sql = f"insert into {table} (tenant_id, {names}) select $1, u.* from unnest({arrays}) as u({names})"  # noqa: S608  our own names
    await execute(sql, current_tenant(), *map(list, zip(*rows, strict=True)))


async def _update(table: str, fields: Sequence[str], rows: Sequence[Sequence[Any]], keys: int = 1) -> None:
    """Set fields of existing rows; the first `keys` fields find the row."""
    if not rows:
        return
    arrays = ", ".join(
        f"${number}::{_TYPES.get(field, 'text')}[]" for number, field in enumerate(fields, start=2)
    )
    sets = ", ".join(f"{field} = u.{field}" for field in fields[keys:])
    where = " and ".join(f"t.{field} = u.{field}" for field in fields[:keys])
    sql = (
        f"update {table} t set {sets} from unnest({arrays}) as u({', '.join(fields)}) "  # noqa: S608  our own names
        f"where t.tenant_id = $1 and {where}"
    )
    changed = await execute(sql, current_tenant(), *map(list, zip(*rows, strict=True)))
    if changed != len(rows):
        raise RuntimeError(f"{table}: {changed} of {len(rows)} rows were there to update")


async def _write_sheet(spec: RosterSheet, changed: Changed, keys: Keyring) -> None:
    table, states = spec.table, f"{spec.table}_state"
    identity, state = fields_of(table, spec.identity), fields_of(table, spec.state)

    def kept(owner: UUID, fields: Fields, names: Sequence[str]) -> tuple[Any, ...]:
        return values_of(table, names, owner, fields, keys)

    added = [(owner, number, *kept(owner, fields, spec.identity)) for owner, number, fields in changed.added]
    await _insert(table, ("id", "number", *identity), added)
    # A foreign key's check keeps the plan of its first use. Made while the table was empty, that is a scan
    # of the whole table for every row: 24 s for 12,000 members. Planned anew now, it uses the key: 0.3 s.
    if len(added) >= MANY:
        await forget_plans()
    corrected = [(owner, *kept(owner, fields, spec.identity)) for owner, fields in changed.corrected]
    if identity:
        await _update(table, ("id", *identity), corrected)
    new = {owner for owner, _, _ in changed.added}
    await _end_states(states, table, [s for s in changed.states if not s.replaces and s.owner not in new])
    begun = [
        (new_id(), s.owner, s.since, *kept(s.owner, s.fields, spec.state))
        for s in changed.states
        if not s.replaces
    ]
    await _insert(states, ("id", table, "since", *state), begun)
    replaced = [
        (s.owner, s.since, *kept(s.owner, s.fields, spec.state)) for s in changed.states if s.replaces
    ]
    await _update(states, (table, "since", *state), replaced, keys=2)


async def _end_states(states: str, owner: str, begun: Sequence[Any]) -> None:
    if not begun:
        return
    sql = (
        f"update {states} t set until = u.day from unnest($2::uuid[], $3::date[]) as u(owner, day) "  # noqa: S608  our own names
        f"where t.tenant_id = $1 and t.{owner} = u.owner and t.until is null"
    )
    ended = await execute(sql, current_tenant(), [s.owner for s in begun], [s.since for s in begun])
    if ended != len(begun):
        raise RuntimeError(f"{states}: {ended} of {len(begun)} open states were there to end")


async def _write_memberships(preview: Preview) -> None:
    closing = [(membership, day, "转出") for membership, day in preview.closed]
    await _update("membership", ("id", "until", "left_by"), closing)
    fields = ("id", "member", "organization", "since", "joined_by", "until", "left_by")

    def rows(how: str) -> list[tuple[Any, ...]]:
        return [_values(m, fields) for m in preview.memberships if m.how == how]

    await _insert("membership", fields, rows("add"))
    await _update("membership", fields, rows("correct"))


async def _write_posts(posts: Sequence[NewPost]) -> None:
    fields = ("id", "member", "organization", "post", "since", "until")
    await _insert("post", fields, [_values(post, fields) for post in posts if post.how == "add"])
    await _update("post", fields, [_values(post, fields) for post in posts if post.how == "correct"])


def _values(row: NewMembership | NewPost, fields: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, field) for field in fields)
