"""Folders for sockets: a short random path, private to the servers' account, swept away after their data."""

import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from jiceng.kernel.servers.accounts import Account

_PREFIX = "jiceng-"
_OWNER = "belongs-to"
_SETTLED_SECONDS = 600


def new_sockets(account: Account, owner: Path) -> Path:
    """Make a fresh 0700 folder for the data whose state is `owner`: a socket's path has 100 bytes only."""
    short = Path("/tmp")  # noqa: S108 - a random name, 0700, owner checked at every start
    parent = short if os.access(short, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
    _sweep(parent, account)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    (folder / _OWNER).write_text(str(owner))
    account.give(folder)
    return folder


def is_ours(folder: Path, account: Account) -> bool:
    """Whether the socket folder is still the private one made earlier, no link, nobody else's."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    private = stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) == stat.S_IRWXU
    return private and account.owns(status)


def _sweep(parent: Path, account: Account) -> None:
    """Remove our socket folders whose data folder is gone; a fresh one may not have been written down yet."""
    for folder in parent.glob(f"{_PREFIX}*"):
        note = folder / _OWNER
        try:
            old = is_ours(folder, account) and time.time() - note.stat().st_mtime > _SETTLED_SECONDS
            gone = old and not Path(note.read_text()).exists()
        except OSError:
            continue
        if gone:
            shutil.rmtree(folder, ignore_errors=True)
