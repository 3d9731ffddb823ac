"""Who the servers run as: PostgreSQL refuses root, so root hands over to `nobody` or to a named user."""

import os
import pwd
import stat
from pathlib import Path
from typing import Any

import msgspec

from jiceng.kernel.servers.faults import ServerFault


class Account(msgspec.Struct, frozen=True):
    """A user of this machine; `switched` when it is not the one this process runs as."""

    name: str
    uid: int
    gid: int
    switched: bool

    def popen(self) -> dict[str, Any]:
        """Return the arguments of subprocess.Popen that start a process as this account, files private."""
        if not self.switched:
            return {"umask": 0o077}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "umask": 0o077}

    def give(self, path: Path) -> None:
        """Make this account the owner of `path`."""
        if self.switched:
            os.chown(path, self.uid, self.gid)

    def owns(self, status: os.stat_result) -> bool:
        """Whether the file with this `status` belongs to the account."""
        return status.st_uid == self.uid


def server_account(name: str = "") -> Account:
    """Return the account for the servers: ourselves, or as root the user `name` (`nobody` when empty)."""
    uid = os.geteuid()
    if uid != 0:
        return Account(str(uid), uid, os.getegid(), switched=False)
    try:
        entry = pwd.getpwnam(name or "nobody")
    except KeyError:
        entry = None
    if entry is None or entry.pw_uid == 0:
        raise ServerFault(
            f"以 root 运行时需要一个普通用户来运行数据库，但没有用户 {name or 'nobody'}",
            "JICENG_SERVER_ACCOUNT",
            "请新建该用户，或用 JICENG_SERVER_ACCOUNT 指定另一个非 root 用户",
            what_en="no ordinary user to run the servers as",
            todo_en="create it or name another one in JICENG_SERVER_ACCOUNT",
        )
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switched=True)


def reachable(path: Path, account: Account) -> bool:
    """Whether `account` may enter every folder from the root down to `path` (which must exist)."""
    if not account.switched:
        return True
    folders = [path, *path.parents] if path.is_dir() else list(path.parents)
    return all(_may_enter(folder.stat(), account) for folder in folders)


def _may_enter(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
