"""The roster as the database has it now, in the form a file is compared with."""

from collections.abc import Mapping
from typing import Any

from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, fetch, highest
from jiceng.roster.importing.sheets import BY_TABLE
from jiceng.roster.schemas import EarlierMembership, Known, Stored, StoredMembership
from jiceng.roster.sealing import opened


async def known_roster() -> Known:
    """Load every organization, unit, member, latest membership and post of the current tenant."""
    tenant = current_tenant()
    memberships = await fetch(
        "select distinct on (member) *, lag(id) over w as before_id, lag(since) over w as before_since, "
        "lag(until) over w as before_until, lag(left_by) over w as before_left_by "
        "from membership where tenant_id = $1 window w as (partition by member order by since, id) "
        "order by member, since desc, id desc",
        tenant,
    )
    posts = await fetch("select * from post where tenant_id = $1", tenant)
    return Known(
        version=await highest("roster"),
        organization=await _stored("organization"),
        unit=await _stored("unit"),
        member=await _stored("member"),
        memberships={row["member"]: _membership(row) for row in memberships},
        posts={
            (row["member"], row["organization"], row["post"], row["since"]): (row["id"], row["until"])
            for row in posts
        },
    )


async def _stored(table: str) -> dict[str, Stored]:
    """The rows of a table with their open state; `table` is one of our own names, never input."""
    spec = BY_TABLE[table]
    fields = ", ".join(f"s.{field}" for field in spec.state)
    sql = (
        f"select t.*, {fields}, s.since as state_since from {table} t "  # noqa: S608  names from sheets.py
        f"join {table}_state s on s.tenant_id = t.tenant_id and s.{table} = t.id "
        "where t.tenant_id = $1 and s.tenant_id = $1 and s.until is null"
    )
    rows, keys = await fetch(sql, current_tenant()), await keyring()
    return {
        row["number"]: Stored(
            row["id"],
            opened(table, row["id"], {field: row[field] for field in spec.identity}, keys),
            opened(table, row["id"], {field: row[field] for field in spec.state}, keys),
            row["state_since"],
        )
        for row in rows
    }


def _membership(row: Mapping[str, Any]) -> StoredMembership:
    before = [row[f"before_{field}"] for field in ("id", "since", "until", "left_by")]
    return StoredMembership(
        row["id"],
        row["organization"],
        row["since"],
        row["joined_by"],
        row["until"],
        row["left_by"],
        EarlierMembership(*before) if before[0] else None,
    )
