"""Codes of a generator: secrets made from a nonce and the installation's key, steps, recovery codes. Pure.

The database holds only the nonce, so a copy of it gives nobody a code; without the key file nobody has one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import pyotp
import segno

from jiceng.accounts.signing_in.tokens import digest
from jiceng.kernel.ciphers.suites import mac

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from jiceng.kernel.ciphers.suites import Suite

KEY_FILE = "second-factor.key"
KEY_BYTES = 32
SECRET_BYTES = 20
STEP = 30
LATE_STEPS = 1
"""A code of the step before or after is taken too: clocks differ."""
DIGITS = 6
RECOVERY_CODES = 10
_HASHES = {"sha1": partial(hashlib.new, "sha1"), "sm3": partial(hashlib.new, "sm3")}
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GROUP, _GROUPS = 5, 3


@lru_cache(maxsize=8)
def installation_key(data_dir: Path) -> bytes:
    """The key all secrets are made from; created at first use, readable by the service's account alone."""
    path = data_dir / KEY_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes()
    else:
        key = secrets.token_bytes(KEY_BYTES)
        with os.fdopen(handle, "wb") as file:
            file.write(key)
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path}: expected {KEY_BYTES} bytes, found {len(key)}")
    return key


def secret_of(nonce: bytes, key: bytes, algorithm: str = "sha1") -> str:
    """The generator's secret in base32, as people type it in; all of it comes from SM3 where its codes do."""
    made = mac("hmac-sm3" if algorithm == "sm3" else "hmac-sha256", key, nonce)
    return base64.b32encode(made[:SECRET_BYTES]).decode()


def algorithm_for(suite: Suite) -> str:
    """The algorithm of a new generator: SM3 under gm (GB/T 38556), else what every generator knows."""
    return "sm3" if suite.digest == "sm3" else "sha1"


def step_at(moment: datetime) -> int:
    """The number of the 30-second step a moment lies in."""
    return int(moment.timestamp()) // STEP


def matching_step(secret: str, code: str, moment: datetime, last: int, algorithm: str = "sha1") -> int | None:
    """The step whose code it is, later than the `last` one used; None when there is none."""
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    generator = pyotp.HOTP(secret, digits=DIGITS, digest=_HASHES[algorithm])
    now = step_at(moment)
    for step in range(now - LATE_STEPS, now + LATE_STEPS + 1):
        if step > last and hmac.compare_digest(generator.at(step), code):
            return step
    return None


def address(secret: str, login: str, tenant: str, algorithm: str = "sha1") -> str:
    """The otpauth address that generators read from the picture."""
    return pyotp.TOTP(secret, digest=_HASHES[algorithm]).provisioning_uri(name=login, issuer_name=tenant)


def picture(text: str) -> str:
    """The text as a QR code: SVG for the page, without style and script."""
    return segno.make(text, error="m", micro=False).svg_inline(
        scale=5, border=2, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes for paper, 75 random bits each: ABCDE-FGHJK-LMNPQ."""
    return tuple(
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    )


def recovery_digest(code: str) -> bytes:
    """What is stored of a recovery code; spaces, dashes and small letters do not matter."""
    return digest("".join(letter for letter in code.upper() if letter.isalnum()))
