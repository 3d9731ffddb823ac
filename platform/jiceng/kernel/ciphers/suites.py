"""The algorithms, by the names that are stored with every value: two suites of the same five parts. Pure.

`intl`: AES-256-GCM, HMAC-SHA-256, SHA-256, Ed25519. `gm`: SM4-GCM (GB/T 32907), HMAC-SM3 and SM3 (GB/T
32905), SM2 signatures (GB/T 32918.2). An algorithm never changes what its name means; a new one gets a new
name, so values of every age can be read.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

if TYPE_CHECKING:
    from collections.abc import Callable

NONCE, TAG = 12, 16


class Suite(msgspec.Struct, frozen=True):
    """Which algorithm is used for new values of each kind."""

    name: str
    cipher: str
    mac: str
    digest: str
    signature: str


SUITES: dict[str, Suite] = {
    "intl": Suite("intl", "aes-256-gcm", "hmac-sha256", "sha256", "ed25519"),
    "gm": Suite("gm", "sm4-gcm", "hmac-sm3", "sm3", "sm2-sm3"),
}
KEY_BYTES: dict[str, int] = {"aes-256-gcm": 32, "sm4-gcm": 16, "hmac-sha256": 32, "hmac-sm3": 32}
"""The length of a key, by algorithm."""
_DIGESTS = {"sha256": "sha256", "sm3": "sm3"}
_MACS = {"hmac-sha256": "sha256", "hmac-sm3": "sm3"}


class Undecipherable(ValueError):  # noqa: N818 - says what it is about
    """A value that was changed, moved to another row, or sealed under another key."""


def new_key(algorithm: str) -> bytes:
    """A fresh random key for an algorithm."""
    return secrets.token_bytes(KEY_BYTES[algorithm])


def seal(algorithm: str, key: bytes, plain: bytes, bound: bytes) -> bytes:
    """Encrypt and authenticate; `bound` says whose value it is and is authenticated too. Nonce first."""
    nonce = secrets.token_bytes(NONCE)
    if algorithm == "aes-256-gcm":
        return nonce + AESGCM(key).encrypt(nonce, plain, bound)
    if algorithm == "sm4-gcm":
        encryptor = Cipher(SM4(key), GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound)
        return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag
    raise _unknown(algorithm)


def unseal(algorithm: str, key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """The plain text of what `seal` gave.

    Raises:
        Undecipherable: changed, of another place, or of another key.
    """
    nonce, rest = sealed[:NONCE], sealed[NONCE:]
    if len(nonce) < NONCE or len(rest) < TAG:
        raise Undecipherable("too short to be sealed")
    try:
        if algorithm == "aes-256-gcm":
            return AESGCM(key).decrypt(nonce, rest, bound)
        if algorithm == "sm4-gcm":
            decryptor = Cipher(SM4(key), GCM(nonce, rest[-TAG:])).decryptor()
            decryptor.authenticate_additional_data(bound)
            return decryptor.update(rest[:-TAG]) + decryptor.finalize()
    except InvalidTag as error:
        raise Undecipherable("changed, or not of this place or key") from error
    raise _unknown(algorithm)


def digest(algorithm: str) -> Callable[[bytes], bytes]:
    """The hash function with this stored name.

    Raises:
        KeyError: no such algorithm.
    """
    name = _DIGESTS[algorithm]
    return lambda data: hashlib.new(name, data).digest()


def mac(algorithm: str, key: bytes, data: bytes) -> bytes:
    """The keyed hash of `data`.

    Raises:
        KeyError: no such algorithm.
    """
    return hmac.new(key, data, _MACS[algorithm]).digest()


def _unknown(algorithm: str) -> Undecipherable:
    return Undecipherable(f"no cipher {algorithm[:40]!r}")
