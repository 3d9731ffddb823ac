"""What can go wrong with the embedded servers, told so that a person can act on it."""

from pathlib import Path

from jiceng.kernel.errors import Unavailable

_FULL = ("No space left on device", "Disk quota exceeded", "File too large")


class ServerFault(Unavailable):
    """An embedded server cannot be started, attached to or stopped; says what, where and what to do."""


def disk_full(where: Path) -> ServerFault:
    """The file system below `where` has no room left."""
    return ServerFault(
        "磁盘空间不足，内置服务器无法启动",
        str(where),
        "请腾出至少 300 MB 空间后重试",
        what_en="the disk is full",
        todo_en="free at least 300 MB and start again",
    )


def not_writable(where: Path, error: OSError) -> ServerFault:
    """`where` cannot be created, read or written by this process."""
    reason = error.strerror or type(error).__name__
    return ServerFault(
        f"无法读写数据文件夹：{reason}",
        str(where),
        "请改用有写权限的文件夹（环境变量 JICENG_DATA），或由创建它的用户来运行",
        what_en=f"cannot use the data folder: {reason}",
        todo_en="choose another folder with JICENG_DATA or run as the user who made it",
    )


def from_os_error(where: Path, error: OSError) -> ServerFault:
    """Tell a full disk from a folder that is not ours."""
    if any(words in str(error) for words in _FULL):
        return disk_full(where)
    return not_writable(where, error)


def did_not_start(server: str, log: Path, tail: str) -> ServerFault:
    """`server` ended or stayed silent while starting; `tail` is what it wrote last."""
    if any(words in tail for words in _FULL):
        return disk_full(log.parent)
    return ServerFault(
        f"{server} 没有启动成功，日志末尾：\n{tail.strip()}\n",
        str(log),
        "请查看日志；数据可以重建时，删除该数据文件夹后重试",
        what_en=f"{server} did not start",
        todo_en="see the log; if the data can be rebuilt, delete the data folder and start again",
    )


def other_version(data: Path, found: str, wanted: str) -> ServerFault:
    """The data folder was written by another major version of PostgreSQL."""
    return ServerFault(
        f"数据文件夹属于 PostgreSQL {found}，而内置的是 PostgreSQL {wanted}",
        str(data),
        f"请用 PostgreSQL {found} 的 pg_dump 导出，改名此文件夹后再导入；或设置 JICENG_DATABASE_URL",
        what_en=f"the data folder belongs to PostgreSQL {found}, the embedded one is {wanted}",
        todo_en=f"dump it with PostgreSQL {found}, rename the folder and load the dump",
    )


def password_lost(data: Path, state: Path) -> ServerFault:
    """A database exists but the file with its password does not."""
    return ServerFault(
        f"数据库文件夹还在，但保存密码的文件 {state.name} 不见了",
        str(data),
        f"请恢复 {state}，或在数据可以重建时删除数据库文件夹后重试",
        what_en="the database is there but the file with its password is gone",
        todo_en=f"restore {state}, or delete the database folder if its data can be rebuilt",
    )


def refused_in_production(settings_named: str) -> ServerFault:
    """Production never runs on embedded servers."""
    return ServerFault(
        "生产模式不使用内置服务器",
        settings_named,
        "请设置这些环境变量，指向已有的 PostgreSQL 和 Redis/Valkey",
        what_en="production mode refuses the embedded servers",
        todo_en="set these variables",
    )


def log_tail(log: Path, size: int = 2000) -> str:
    """Return the last `size` bytes of `log` as text."""
    try:
        with log.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - size))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
