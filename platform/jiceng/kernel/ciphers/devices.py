"""Where the keys that protect all others are kept: files beside the database, or a cryptographic device.

`KeyDevice` is all the service asks of it: wrap and unwrap data keys, sign. A PKCS#11 or SDF (GM/T 0018)
module implements the same five parts in an adapter of its own and is named by JICENG_KEY_DEVICE as
`package.module:factory`; its keys never leave it. The keys in files are for installations without one.
"""

from __future__ import annotations

import importlib
import os
import secrets
from typing import TYPE_CHECKING, Protocol

from jiceng.kernel.ciphers.signatures import new_pair, public_of, sign
from jiceng.kernel.ciphers.suites import SUITES, Suite, new_key, seal, unseal
from jiceng.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jiceng.kernel.settings import Settings


class KeyDevice(Protocol):
    """Holds key-encryption keys and a signing key; every key has an id that is stored with what it made."""

    @property
    def wrapping_key(self) -> str:
        """The id of the key that wraps new data keys."""

    def wrap(self, data_key: bytes, bound: bytes) -> bytes:
        """The data key under the current wrapping key, bound to its place."""

    def unwrap(self, key_id: str, wrapped: bytes, bound: bytes) -> bytes:
        """The data key; raises Undecipherable, or Refusal when the device does not hold `key_id`."""

    @property
    def signing_key(self) -> tuple[str, str, bytes]:
        """The signing key: its id, its algorithm, its public key."""

    def sign(self, data: bytes) -> bytes:
        """A signature by the signing key."""


class KeyFiles:
    """Keys as files of one folder, readable by the service's account alone: `<suite>-<kind>-<number>.key`."""

    def __init__(self, folder: Path, suite: Suite) -> None:
        self._folder = folder
        self._suite = suite

    @property
    def wrapping_key(self) -> str:
        """The newest wrapping key of the suite, made at first use."""
        return self._newest("wrap", lambda: new_key(self._suite.cipher))

    def wrap(self, data_key: bytes, bound: bytes) -> bytes:
        """See `KeyDevice`."""
        return seal(self._suite.cipher, self._read(self.wrapping_key), data_key, bound)

    def unwrap(self, key_id: str, wrapped: bytes, bound: bytes) -> bytes:
        """See `KeyDevice`; the suite is the one in the key's id, so keys of the other suite still open."""
        return unseal(SUITES[key_id.split("-", maxsplit=1)[0]].cipher, self._read(key_id), wrapped, bound)

    @property
    def signing_key(self) -> tuple[str, str, bytes]:
        """See `KeyDevice`."""
        algorithm = self._suite.signature
        key_id = self._newest("sign", lambda: new_pair(algorithm)[0])
        return key_id, algorithm, public_of(algorithm, self._read(key_id))

    def sign(self, data: bytes) -> bytes:
        """See `KeyDevice`."""
        return sign(self._suite.signature, self._read(self.signing_key[0]), data)

    def renew(self) -> str:
        """Make a new wrapping key; returns its id. Old ones stay, for what they wrapped."""
        return self._make("wrap", new_key(self._suite.cipher))

    def _newest(self, kind: str, make: Callable[[], bytes]) -> str:
        held = self._held(kind)
        return held[-1] if held else self._make(kind, make())

    def _held(self, kind: str) -> list[str]:
        found = (path.stem for path in self._folder.glob(f"{self._suite.name}-{kind}-*.key"))
        return sorted(found, key=lambda stem: int(stem.rsplit("-", 1)[1]))

    def _make(self, kind: str, key: bytes) -> str:
        """Keep a key under the next number; when another process was faster, the newest is that one's."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = self._held(kind)
        number = int(held[-1].rsplit("-", 1)[1]) + 1 if held else 1
        key_id = f"{self._suite.name}-{kind}-{number}"
        unfinished = self._folder / f".{secrets.token_hex(8)}"
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(unfinished, self._path(key_id))
        except FileExistsError:
            return self._held(kind)[-1]
        finally:
            unfinished.unlink()
        return key_id

    def _path(self, key_id: str) -> Path:
        return self._folder / f"{key_id}.key"

    def _read(self, key_id: str) -> bytes:
        try:
            return self._path(key_id).read_bytes()
        except OSError as error:
            raise Refusal(
                "缺少密钥文件，数据解不开",
                f"{key_id}.key",
                "请从密钥备份恢复 keys 文件夹",
                500,
                what_en=f"the key file {key_id}.key is missing: restore the folder of keys from its backup",
            ) from error


class _Chosen:
    """The device and the suite of this process: one each, set when it connects."""

    device: KeyDevice | None = None
    suite = SUITES["intl"]


def use_device(settings: Settings) -> None:
    """Use the suite and the keys the settings name from now on; at the start of a process.

    Raises:
        Refusal: the adapter that JICENG_KEY_DEVICE names cannot be loaded.
    """
    _Chosen.suite = SUITES[settings.crypto]
    _Chosen.device = (
        _loaded(settings.key_device, _Chosen.suite)
        if settings.key_device
        else KeyFiles(settings.keys or settings.data_dir / "keys", _Chosen.suite)
    )


def device() -> KeyDevice:
    """The device of this process.

    Raises:
        RuntimeError: before `use_device`.
    """
    if _Chosen.device is None:
        raise RuntimeError("no key device: use_device(settings) first, as connect(settings) does")
    return _Chosen.device


def suite() -> Suite:
    """The suite new values are made with."""
    return _Chosen.suite


def _loaded(name: str, chosen: Suite) -> KeyDevice:
    module, _, factory = name.partition(":")
    try:
        made: KeyDevice = getattr(importlib.import_module(module), factory)(chosen)
    except (ImportError, AttributeError, ValueError) as error:
        raise Refusal(
            "密码设备的适配程序装不上",
            f"JICENG_KEY_DEVICE={name}",
            "应为“模块:函数”，函数收一套算法、返回密码设备",
            what_en="the adapter of the key device does not load",
        ) from error
    return made
