"""Heads of chains, signed: who holds one later proves that nothing before it was changed, and who gave it.

A head is handed out as one line of text: `linjiang tenant=3 seq=120 hash=… at=… key=intl-sign-1
sig=ed25519:…`. It verifies with the installation's public key alone, without database and service.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING

import msgspec

from jiceng.kernel.audit.chain import Head, moment_text
from jiceng.kernel.ciphers.devices import device
from jiceng.kernel.ciphers.signatures import verified
from jiceng.kernel.clock import now

if TYPE_CHECKING:
    from datetime import datetime

_LINE = re.compile(
    r"^\S+ tenant=(\d+) seq=(\d+) hash=([0-9a-f]{64}|-)"
    r"(?: at=(\S+) key=([a-z0-9-]+) sig=([a-z0-9-]+):([A-Za-z0-9_=-]+))?$",
    re.MULTILINE,
)
_KEY = re.compile(r"^key=([a-z0-9-]+) algorithm=([a-z0-9-]+) public=([A-Za-z0-9_=-]+)$", re.MULTILINE)


class HandedOut(msgspec.Struct, frozen=True):
    """A head as it was handed out; without a signature when it is older than signatures are."""

    head: Head
    at: str = ""
    key_id: str = ""
    algorithm: str = ""
    signature: bytes = b""


class PublicKey(msgspec.Struct, frozen=True):
    """A public key that signs heads."""

    algorithm: str
    public: bytes


def signed_line(name: str, head: Head, moment: datetime | None = None) -> str:
    """One line that says where a chain ended and when, signed by the installation's key."""
    at = moment_text(moment or now())
    key_id, algorithm, _ = device().signing_key
    signature = urlsafe_b64encode(device().sign(_signed(head, at))).decode()
    return f"{plain_line(name, head)} at={at} key={key_id} sig={algorithm}:{signature}"


def key_line() -> str:
    """One line with the public key that heads are signed with now, to be kept with them."""
    key_id, algorithm, public = device().signing_key
    return f"key={key_id} algorithm={algorithm} public={urlsafe_b64encode(public).decode()}"


def heads_in(text: str) -> list[HandedOut]:
    """Every head in a text of such lines."""
    return [
        HandedOut(
            Head(tenant=int(tenant), seq=int(seq), hash="" if digest == "-" else digest),
            *(at, key_id, algorithm, _decoded(signature)),
        )
        for tenant, seq, digest, at, key_id, algorithm, signature in _LINE.findall(text)
    ]


def keys_in(text: str) -> dict[str, PublicKey]:
    """Every public key in a text of lines made by `key_line`."""
    return {
        key_id: PublicKey(algorithm, _decoded(public)) for key_id, algorithm, public in _KEY.findall(text)
    }


def holds(handed_out: HandedOut, keys: dict[str, PublicKey]) -> bool:
    """Whether the head is signed by one of the keys."""
    key = keys.get(handed_out.key_id)
    if key is None or key.algorithm != handed_out.algorithm:
        return False
    told = _signed(handed_out.head, handed_out.at)
    return verified(key.algorithm, key.public, told, handed_out.signature)


def _signed(head: Head, at: str) -> bytes:
    return f"jiceng-audit-head-1|{head.tenant}|{head.seq}|{head.hash}|{at}".encode()


def plain_line(name: str, head: Head) -> str:
    """The line without date and signature."""
    return f"{name} tenant={head.tenant} seq={head.seq} hash={head.hash or '-'}"


def _decoded(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text)
    except ValueError:
        return b""
