"""Signatures: Ed25519, and SM2 with SM3 (GB/T 32918.2 with the usual identity). Pure.

SM2 comes from gmalg, pure Python: correct by the standard's example, slow (tens of milliseconds) and not
hardened against whoever can time it; a certified device takes its place through `devices.KeyDevice`.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from gmalg import SM2
from gmalg.errors import GMError

IDENTITY = b"1234567812345678"
"""The identity that GM/T 0009 gives signers who have agreed on none."""
SIGNATURE_BYTES, HALF = 64, 32


def new_pair(algorithm: str) -> tuple[bytes, bytes]:
    """A fresh private key and its public key: 32 bytes and 32 (Ed25519) or 65 (SM2, uncompressed)."""
    if algorithm == "ed25519":
        made = Ed25519PrivateKey.generate()
        return (
            made.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()),
            made.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
        )
    if algorithm == "sm2-sm3":
        private, public = SM2().generate_keypair()
        return private.rjust(HALF, b"\0"), public
    raise KeyError(algorithm)


def public_of(algorithm: str, private: bytes) -> bytes:
    """The public key of a private one."""
    if algorithm == "ed25519":
        loaded = Ed25519PrivateKey.from_private_bytes(private)
        return loaded.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    if algorithm == "sm2-sm3":
        public: bytes = SM2().generate_pk(private)
        return public
    raise KeyError(algorithm)


def sign(algorithm: str, private: bytes, data: bytes) -> bytes:
    """The signature, 64 bytes (for SM2: r and s)."""
    if algorithm == "ed25519":
        return Ed25519PrivateKey.from_private_bytes(private).sign(data)
    if algorithm == "sm2-sm3":
        r, s = SM2(private, uid=IDENTITY, pk=public_of(algorithm, private)).sign(data)
        made: bytes = r.rjust(HALF, b"\0") + s.rjust(HALF, b"\0")  # gmalg leaves leading zeros out
        return made
    raise KeyError(algorithm)


def verified(algorithm: str, public: bytes, data: bytes, signature: bytes) -> bool:
    """Whether the signature is of this data by the holder of the key; False for an unknown algorithm."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    try:
        if algorithm == "ed25519":
            Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
            return True
        if algorithm == "sm2-sm3":
            known = SM2(uid=IDENTITY, pk=public)
            on_curve = bool(known.verify_pk(public))
            return on_curve and bool(known.verify(data, signature[:HALF], signature[HALF:]))
    except (InvalidSignature, ValueError, IndexError, GMError):
        return False
    return False
