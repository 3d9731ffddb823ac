"""Folders, sockets and passwords of one data folder's servers, remembered in `servers.json` (0600)."""

import os
import secrets
from hashlib import sha256
from pathlib import Path

import msgspec

from jiceng.kernel.servers.accounts import Account, reachable
from jiceng.kernel.servers.binaries import SYSTEM_FOLDER, system_folder
from jiceng.kernel.servers.faults import from_os_error
from jiceng.kernel.servers.sockets import is_ours, new_sockets

LOGINS = (
    "postgres",
    "jiceng_migrate",
    "jiceng_app",
    "jiceng_relay",
    "jiceng_operator",
    "jiceng_auditor",
    "jiceng_backfill",
    "jiceng_backup",
    "valkey",
)
"""Every login that gets a generated password: the superuser, the roles of the service, and Valkey."""


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered between starts: `home` of the data, `sockets` (a short path, 0700, outside it)."""

    origin: str
    home: Path
    sockets: Path
    passwords: dict[str, str]

    def __repr__(self) -> str:
        """Leave the passwords out."""
        return f"Places(home={str(self.home)!r}, sockets={str(self.sockets)!r})"


def make_data_folder(data_dir: Path, account: Account) -> None:
    """Create the data folder: private to its user, or passable for the servers' account under root."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        data_dir.chmod(0o711 if account.switched else 0o700)
    except OSError as error:
        raise from_os_error(data_dir, error) from error


def state_file(data_dir: Path) -> Path:
    """Where Places are kept."""
    return data_dir / "servers.json"


def open_places(data_dir: Path, account: Account) -> Places:
    """Read the places of `data_dir`, or choose them the first time; call it under the exclusive lock."""
    file = state_file(data_dir)
    try:
        known = _read(file) if file.exists() else None
        places = _refreshed(data_dir, account, known)
        if places != known:
            _write(file, places)
    except OSError as error:
        raise from_os_error(file, error) from error
    return places


def _refreshed(data_dir: Path, account: Account, known: Places | None) -> Places:
    origin = str(data_dir.resolve())
    passwords = {login: secrets.token_urlsafe(24) for login in LOGINS} | (known.passwords if known else {})
    copied = known is not None and known.origin != origin and Path(known.origin).exists()
    if known is None or copied or not known.home.exists():
        home = _home(data_dir, account)
    else:
        home = data_dir if str(known.home) == known.origin else known.home
    sockets = known.sockets if known and not copied else None
    if sockets is None or not is_ours(sockets, account):
        sockets = new_sockets(account, state_file(data_dir))
    return Places(origin=origin, home=home.resolve(), sockets=sockets, passwords=passwords)


def _home(data_dir: Path, account: Account) -> Path:
    if reachable(data_dir, account):
        return data_dir
    token = secrets.token_hex(4)
    home = SYSTEM_FOLDER / "data" / (sha256(f"{data_dir.resolve()} {token}".encode()).hexdigest()[:16])
    system_folder(home.parent)
    home.mkdir(mode=0o711)
    return home


def _read(file: Path) -> Places:
    return msgspec.json.decode(file.read_bytes(), type=Places, dec_hook=lambda kind, text: kind(text))


def _write(file: Path, places: Places) -> None:
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as output:
        output.write(msgspec.json.format(msgspec.json.encode(places, enc_hook=str)))
        output.flush()
        os.fsync(output.fileno())
    new.rename(file)
