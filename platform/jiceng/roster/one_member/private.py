"""A member's telephone and identity number: decrypted for who may read them, found by the whole number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.accounts.fields import readable_here
from jiceng.kernel.clock import today
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, fetch
from jiceng.roster.listing import MemberFilters, find_members
from jiceng.roster.sealing import ID_NUMBER, PHONE, canonical

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

_READ = "select id, phone, id_number from member where tenant_id = $1 and id = any($2::uuid[])"
_FIND = """
select id from member where tenant_id = $1
and (phone_index = any($2::bytea[]) or id_number_index = any($3::bytea[]))
"""
FIELDS = frozenset({"phone", "id_number"})


class Private(msgspec.Struct, frozen=True):
    """What is stored encrypted of a member; None where there is nothing, or it may not be read here."""

    phone: str | None = None
    id_number: str | None = None


async def private(ids: Collection[UUID]) -> dict[UUID, Private]:
    """The encrypted fields of members, whose rows the person at work was allowed to see already."""
    may = FIELDS & readable_here()
    if not may or not ids:
        return dict.fromkeys(ids, Private())
    rows, keys = await fetch(_READ, current_tenant(), list(ids)), await keyring()
    return {
        row["id"]: Private(
            keys.open(PHONE, row["id"], row["phone"]) if "phone" in may else None,
            keys.open(ID_NUMBER, row["id"], row["id_number"]) if "id_number" in may else None,
        )
        for row in rows
    }


async def found_by_number(text: str) -> UUID | None:
    """The one member with this telephone or identity number who may be seen here, by blind index.

    Only fields that may be read are looked in: to find somebody by a number is to read it.
    """
    may, wanted, keys = readable_here(), canonical(text), await keyring()
    phones = keys.blinds(PHONE, wanted) if wanted and "phone" in may else []
    numbers = keys.blinds(ID_NUMBER, wanted) if wanted and "id_number" in may else []
    for row in await fetch(_FIND, current_tenant(), phones, numbers):
        if (await find_members(MemberFilters(id=row["id"]), today(), 1, 1)).rows:
            found: UUID = row["id"]
            return found
    return None
