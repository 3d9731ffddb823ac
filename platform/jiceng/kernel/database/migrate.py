"""`jiceng migrate`: roles, every app's migrations, protection; one transaction, safe to run twice at once."""

import contextlib
import io
import logging
import sys

import asyncpg
import msgspec
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import AppConfig, Finder
from piccolo.table import Table

from jiceng.kernel.ciphers.devices import use_device
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.pooler import refuse_any
from jiceng.kernel.database.protect import protect
from jiceng.kernel.database.refused import explained
from jiceng.kernel.database.resetting import COMMIT
from jiceng.kernel.database.roles import DATABASE_LOCK, OWNER, ensure_roles, refuse_missing_roles
from jiceng.kernel.database.server_version import refuse_old_server
from jiceng.kernel.database.transaction import Transaction
from jiceng.kernel.errors import Refusal
from jiceng.kernel.settings import Settings

log = logging.getLogger(__name__)
# A dump holds these too: without the list of migrations a restored database would be migrated once more.
_LET_BACKUP_READ = """
do $$ begin
  if exists (select from pg_roles where rolname = 'jiceng_backup') then
    grant select on table public.migration to jiceng_backup;
    grant select on all sequences in schema public to jiceng_backup;
  end if;
end $$
"""


class Report(msgspec.Struct, frozen=True):
    """What `migrate` did: the migrations it ran, per app, and the statements that protected the tables."""

    ran: dict[str, tuple[str, ...]]
    protected: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether anything was done at all."""
        return bool(self.protected) or any(self.ran.values())


class OneConnection:
    """Where the migrating transaction takes its connection from; it is the only one."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.migrate_url
        self._production = settings.production

    async def take(self, role: str) -> Connection:
        """Connect as migrate and act as the owner, so that tables belong to nobody who can log in."""
        with explained(self._url, role):
            connection = await asyncpg.connect(self._url, timeout=10)
        try:
            refuse_old_server(connection.get_server_version(), production=self._production)
            await refuse_any(connection, role)
            await refuse_missing_roles(connection)
            await connection.execute(f"set role {OWNER}")
        except BaseException:
            await connection.close()
            raise
        return connection

    async def commit(self, connection: Connection) -> None:
        """Commit, or say that a part of it failed."""
        await connection.execute(COMMIT)

    async def give_back(self, role: str, connection: Connection) -> None:  # noqa: ARG002 - as Pools
        """Close it; an open transaction is rolled back with it."""
        await connection.close()


async def migrate(settings: Settings) -> Report:
    """Bring the database of `settings` up to this code. Nothing is kept when any part of it fails.

    Raises:
        Refusal: wrong URL, refused connection, wrong password, too old a server, a table left unprotected.
    """
    use_device(settings)  # a migration may seal, or vouch for, what is there
    if settings.superuser_url:
        await ensure_roles(settings)
    async with Transaction(OneConnection(settings), "migrate", None) as opened:
        # Held until COMMIT: a second `jiceng migrate` waits here and then finds nothing to do.
        await opened.connection.execute("select pg_advisory_xact_lock($1)", DATABASE_LOCK)
        ran = await _run_migrations()
        protected = await protect(opened.connection, registered_tables())
        await opened.connection.execute(_LET_BACKUP_READ)
    return Report(ran, tuple(protected))


def registered_tables() -> list[type[Table]]:
    """Return the tables of every registered app, core and plugins, in migration order."""
    return [table for config in Finder().get_app_configs() for table in config.table_classes]


async def _run_migrations() -> dict[str, tuple[str, ...]]:
    if not await Migration.table_exists():
        await Migration.create_table()
    path = list(sys.path)
    try:
        return {config.app_name: await _run_app(config) for config in Finder().get_app_configs()}
    finally:
        # Piccolo puts every migrations folder first on the path and leaves it there.
        sys.path[:] = path


async def _run_app(config: AppConfig) -> tuple[str, ...]:
    before = set(await Migration.get_migrations_which_ran(config.app_name))
    words = io.StringIO()
    try:
        with contextlib.redirect_stdout(words):
            result = await ForwardsMigrationManager(config.app_name).run_migrations(config)
    except asyncpg.PostgresError as error:
        raise _failed(config.app_name, str(error)) from error
    log.debug("%s: %s", config.app_name, words.getvalue())
    if not result.success:
        raise _failed(config.app_name, result.message or "")
    return tuple(sorted(set(await Migration.get_migrations_which_ran(config.app_name)) - before))


def _failed(app: str, why: str) -> Refusal:
    return Refusal(
        f"数据库升级失败，没有做任何改动：{why}",
        f"migrations/{app}",
        "请按错误信息修正该迁移；若是可丢弃的开发库，删除数据目录后重来",
        500,
        what_en="the migration failed and nothing was changed",
        todo_en="mend the migration; a throw-away development database can be deleted with its data folder",
    )
