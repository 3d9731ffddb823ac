"""Emptying a worker's database after each test, over one connection that stays open for all of them.

Opening a connection costs the server as much as a small test; so does asking 150 tables one by one. What most
tests begin with is made by the service once, kept, and put back row for row.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, Self, TypeVar

import asyncpg

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

T = TypeVar("T")
_TABLES = """
select array_agg(relname::text order by relname) from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'migration'
"""
_PAGES_KEPT = 16
"""Dead rows beyond so many pages are given back: the test servers never vacuum by themselves."""


class Sweeper:
    """A connection past every policy in a thread of its own: each test has an event loop of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sweeper", daemon=True)
        self._tables: list[str] = []
        self._filled: Any = None
        self._kept: dict[str, tuple[dict[str, list[str]], Any]] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        past_triggers = {"session_replication_role": "replica"}
        self._connection: Any = self._done(asyncpg.connect(self._url, server_settings=past_triggers))
        return self

    def __exit__(self, *_: object) -> None:
        self._done(self._connection.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def empty(self) -> None:
        """Delete every row of every table but the list of migrations."""
        self._done(self._emptied())

    async def once(self, name: str, make: Callable[[], Awaitable[T]]) -> T:
        """What `make` returns; the service makes its rows once for each worker, then they are put back."""
        if name not in self._kept:
            made = await make()
            self._kept[name] = self._done(self._read()), made
        else:
            rows, made = self._kept[name]
            self._done(self._put_back(rows))
        return made

    async def _read(self) -> dict[str, list[str]]:
        """Every row there is, as PostgreSQL writes a row: nothing is lost that way."""
        asked = 'select array_agg(each::text) from "{}" each'
        return {
            name: await self._connection.fetchval(asked.format(name)) for name in await self._filled_tables()
        }

    async def _put_back(self, rows: dict[str, list[str]]) -> None:
        await self._emptied()
        for name, texts in rows.items():
            sql = f'insert into "{name}" select (unnest($1::text[])::"{name}").*'
            await self._connection.execute(sql, texts)

    def _done(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _emptied(self) -> None:
        filled = await self._filled_tables()
        if not filled:
            return
        deletes = "".join(f'delete from "{name}";' for name in filled)  # noqa: S608 - from the catalog
        await self._connection.execute(deletes)
        large = await self._connection.fetch(
            "select relname from pg_class where oid = any($1::regclass[]) and pg_relation_size(oid) > $2",
            [f'public."{name}"' for name in filled],
            _PAGES_KEPT * 8192,
        )
        if large:
            names = ", ".join(f'"{row[0]}"' for row in large)
            await self._connection.execute(f"vacuum {names}")

    async def _filled_tables(self) -> list[str]:
        """The tables with a row, by one statement that the server plans once."""
        tables = await self._connection.fetchval(_TABLES)
        if tables != self._tables:
            asked = [f"select '{name}' where exists (select 1 from \"{name}\")" for name in tables]  # noqa: S608 - from the catalog
            self._filled = await self._connection.prepare(" union all ".join(asked))
            self._tables = tables
        return [row[0] for row in await self._filled.fetch()]
