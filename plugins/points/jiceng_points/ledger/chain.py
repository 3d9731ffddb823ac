"""The chain of digests, without a database: how a transfer is sealed, and what betrays a changed one."""

from __future__ import annotations

import hashlib
from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from uuid import UUID  # noqa: TC003 - msgspec reads the annotations

import msgspec

ALGORITHM = "sha256"


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer with its entries (account, hundredths); the order of fields is the sealed text's."""

    tenant: int
    seq: int
    id: UUID
    at: datetime
    because: str
    key: str
    about: UUID | None
    reverses: UUID | None
    by: UUID | None
    entries: tuple[tuple[UUID, int], ...]
    algorithm: str = ALGORITHM


class Break(msgspec.Struct, frozen=True):
    """Where the chain does not hold: the transfer's number and why, in Chinese."""

    seq: int
    zh: str


def seal(previous: bytes, transfer: Sealed) -> bytes:
    """Return the digest of `transfer` after one with the digest `previous` (empty for the first)."""
    ordered = msgspec.structs.replace(transfer, entries=tuple(sorted(transfer.entries)))
    return hashlib.sha256(previous + msgspec.json.encode(msgspec.structs.astuple(ordered))).digest()


class Walk:
    """Goes along the chain, transfer by transfer; after a break it goes on from the stored digest."""

    def __init__(self) -> None:
        self.seq = 0
        self.digest = b""
        self.breaks: list[Break] = []

    def see(self, transfer: Sealed, stored: bytes) -> None:
        """Check the next transfer against its stored digest."""
        if transfer.seq != self.seq + 1:
            self.breaks.append(Break(transfer.seq, f"前面缺少流水（上一笔是第 {self.seq} 号）"))
        elif transfer.algorithm != ALGORITHM:
            self.breaks.append(Break(transfer.seq, "摘要算法未知"))
        elif seal(self.digest, transfer) != stored:
            self.breaks.append(Break(transfer.seq, "内容与摘要不符，被改动过"))
        self.seq, self.digest = transfer.seq, stored

    def end(self, seq: int, digest: bytes) -> list[Break]:
        """Check that the chain ends where the book says; returns every break."""
        if (self.seq, self.digest) != (seq, digest):
            self.breaks.append(Break(seq, "末尾与账本登记的不符，被截断或改写"))
        return self.breaks
