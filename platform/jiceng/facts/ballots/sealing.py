"""Slips and envelopes of a ballot: made with keys that no table holds. Pure.

The keys come from the ballot's secret, which is stored encrypted and erased by the count, and with it
everything that was sealed. A slip names a party and nobody; an envelope says nothing without the keys.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from collections.abc import Sequence

SEAL_BYTES = 32
_NONCE, _UUID, _MAC = 16, 16, 32
_GCM_NONCE = 12
ABSTAINED = 0
"""What stands for a subject that the voter left out; option n is n + 1."""


class Keys(msgspec.Struct, frozen=True):
    """The two keys of one ballot, in memory only."""

    slips: bytes
    papers: bytes


class BrokenSeal(Exception):  # noqa: N818 - says what was found
    """An envelope was not sealed for this ballot, or was changed."""


def new_seal() -> bytes:
    """The secret of a ballot's keys, made when it opens."""
    return secrets.token_bytes(SEAL_BYTES)


def keys_of(seal: bytes) -> Keys:
    """The keys of a ballot; ValueError when its secret was erased."""
    if len(seal) != SEAL_BYTES:
        raise ValueError("this ballot has no seal (any more)")
    return Keys(*(hmac.new(seal, name, "sha256").digest() for name in (b"slip", b"paper")))


def new_slip(keys: Keys, party: UUID) -> str:
    """A right to put one paper of `party` into the box: random, signed, written down nowhere."""
    body = secrets.token_bytes(_NONCE) + party.bytes
    return _written(body + hmac.new(keys.slips, body, "sha256").digest())


def party_of(keys: Keys, slip: str) -> UUID | None:
    """The party a slip is for; None for a forged one.

    A slip written in any other way than it was made is forged too: the box tells slips apart by how they are
    written, so that one slip written in two ways would be two papers.
    """
    try:
        raw = base64.urlsafe_b64decode(slip + "=" * (-len(slip) % 4))
    except (binascii.Error, ValueError):
        return None
    if _written(raw) != slip:
        return None
    body, mac = raw[: _NONCE + _UUID], raw[_NONCE + _UUID :]
    if len(mac) != _MAC or not hmac.compare_digest(hmac.new(keys.slips, body, "sha256").digest(), mac):
        return None
    return UUID(bytes=body[_NONCE:])


def sealed(keys: Keys, ballot: UUID, party: UUID, choices: Sequence[int]) -> bytes:
    """A paper in its envelope: as long as every other of the ballot, whatever was chosen."""
    nonce = secrets.token_bytes(_GCM_NONCE)
    return nonce + AESGCM(keys.papers).encrypt(nonce, party.bytes + bytes(choices), ballot.bytes)


def opened(keys: Keys, ballot: UUID, envelope: bytes) -> tuple[UUID, tuple[int, ...]]:
    """The party and the choices in an envelope, in the order of the ballot's subjects.

    Raises:
        BrokenSeal: it was not sealed for this ballot.
    """
    try:
        paper = AESGCM(keys.papers).decrypt(envelope[:_GCM_NONCE], envelope[_GCM_NONCE:], ballot.bytes)
    except (InvalidTag, ValueError) as error:
        raise BrokenSeal(str(ballot)) from error
    return UUID(bytes=paper[:_UUID]), tuple(paper[_UUID:])


def _written(slip: bytes) -> str:
    return base64.urlsafe_b64encode(slip).decode().rstrip("=")
