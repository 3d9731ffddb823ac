"""Which columns of the roster are encrypted, and how rows are sealed before they are written (control 30)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from jiceng.kernel.ciphers.columns import Column
from jiceng.kernel.crypto.keyring import keyring

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any
    from uuid import UUID

    from jiceng.kernel.crypto.keyring import Keyring
    from jiceng.roster.schemas import Fields, MemberRow

CONTACT = Column("organization_state", "contact", key="organization")
PHONE = Column("member", "phone", index="phone_index")
ID_NUMBER = Column("member", "id_number", index="id_number_index")
REASON = Column("member", "sensitivity_reason")
"""Why a member is labelled; empty for most."""
CONTENT = Column("roster_upload", "content", binary=True)
"""A file waiting to be imported holds what the roster keeps encrypted, so it is encrypted whole."""
BEFORE = Column("roster_undo", "content", binary=True)
"""How rows were before an import: names and all, so encrypted whole."""
_SEALED: dict[str, dict[str, Column]] = {
    "organization": {"contact": CONTACT},
    "member": {"phone": PHONE, "id_number": ID_NUMBER},
}
"""By sheet of the roster: its fields that are sealed."""
_GAPS = re.compile(r"[\s()（）-]")


def fields_of(sheet: str, fields: Sequence[str]) -> tuple[str, ...]:
    """The columns to write for these fields of a sheet: blind indexes are added."""
    indexes = (column.index for name, column in _SEALED.get(sheet, {}).items() if name in fields)
    return (*fields, *(index for index in indexes if index))


def values_of(sheet: str, fields: Sequence[str], owner: UUID, row: Fields, keys: Keyring) -> tuple[Any, ...]:
    """The values to write in the order of `fields_of`: sealed where a field is."""
    sealed = _SEALED.get(sheet, {})
    plain = {name: text for name in sealed if isinstance(text := row.get(name), str)}
    told = [
        keys.seal(sealed[name], owner, plain.get(name)) if name in sealed else row[name] for name in fields
    ]
    blind = [
        keys.blind(column, canonical(plain[name]) if name in plain else None)
        for name, column in sealed.items()
        if name in fields and column.index
    ]
    return (*told, *blind)


def opened(sheet: str, owner: UUID, row: Fields, keys: Keyring) -> Fields:
    """A stored row with its sealed fields in the clear, to be compared with a file."""
    sealed = _SEALED.get(sheet, {})
    return {
        name: keys.open(sealed[name], owner, value) if name in sealed and isinstance(value, str) else value
        for name, value in row.items()
    }


async def with_reasons(rows: Iterable[MemberRow]) -> list[MemberRow]:
    """Members as they were stored, with why they are labelled in the clear where it may be read at all."""
    found = list(rows)
    if not any(row.sensitivity_reason for row in found):
        return found
    keys = await keyring()
    return [
        msgspec.structs.replace(row, sensitivity_reason=keys.open(REASON, row.id, row.sensitivity_reason))
        if row.sensitivity_reason
        else row
        for row in found
    ]


def canonical(text: str) -> str:
    """A number as it is looked for: without blanks, dashes and brackets, X large."""
    return _GAPS.sub("", text).upper()
