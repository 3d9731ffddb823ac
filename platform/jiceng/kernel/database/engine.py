"""Piccolo's engine, scoped to the current tenant whichever way a query comes in (also from piccolo-admin)."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, NoReturn

from piccolo.engine.postgres import AsyncBatch, PostgresEngine
from piccolo.query.base import Query
from piccolo.querystring import QueryString

from jiceng.kernel.database.context import statement_limit, tenant_or_none
from jiceng.kernel.database.driver import Value
from jiceng.kernel.database.pools import Pools, finish
from jiceng.kernel.database.touched import tables_touched
from jiceng.kernel.database.transaction import open_transaction, tenant_transaction
from jiceng.kernel.errors import NoTenant
from jiceng.kernel.settings import Settings


class OtherConnection(RuntimeError):  # noqa: N818 - names what was tried
    """A way of querying that opens another connection, without the tenant: it would see 0 rows in silence."""


class _NoNodes(Mapping[str, PostgresEngine]):
    """Piccolo looks a `node=` up here."""

    def __getitem__(self, name: str) -> NoReturn:
        raise OtherConnection(f"node={name!r} is another connection without the tenant; leave node out")

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class TenantEngine(PostgresEngine):
    """A PostgresEngine that connects late, knows the tenant, and refuses what would lose it."""

    def __init__(self) -> None:
        super().__init__(config={}, extensions=(), extra_nodes=_NoNodes())
        self._pools: Pools | None = None
        self.tenant_tables: set[str] = set()
        """Names of tables that need a tenant; each TenantTable adds its own."""

    # Piccolo asks the server when an engine is made; this one has no server until `connect`.
    async def check_version(self) -> None:
        """Do nothing: `selfcheck` looks at the server's version when the service starts."""

    async def prep_database(self) -> None:
        """Do nothing: no extensions are used."""

    @property
    def pools(self) -> Pools:
        """The open pools.

        Raises:
            RuntimeError: before `connect(settings)`.
        """
        if self._pools is None:
            raise RuntimeError("the database is not connected: await connect(settings) first")
        return self._pools

    async def connect(self, settings: Settings) -> None:
        """Open the app pool (others open with first use); raises Unavailable in plain words."""
        if self._pools is not None:
            raise RuntimeError("already connected: await close() first")
        pools = Pools(settings)
        await pools.pool("app")
        self._pools = pools

    async def close(self) -> None:
        """Close every pool; harmless when not connected."""
        pools, self._pools = self._pools, None
        if pools is not None:
            await pools.close()

    def transaction_exists(self) -> bool:
        """Tell Piccolo whether a transaction is open in this context."""
        return open_transaction.get() is not None

    def transaction(self, allow_nested: bool = False) -> AbstractAsyncContextManager[Any]:  # type: ignore[override]  # noqa: ARG002 - ours is no PostgresTransaction on purpose
        """Return our own transaction; Piccolo's loses its connection when COMMIT fails or on cancellation."""
        opened = open_transaction.get()
        if opened is not None:
            return opened.for_migration()
        return tenant_transaction(self.pools)

    def atomic(self) -> NoReturn:
        """Refuse: Piccolo's Atomic brings its own transaction."""
        raise OtherConnection("atomic() is off; use: async with transaction(): …")

    async def batch(
        self,
        query: Query[Any, Any],  # noqa: ARG002 - Piccolo's signature
        batch_size: int = 100,  # noqa: ARG002 - Piccolo's signature
        node: str | None = None,  # noqa: ARG002 - Piccolo's signature
    ) -> AsyncBatch:
        """Refuse: Piccolo's batch opens another connection."""
        raise OtherConnection("batch() opens another connection without the tenant; use bulk_read()")

    async def get_new_connection(self) -> NoReturn:
        """Refuse: a connection outside the pools has no tenant."""
        raise OtherConnection("connections are taken from the pools only")

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Value:
        """Run a query in the open transaction, or alone as BEGIN / SET LOCAL / query / COMMIT."""
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.run(sql, args, in_pool=in_pool)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Value:
        """Run a change of the schema: in the migrating transaction only."""
        opened = open_transaction.get()
        if opened is None or opened.role != "migrate":
            raise OtherConnection("tables change through migrations only (jiceng migrate)")
        return await self.run(ddl, (), in_pool=in_pool)

    async def run(
        self, sql: str, args: Sequence[Value], *, in_pool: bool = True, method: str = "fetch"
    ) -> Value:
        """Run one statement with asyncpg's `method`: fetch, execute, fetchval, fetchrow."""
        if not in_pool:
            raise OtherConnection(
                "run_sync() and in_pool=False leave the pool and the tenant; await the query"
            )
        opened = open_transaction.get()
        if opened is not None:
            return await getattr(opened.connection, method)(sql, *args)
        tenant = tenant_or_none()
        if tenant is None:
            self._refuse_tenant_tables(sql)
        return await self._run_alone(tenant, sql, args, method)

    async def _run_alone(self, tenant: int | None, sql: str, args: Sequence[Value], method: str) -> Value:
        pools = self.pools
        connection = await pools.take("app")
        try:
            if tenant is not None:
                begin = f"BEGIN; SET LOCAL app.tenant_id = '{int(tenant)}'{statement_limit()}"
                await connection.execute(begin)
            answer = await getattr(connection, method)(sql, *args)
            if tenant is not None:
                await pools.commit(connection)
        except BaseException:
            await finish(pools.give_back("app", connection))
            raise
        await pools.give_back("app", connection)  # nothing is open: the pool itself shields what is left
        return answer

    def _refuse_tenant_tables(self, sql: str) -> None:
        needing = tables_touched(sql) & self.tenant_tables
        if needing:
            raise NoTenant(f"{', '.join(sorted(needing))}: enter tenant_scope(tenant_id) first")


# Piccolo's own tables and its migrations look the engine up by this variable.
os.environ.setdefault("PICCOLO_CONF", "jiceng.piccolo_conf")

engine = TenantEngine()
"""The one engine of the process; `piccolo_conf.DB`."""
