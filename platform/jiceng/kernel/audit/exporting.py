"""The log as JSON lines that verify without any database: the end of the chain, every entry, a digest."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import BinaryIO, TypeVar

import msgspec

from jiceng.kernel.audit.chain import Checker, Entry, Finding, Head, finding
from jiceng.kernel.audit.verifying import entries, head
from jiceng.kernel.database import transaction

FORMAT = "jiceng-audit-1"
_Kind = TypeVar("_Kind")


class _First(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    head: Head


class _Last(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sha256: str


async def export(out: BinaryIO) -> Head:
    """Write the current tenant's whole log as of one moment; returns its end."""
    digest = hashlib.sha256()

    def put(value: object) -> None:
        line = msgspec.json.encode(value) + b"\n"
        digest.update(line)
        out.write(line)

    async with transaction("repeatable read"):
        end = await head()
        put(_First(FORMAT, end))
        async for block in entries():
            for entry in block:
                put(entry)
    put(_Last(digest.hexdigest()))
    return end


def first_head(line: bytes) -> Head | None:
    """The head with which an export begins; None for a line that is no beginning of one."""
    first = _exactly(line, _First)
    return first.head if first is not None and first.format == FORMAT else None


def verify_export(lines: Iterable[bytes], known: Sequence[Head] = ()) -> tuple[Head | None, list[Finding]]:
    """Check an export, line by line; returns its head (None when even that cannot be read) and what is wrong.

    Every byte counts: a line must be exactly what `export` writes for its content.
    """
    reader = _Reader(known)
    waiting: bytes | None = None
    for line in lines:
        if waiting is not None:
            reader.take(waiting)
        waiting = line
    return reader.end(waiting or b"")


class _Reader:
    """Takes all lines but the last, which is for `end`."""

    def __init__(self, known: Sequence[Head]) -> None:
        self._known = known
        self._digest = hashlib.sha256()
        self._line = 0
        self._head: Head | None = None
        self._checker: Checker | None = None
        self._form: list[Finding] = []

    def take(self, line: bytes) -> None:
        """Check one line: the first is the head, every other one an entry."""
        self._digest.update(line)
        self._line += 1
        if self._checker is not None:
            entry = _exactly(line, Entry)
            if entry is None:
                self._form.append(finding("form", self._line - 1))
            else:
                self._checker.see(entry)
        elif self._line == 1 and (begun := first_head(line)) is not None:
            self._head = begun
            self._checker = Checker(begun, self._known)

    def end(self, last: bytes) -> tuple[Head | None, list[Finding]]:
        """Check that nothing is missing after the entries."""
        told = _exactly(last, _Last)
        if self._checker is None or told is None or told.sha256 != self._digest.hexdigest():
            self._form.append(finding("form", max(0, self._line - 1)))
        chain = self._checker.end() if self._checker is not None else []
        return self._head, [*self._form, *chain]


def _exactly(line: bytes, kind: type[_Kind]) -> _Kind | None:
    """The value of a line, or None unless the line is, byte for byte, how that value is written."""
    try:
        value = msgspec.json.decode(line, type=kind)
    except ValueError:
        return None
    return value if msgspec.json.encode(value) + b"\n" == line else None
