"""Moving stored values to the current key and suite while the service runs: small steps, each its own commit.

A value that somebody changes meanwhile is left to the one who changed it: it has the current key already.
Values from before a column was encrypted are sealed by the same steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database.access import execute, fetch, joined
from jiceng.kernel.database.context import current_tenant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jiceng.kernel.ciphers.columns import Column
    from jiceng.kernel.crypto.keyring import Keyring

STEP = 500
"""Values in one transaction."""


def _as_it_is(text: str) -> str:
    return text


async def convert(
    places: Iterable[Column], canonical: Callable[[str], str] = _as_it_is, step: int = STEP
) -> int:
    """Re-encrypt the current tenant's values of these columns that are of an older key; returns how many.

    `canonical` is how a text is written for its blind index.

    Raises:
        Undecipherable: a stored value does not open; those before it are converted.
    """
    keys = await keyring()
    return sum([await _convert(place, keys, canonical, step) for place in places])


async def waiting(places: Iterable[Column]) -> int:
    """How many values of these columns are still of an older key, or not encrypted at all."""
    keys = await keyring()
    total = 0
    for place in places:
        rows = await fetch(f"select count(*) as n {_of(place)}", current_tenant(), keys.current)
        total += rows[0]["n"]
    return total


async def _convert(place: Column, keys: Keyring, canonical: Callable[[str], str], step: int) -> int:
    last, done = UUID(int=0), 0
    while True:
        async with joined():
            rows = await fetch(
                f"select id, {place.key} as key, {place.name} as value {_of(place)}"
                " and id > $3 order by id limit $4",
                *(current_tenant(), keys.current, last, step),
            )
            if not rows:
                return done
            sealed, blind = _again(place, rows, keys, canonical)
            done += await execute(
                _update(place),
                *(current_tenant(), [row["id"] for row in rows], [row["value"] for row in rows]),
                *(sealed, blind),
            )
        last = rows[-1]["id"]


def _again(
    place: Column, rows: list[Any], keys: Keyring, canonical: Callable[[str], str]
) -> tuple[list[Any], list[bytes | None]]:
    """The rows' values under the current key, and their blind indexes."""
    if place.binary:
        opened = [keys.open_bytes(place, row["key"], row["value"]) for row in rows]
        kept = [keys.seal_bytes(place, row["key"], data) for row, data in zip(rows, opened, strict=True)]
        return kept, [None] * len(rows)
    plain = [keys.open(place, row["key"], row["value"]) or "" for row in rows]
    sealed = [keys.seal(place, row["key"], text) for row, text in zip(rows, plain, strict=True)]
    return sealed, [keys.blind(place, canonical(text)) if place.index else None for text in plain]


def _of(place: Column) -> str:
    older = (
        f"position(convert_to($2, 'UTF8') in {place.name}) <> 1"
        if place.binary
        else f"not starts_with({place.name}, $2)"
    )
    return f"from {place.table} where tenant_id = $1 and {place.name} <> '' and {older}"


def _update(place: Column) -> str:
    index = f", {place.index} = u.blind" if place.index else ""
    kind = "bytea" if place.binary else "text"
    return (
        f"update {place.table} t set {place.name} = u.sealed{index}"  # noqa: S608 - declared names
        f" from unnest($2::uuid[], $3::{kind}[], $4::{kind}[], $5::bytea[]) as u(id, old, sealed, blind)"
        f" where t.tenant_id = $1 and t.id = u.id and t.{place.name} = u.old"
    )
