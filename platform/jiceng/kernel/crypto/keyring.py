"""The keys of a tenant: values of columns sealed and opened, blind indexes to find equal values by.

A stored value is text: `algorithm:key number:base64(nonce, cipher text, tag)`. It is bound to its tenant,
column and row: copied to another place it does not open. A blind index is a keyed hash of the value, the
same for the same value within a tenant and column, so that one can look for it without decrypting.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.kernel.ciphers.devices import device, suite
from jiceng.kernel.ciphers.suites import Suite, Undecipherable, mac, new_key, seal, unseal
from jiceng.kernel.clock import now
from jiceng.kernel.database.access import execute, fetch, joined
from jiceng.kernel.database.context import current_tenant
from jiceng.kernel.database.counters import next_block
from jiceng.kernel.errors import Refusal
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from jiceng.kernel.ciphers.columns import Column

_HEADS = ("aes-256-gcm:", "sm4-gcm:")
COLUMN, INDEX = "column", "index"
_READ = """
select number, purpose, algorithm, wrapped, wrapped_by from data_key where tenant_id = $1 order by number
"""
_ADD = """
insert into data_key (tenant_id, id, number, purpose, algorithm, wrapped, wrapped_by, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""


class _Key(msgspec.Struct, frozen=True):
    number: int
    algorithm: str
    secret: bytes


class Keyring:
    """The keys of one tenant, unwrapped, for as long as a unit of work lasts. Pure and fast from here on."""

    def __init__(
        self, tenant: int, columns: Mapping[int, _Key], indexes: Mapping[int, _Key], using: Suite
    ) -> None:
        self._tenant = tenant
        self._columns = columns
        self._indexes = indexes
        self._current = max((key for key in columns.values() if key.algorithm == using.cipher), key=_number)
        self._index = max((key for key in indexes.values() if key.algorithm == using.mac), key=_number)
        self._head = f"{self._current.algorithm}:{self._current.number}:"

    def seal(self, column: Column, row: UUID | int, text: str | None) -> str | None:
        """The value to store; None stays None."""
        if text is None:
            return None
        made = seal(self._current.algorithm, self._current.secret, text.encode(), self._bound(column, row))
        return self._head + urlsafe_b64encode(made).decode()

    def open(self, column: Column, row: UUID | int, stored: str | None) -> str | None:
        """The text of a stored value. One from before columns were encrypted is given as it is.

        Raises:
            Undecipherable: changed, of another row, or of a key that is not there.
        """
        if stored is None or not stored.startswith(_HEADS):
            return stored
        algorithm, number, coded = stored.split(":", 2)
        secret, bound = self._secret(column, algorithm, number), self._bound(column, row)
        return unseal(algorithm, secret, urlsafe_b64decode(coded), bound).decode()

    def seal_bytes(self, column: Column, row: UUID | int, data: bytes) -> bytes:
        """A whole file to store in a column of bytes: algorithm and key number in front, as in text."""
        bound = self._bound(column, row)
        return self._head.encode() + seal(self._current.algorithm, self._current.secret, data, bound)

    def open_bytes(self, column: Column, row: UUID | int, stored: bytes) -> bytes:
        """The file of stored bytes; raises as `open`."""
        name, number, sealed = stored.split(b":", 2)
        algorithm = name.decode()
        return unseal(algorithm, self._secret(column, algorithm, number), sealed, self._bound(column, row))

    def _secret(self, column: Column, algorithm: str, number: str | bytes) -> bytes:
        key = self._columns.get(int(number))
        if key is None or key.algorithm != algorithm:
            raise Undecipherable(f"{column.place}: no key {int(number)} for {algorithm}")
        return key.secret

    def blind(self, column: Column, text: str | None) -> bytes | None:
        """The blind index to store beside the value."""
        return None if text is None else self._blind(self._index, column, text)

    def blinds(self, column: Column, text: str) -> list[bytes]:
        """Every blind index the value may be stored with: those of former keys too."""
        return [self._blind(key, column, text) for key in self._indexes.values()]

    def vouch(self, place: str, text: str) -> bytes:
        """The check value to keep beside what is stored readably and may change through the service alone."""
        return self._vouched_by(self._index, place, text)

    def vouched(self, place: str, text: str, kept: bytes | None) -> bool:
        """Whether `kept` is the check value of `text`, by this key or a former one; None never is."""
        made = (self._vouched_by(key, place, text) for key in self._indexes.values())
        return kept is not None and any(compare_digest(each, kept) for each in made)

    @property
    def current(self) -> str:
        """How stored values begin that are of the current key."""
        return self._head

    def _blind(self, key: _Key, column: Column, text: str) -> bytes:
        return mac(key.algorithm, key.secret, f"{column.place}|{text}".encode())

    def _vouched_by(self, key: _Key, place: str, text: str) -> bytes:
        # No blind index begins so: a column's place has a dot before the first bar.
        return mac(key.algorithm, key.secret, f"check|{place}|{text}".encode())

    def _bound(self, column: Column, row: UUID | int) -> bytes:
        return f"{self._tenant}|{column.place}|{row}".encode()


def _number(key: _Key) -> int:
    return key.number


async def keyring() -> Keyring:
    """The current tenant's keys; those the suite needs are made when they are not there yet."""
    using = suite()
    rows = await _rows()
    missing = [
        (purpose, algorithm)
        for purpose, algorithm in ((COLUMN, using.cipher), (INDEX, using.mac))
        if not any((row["purpose"], row["algorithm"]) == (purpose, algorithm) for row in rows)
    ]
    if missing:
        rows = await _with_new(missing)
    held: dict[str, dict[int, _Key]] = {COLUMN: {}, INDEX: {}}
    for row in rows:
        secret = unwrapped(row)
        held[row["purpose"]][row["number"]] = _Key(row["number"], row["algorithm"], secret)
    return Keyring(current_tenant(), held[COLUMN], held[INDEX], using)


async def renew() -> int:
    """Make a new data key for columns; new values get it, the conversion moves the old ones. Its number."""
    async with joined():
        return await _add(COLUMN, suite().cipher)


async def rewrap() -> int:
    """Put the tenant's data keys under the device's current wrapping key; returns how many were not."""
    using = device()
    async with joined():
        old = [row for row in await _rows() if row["wrapped_by"] != using.wrapping_key]
        for row in old:
            await execute(
                "update data_key set wrapped = $3, wrapped_by = $4 where tenant_id = $1 and number = $2",
                current_tenant(),
                row["number"],
                using.wrap(unwrapped(row), _key_bound(row["number"])),
                using.wrapping_key,
            )
    return len(old)


async def locked_out() -> str:
    """Why the current tenant's keys do not open, as one line; empty when they do, or there are none yet."""
    for row in await _rows():
        try:
            unwrapped(row)
        except Refusal as missing:
            return f"{missing.what_zh}（{missing.where}）"
        except Undecipherable:
            return f"密钥文件不是原来那一把（{row['wrapped_by']}.key）"
    return ""


def unwrapped(row: Mapping[str, Any]) -> bytes:
    """The data key of a row, from the device once and then from memory while the row stays as it is."""
    seen = (current_tenant(), row["number"], bytes(row["wrapped"]), row["wrapped_by"])
    if seen not in _known:
        while len(_known) >= MOST_KNOWN:
            _known.pop(next(iter(_known)))
        _known[seen] = device().unwrap(row["wrapped_by"], bytes(row["wrapped"]), _key_bound(row["number"]))
    return _known[seen]


MOST_KNOWN = 1024
_known: dict[tuple[int, int, bytes, str], bytes] = {}


async def _rows() -> list[Any]:
    return list(await fetch(_READ, current_tenant()))


async def _with_new(missing: Iterable[tuple[str, str]]) -> list[Any]:
    """Make the keys, once: the counter's row is locked, so of two processes one finds the other's."""
    async with joined():
        await next_block("data_keys")
        rows = await _rows()
        for purpose, algorithm in missing:
            if not any((row["purpose"], row["algorithm"]) == (purpose, algorithm) for row in rows):
                await _add(purpose, algorithm)
        return await _rows()


async def _add(purpose: str, algorithm: str) -> int:
    number = await next_block("data_key")
    using = device()
    wrapped = using.wrap(new_key(algorithm), _key_bound(number))
    await execute(
        _ADD, current_tenant(), new_id(), number, purpose, algorithm, wrapped, using.wrapping_key, now()
    )
    return number


def _key_bound(number: int) -> bytes:
    return f"{current_tenant()}|data_key|{number}".encode()
