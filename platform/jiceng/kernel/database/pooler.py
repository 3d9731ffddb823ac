"""What stands between the service and PostgreSQL: a transaction pooler is fine where it is declared (T05)."""

from urllib.parse import unquote, urlsplit

import asyncpg

from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.findings import Finding, finding
from jiceng.kernel.database.refused import explained, without_password
from jiceng.kernel.errors import Refusal
from jiceng.kernel.settings import Settings

_MAY_BE_POOLED = {
    "app": "JICENG_DATABASE_URL",
    "relay": "JICENG_RELAY_URL",
    "operator": "JICENG_OPERATOR_URL",
}
_DIRECT = {
    "migrate": "JICENG_MIGRATE_URL",
    "backfill": "JICENG_BACKFILL_URL",
    "backup": "JICENG_BACKUP_URL",
    "superuser": "JICENG_SUPERUSER_URL",
}
"""SET ROLE, locks of a session and pg_dump need one server connection from beginning to end."""


async def stands_between(connection: Connection) -> bool:
    """Whether the connection ends at a pooler: what it calls the server's process is then another one.

    Asked by the simple protocol: a statement kept by name would stay behind on somebody else's connection.
    """
    there = await connection.execute(f"select where pg_backend_pid() = {int(connection.get_server_pid())}")
    return bool(there != "SELECT 1")


async def refuse_undeclared(connection: Connection, role: str) -> None:
    """Refuse to serve through a pooler that the settings do not name.

    Raises:
        Refusal: statements kept by name would be missing, or another's, on the next server connection.
    """
    if await stands_between(connection):
        raise Refusal(
            "数据库地址经过连接池（如 PgBouncer），但没有声明",
            _MAY_BE_POOLED[role],
            "设置 JICENG_POOLER=transaction，或直连 PostgreSQL",
            503,
            what_en="a connection pooler stands before the database and JICENG_POOLER does not say so",
            todo_en="set JICENG_POOLER=transaction, or name PostgreSQL itself in the URL",
        )


async def refuse_any(connection: Connection, role: str) -> None:
    """Refuse to migrate, restore or dump through a pooler.

    Raises:
        Refusal: a role or a lock set for the session would stay behind on another's server connection.
    """
    if await stands_between(connection):
        raise Refusal(
            "这个数据库地址经过连接池（如 PgBouncer），升级、恢复和备份不能经过它",
            _DIRECT[role],
            "把这个地址改为直连 PostgreSQL",
            503,
            what_en="a connection pooler stands before the database: this must not go through it",
            todo_en="name PostgreSQL itself in this URL",
        )


async def judge_urls(settings: Settings) -> list[Finding]:
    """Look at every configured URL from outside; raises Unavailable for one that cannot be reached."""
    urls = {
        "app": settings.database_url,
        "relay": settings.relay_url,
        "operator": settings.operator_url,
        "migrate": settings.migrate_url,
        "backfill": settings.backfill_url,
        "backup": settings.backup_url,
        "superuser": settings.superuser_url,
    }
    found: list[Finding] = []
    for role, url in urls.items():
        if url:
            found += await _judge(role, url, pooler=settings.pooler)
    return found


async def _judge(role: str, url: str, *, pooler: bool) -> list[Finding]:
    with explained(url, role):
        connection = await asyncpg.connect(url, timeout=10, statement_cache_size=0)
    where = f"{(_MAY_BE_POOLED | _DIRECT)[role]} → {without_password(url)}"
    found = []
    try:
        if await stands_between(connection):
            if role in _DIRECT:
                found.append(finding("pooler-not-allowed", where))
            elif not pooler:
                found.append(finding("pooler-undeclared", where))
            if not await _keeps_transactions(connection):
                return [*found, finding("pooler-splits-transactions", where)]
        if await connection.fetchval("select current_user::text") != unquote(urlsplit(url).username or ""):
            found.append(finding("login-changed", where))
    finally:
        await connection.close()
    return found


async def _keeps_transactions(connection: Connection) -> bool:
    """A pooler in statement mode refuses BEGIN and hangs up."""
    try:
        await connection.execute("BEGIN")
        await connection.execute("ROLLBACK")
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True
