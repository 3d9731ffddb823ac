"""A dump of every tenant by role backup, and a fresh database made from one (control 32).

Files beside the database (`JICENG_DATA`) are copied by the operator's own means: docs/operators.md.
"""

import asyncio
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg
import msgspec

from jiceng.kernel import clock
from jiceng.kernel.database.migrate import migrate
from jiceng.kernel.database.pooler import refuse_any
from jiceng.kernel.database.refused import explained
from jiceng.kernel.database.roles import database_of, with_database
from jiceng.kernel.errors import Conflict, Refusal
from jiceng.kernel.privacy import environment_without_secrets
from jiceng.kernel.servers.binaries import postgres_program
from jiceng.kernel.settings import Settings

MUCH_SMALLER = 0.8
"""A dump below this part of the one before raises an alarm: something may be missing from it (threat T15)."""
_ANYTHING = "select exists (select 1 from tenant)"
_OURS = " TABLE DATA public tenant "
"""What the list of contents says of every dump of ours."""
_EMPTY = "drop schema public cascade; create schema public"


class Dump(msgspec.Struct, frozen=True):
    """A dump that was written; `before` is the size of the one before it in the folder, 0 without one."""

    path: Path
    size: int
    before: int

    @property
    def suspicious(self) -> bool:
        """Whether it is much smaller than the one before."""
        return self.size < self.before * MUCH_SMALLER


async def back_up(settings: Settings, folder: Path) -> Dump:
    """Write a dump of the whole database into the folder, readable by this user only.

    Raises:
        Refusal: pg_dump is not there or failed; nothing is left in the folder then. Unavailable: no database.
    """
    with explained(settings.backup_url, "backup"):
        connection = await asyncpg.connect(settings.backup_url, timeout=10)
    try:
        await refuse_any(connection, "backup")
        major = connection.get_server_version().major
    finally:
        await connection.close()
    before = _newest(folder)
    path = folder / f"jiceng-{clock.now():%Y%m%dT%H%M%SZ}.dump"
    unfinished = path.with_suffix(".part")
    unfinished.touch(mode=0o600)
    try:
        await _run("pg_dump", major, settings.backup_url, "--format=custom", "--file", str(unfinished))
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return Dump(path, path.stat().st_size, before)


def _newest(folder: Path) -> int:
    """Make the folder, for this user only; the size of the newest dump in it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    earlier = sorted(folder.glob("jiceng-*.dump"))
    return earlier[-1].stat().st_size if earlier else 0


async def restore(settings: Settings, dump: Path) -> None:
    """Make the database of the settings from a dump; it must hold no tenant. Needs JICENG_SUPERUSER_URL.

    Raises:
        Conflict: the database holds tenants. Refusal: the file is no dump of this service, or pg_restore
            failed; then the database holds no tenant either.
    """
    await migrate(settings)  # the roles and the database itself
    there = with_database(settings.superuser_url, database_of(settings.database_url))
    with explained(settings.superuser_url, "superuser"):
        connection = await asyncpg.connect(there, timeout=10)
    try:
        if await connection.fetchval(_ANYTHING):
            raise Conflict(
                "数据库里已有租户，没有恢复",
                database_of(settings.database_url),
                "请指向一个新的数据库，再运行一次",
                what_en="the database holds tenants; nothing was restored",
                todo_en="name a new database in the URLs and run it again",
            )
        major = connection.get_server_version().major
        await _refuse_foreign(major, there, dump)
        await connection.execute(_EMPTY)
    finally:
        await connection.close()
    try:
        await _run("pg_restore", major, there, "--exit-on-error", "--single-transaction", str(dump))
    except Refusal as failed:
        raise Refusal(
            f"备份没有恢复：{failed.what_zh}",
            str(dump),
            "文件可能不完整，请换一份备份，再运行一次；数据库里什么都没有留下",
            failed.status,
            what_en=f"nothing was restored: {failed.what_en}",
            todo_en="the file may be cut: take another dump and run it again",
        ) from failed
    await migrate(settings)  # grants and protection, which belong to the roles of this server


async def _refuse_foreign(major: int, url: str, dump: Path) -> None:
    """Raise Refusal unless the file lists what every dump of ours holds."""
    try:
        listed = await _run("pg_restore", major, url, "--list", str(dump))
    except Refusal as unreadable:
        raise _foreign(dump, unreadable.what_zh) from unreadable
    if _OURS not in listed:
        raise _foreign(dump, "里面没有租户表")


def _foreign(dump: Path, why: str) -> Refusal:
    return Refusal(
        f"这个文件不是本平台的完整备份，没有恢复：{why}",
        str(dump),
        "请选 jiceng backup 写出的 .dump 文件",
        what_en="this file is no whole dump of this service; nothing was restored",
        todo_en="take a .dump file that jiceng backup wrote",
    )


async def _run(program: str, major: int, url: str, *arguments: str) -> str:
    """Run one of PostgreSQL's programs, of the server's major version if it is here; what it printed.

    The password goes by environment, never by argument.
    """
    parts = urlsplit(url)
    user, _, place = parts.netloc.rpartition("@")
    bare = urlunsplit(parts._replace(netloc=f"{user.split(':')[0]}@{place}"))
    process = await asyncio.create_subprocess_exec(
        str(postgres_program(program, major)),
        "--dbname",
        bare,
        *arguments,
        env={**environment_without_secrets(), "PGPASSWORD": unquote(parts.password or "")},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, said = await process.communicate()
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines()
        raise Refusal(
            f"{program} 没有成功：{lines[-1] if lines else process.returncode}",
            bare,
            f"请核对地址和权限，确认装有 PostgreSQL {major} 的客户端程序，再运行一次",
            503,
            what_en=f"{program} failed",
            todo_en=f"check the URL, the rights, and client programs of PostgreSQL {major}; run it again",
        )
    return printed.decode(errors="replace")
