"""The database roles: who may log in, what each is for, and how they come to exist."""

from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg
import msgspec

from jiceng.kernel.database.driver import Connection, Record
from jiceng.kernel.database.pooler import refuse_any
from jiceng.kernel.database.refused import VARIABLES, explained
from jiceng.kernel.errors import Refusal
from jiceng.kernel.settings import Settings

OWNER = "jiceng_owner"
DATABASE_LOCK = 0x6A6963656E67  # "jiceng": one migration or role set-up at a time


class Role(msgspec.Struct, frozen=True):
    """One login role: its URL's field in Settings, whether it sees through row security, its time limits."""

    name: str
    setting: str
    bypass: bool = False
    limits: tuple[tuple[str, str], ...] = ()


_SERVICE_LIMITS = (
    ("statement_timeout", "120s"),
    ("lock_timeout", "30s"),
    # A worker that no longer answers holds its job's row no longer than a lease and this together.
    ("idle_in_transaction_session_timeout", "20s"),
    # A client that vanished without a word (its machine, the network) is noticed and its locks let go.
    ("tcp_user_timeout", "15s"),
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    # Without Citus this is an unknown name that PostgreSQL keeps and nobody reads.
    ("citus.propagate_set_commands", "local"),
)

LOGINS = (
    Role("jiceng_app", "database_url", limits=_SERVICE_LIMITS),
    Role("jiceng_relay", "relay_url", limits=_SERVICE_LIMITS),
    Role("jiceng_operator", "operator_url", limits=_SERVICE_LIMITS),
    Role("jiceng_auditor", "auditor_url", limits=_SERVICE_LIMITS),
    Role("jiceng_migrate", "migrate_url"),
    Role("jiceng_backfill", "backfill_url", bypass=True),
    Role("jiceng_backup", "backup_url", bypass=True),
)
"""backfill and backup see every tenant; nobody else does (docs/decisions/0040)."""


def with_database(url: str, database: str) -> str:
    """Return `url` pointing at another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def database_of(url: str) -> str:
    """Return the database's name in `url`."""
    return unquote(urlsplit(url).path.lstrip("/"))


async def ensure_roles(settings: Settings) -> None:
    """Create roles and database when absent and mend what differs; needs `superuser_url`. Idempotent."""
    with explained(settings.superuser_url, "superuser"):
        connection = await asyncpg.connect(settings.superuser_url, timeout=10)
    try:
        await refuse_any(connection, "superuser")
        await connection.execute("select pg_advisory_lock($1)", DATABASE_LOCK)
        present = {row["rolname"]: row for row in await connection.fetch(_PRESENT)}
        if OWNER not in present:
            await connection.execute(f"create role {OWNER} nologin")
        for role in LOGINS:
            await _ensure_login(connection, role, getattr(settings, role.setting), present.get(role.name))
        migrate = present.get("jiceng_migrate")
        if migrate is None or OWNER not in migrate["member_of"]:
            await connection.execute(f"grant {OWNER} to jiceng_migrate with inherit false, set true")
        await _ensure_database(connection, database_of(settings.database_url))
        await _close_to_the_public(settings)
    finally:
        await connection.close()


_PRESENT = """
select r.rolname, r.rolcanlogin, r.rolsuper or r.rolcreatedb or r.rolcreaterole or r.rolinherit
       or r.rolreplication as too_much, r.rolbypassrls as bypass,
       coalesce((select d.setconfig from pg_db_role_setting d
                 where d.setrole = r.oid and d.setdatabase = 0), '{}') as limits,
       array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid
             where m.member = r.oid) as member_of
from pg_roles r where r.rolname like 'jiceng%'
"""


async def _ensure_login(connection: Connection, role: Role, url: str, present: Record | None) -> None:
    if present is None and not url:
        return
    password = ""
    if url and (present is None or not await _can_log_in(url)):
        password = f" password {_literal(unquote(urlsplit(url).password or ''))}"
    as_planned = (
        present is not None
        and present["rolcanlogin"]
        and not present["too_much"]
        and present["bypass"] == role.bypass
    )
    if password or not as_planned:
        await connection.execute(
            f"{'create' if present is None else 'alter'} role {role.name} login nosuperuser nocreatedb"
            f" nocreaterole noinherit noreplication {'bypassrls' if role.bypass else 'nobypassrls'}{password}"
        )
    for name, value in role.limits:
        if present is None or f"{name}={value}" not in present["limits"]:
            await connection.execute(f"alter role {role.name} set {name} = {_literal(value)}")


async def _can_log_in(url: str) -> bool:
    """Whether the password of `url` is already right (the database itself may still be missing)."""
    try:
        connection = await asyncpg.connect(with_database(url, "postgres"), timeout=10)
    except asyncpg.InvalidAuthorizationSpecificationError:
        return False
    except asyncpg.PostgresError:
        return True
    await connection.close()
    return True


async def _ensure_database(connection: Connection, name: str) -> None:
    if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
        await connection.execute(f"create database {_quoted(name)} owner {OWNER}")


async def _close_to_the_public(settings: Settings) -> None:
    """Take from PUBLIC what PostgreSQL gives it, and let each role in by name."""
    database = database_of(settings.database_url)
    logins = ", ".join(role.name for role in LOGINS if getattr(settings, role.setting))
    with explained(settings.superuser_url, "superuser"):
        connection = await asyncpg.connect(with_database(settings.superuser_url, database), timeout=10)
    try:
        await connection.execute(
            f"revoke all on database {_quoted(database)} from public;"
            f"grant connect on database {_quoted(database)} to {logins};"
            f"alter schema public owner to {OWNER};"
            "revoke all on schema public from public;"
            f"grant usage on schema public to {logins}"
        )
    finally:
        await connection.close()


async def refuse_missing_roles(connection: Connection) -> None:
    """Refuse to migrate when a role that policies or grants name does not exist."""
    rows = await connection.fetch("select rolname from pg_roles where rolname like 'jiceng%'")
    present = {row["rolname"] for row in rows}
    missing = [role for role in (OWNER, *(login.name for login in LOGINS)) if role not in present]
    if missing:
        logins = [VARIABLES[role.removeprefix("jiceng_")] for role in missing if role != OWNER]
        urls = "、".join(["JICENG_SUPERUSER_URL", *logins])
        raise Refusal(
            f"数据库缺少角色：{'、'.join(missing)}",
            urls,
            f"设置 {urls} 后再运行一次 jiceng migrate，由它建立角色",
            503,
            what_en=f"missing database roles: {', '.join(missing)}",
            todo_en="set the URLs named above and run jiceng migrate again: it creates the roles",
        )


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
