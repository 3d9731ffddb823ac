"""The list of plugins that may be loaded: a file of names, versions and digests, signed by the operator.

The private key stays with the operator, away from the service; the service knows the public key only.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING

import msgspec

from jiceng.kernel.ciphers.signatures import new_pair, public_of, sign, verified
from jiceng.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ALGORITHM = "ed25519"
KEY_BYTES = 32
_MARK = b"jiceng-plugins-1\n"


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, order=True):
    """A distribution that may be loaded, with the digest of its files."""

    name: str
    version: str
    digest: str


class _File(msgspec.Struct, forbid_unknown_fields=True):
    plugins: tuple[Listed, ...]
    signature: str


def signed_list(plugins: Iterable[Listed], private: bytes) -> bytes:
    """The text of the list, signed."""
    rows = tuple(sorted(plugins))
    signature = urlsafe_b64encode(sign(ALGORITHM, private, _signed(rows))).decode()
    return msgspec.json.format(msgspec.json.encode(_File(rows, signature)), indent=1) + b"\n"


def read_list(text: bytes, signer: str) -> tuple[Listed, ...]:
    """The distributions of a list.

    Raises:
        Refusal: it is no list, or the holder of the key did not sign it.
    """
    try:
        found = msgspec.json.decode(text, type=_File)
        signature, public = urlsafe_b64decode(found.signature), urlsafe_b64decode(signer)
    except (msgspec.DecodeError, ValueError) as error:
        raise _refused("插件清单读不出来", "the list of plugins cannot be read") from error
    if not verified(ALGORITHM, public, _signed(found.plugins), signature):
        raise _refused(
            "插件清单的签名不符", "the list of plugins is not signed by the holder of JICENG_PLUGIN_SIGNER"
        )
    return found.plugins


def new_key(file: Path) -> bytes:
    """Make the operator's private key in a new file that only he reads. OSError when it cannot be written."""
    private, _ = new_pair(ALGORITHM)
    file.touch(mode=0o600, exist_ok=False)
    file.write_text(urlsafe_b64encode(private).decode() + "\n")
    return private


def read_key(file: Path) -> bytes:
    """The private key in a file. Raises OSError, or Refusal for what is none."""
    try:
        private = urlsafe_b64decode(file.read_text().strip())
    except ValueError:
        private = b""
    if len(private) != KEY_BYTES:
        raise _refused(f"{file} 不是签名私钥", f"{file} holds no private key")
    return private


def signer_of(private: bytes) -> str:
    """The public key as JICENG_PLUGIN_SIGNER names it."""
    return urlsafe_b64encode(public_of(ALGORITHM, private)).decode()


def _signed(plugins: tuple[Listed, ...]) -> bytes:
    return _MARK + msgspec.json.encode(sorted(plugins))


def _refused(zh: str, en: str) -> Refusal:
    return Refusal(
        zh,
        "JICENG_PLUGINS",
        "请用 jiceng plugins sign 重新生成清单，并核对 JICENG_PLUGIN_SIGNER",
        what_en=en,
        todo_en="make it again by `jiceng plugins sign`, and compare JICENG_PLUGIN_SIGNER",
    )
