"""Titles of columns that a tenant has told the meaning of, kept by kind of sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.database import current_tenant, execute, fetch
from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets.cells import key

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEEP = """
insert into column_title (tenant_id, id, sheet, title, field)
select $1, u.id, $2, u.title, u.field from unnest($3::uuid[], $4::text[], $5::text[]) as u(id, title, field)
on conflict (tenant_id, sheet, title) do update set field = excluded.field
"""


async def titles(family: str) -> dict[str, dict[str, str]]:
    """Field by title (as `cells.key` has it), by sheet, for the kinds `family:sheet`; "" means not read."""
    rows = await fetch(
        "select sheet, title, field from column_title where tenant_id = $1 and starts_with(sheet, $2)",
        current_tenant(),
        f"{family}:",
    )
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["sheet"].removeprefix(f"{family}:"), {})[row["title"]] = row["field"]
    return found


async def remember(kind: str, fields: Mapping[str, str]) -> None:
    """Keep what these titles of a kind of sheet mean from now on; a later word takes the earlier's place."""
    told = {key(title): field for title, field in fields.items()}
    await execute(_KEEP, current_tenant(), kind, [new_id() for _ in told], list(told), list(told.values()))
