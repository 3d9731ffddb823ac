"""A wire between the service and PostgreSQL that tests can cut: at COMMIT, or by swallowing everything."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

COMMIT = b"CLOSE ALL; COMMIT"
"""How a transaction of the service ends (kernel/database/resetting.py)."""
"""What a driver sends: a simple query, its length, its text."""
_CHUNK = 65536


class Wire:
    """Passes bytes on between clients and one server, until told otherwise."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.swallowing = False
        """A black hole: what is sent goes nowhere, and no connection is ever closed."""
        self.cuts = {"before": 0, "meanwhile": 0, "after": 0}
        self.cut_one_in = 0.0
        """The part of COMMITs whose connection is cut: before, while or after the server does it."""
        self.dice = random.Random(58)  # noqa: S311 - repeatable on purpose

    @property
    def url(self) -> str:
        """The server's URL, through this wire."""
        user = self._parts.netloc.rsplit("@", 1)[0]
        return urlunsplit(self._parts._replace(netloc=f"{user}@127.0.0.1:{self.port}", query=""))

    async def _server(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        asked = parse_qs(self._parts.query)
        folder = asked.get("host", [""])[0]
        port = int(asked.get("port", ["5432"])[0])
        if folder:
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{port}")
        return await asyncio.open_connection(self._parts.hostname, self._parts.port or port)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client's connection, from its first byte to its last."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        there, onward = await self._server()
        back = asyncio.create_task(self._pass_back(there, writer))
        try:
            await self._pass_on(reader, onward, back)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            back.cancel()
            for end in (writer, onward):
                end.transport.abort()
            self._tasks.discard(task)

    async def _pass_on(
        self, reader: asyncio.StreamReader, onward: asyncio.StreamWriter, back: asyncio.Task[None]
    ) -> None:
        while sent := await reader.read(_CHUNK):
            if self.swallowing:
                continue
            if COMMIT in sent and self.dice.random() < self.cut_one_in:
                await self._cut(sent, onward, back)
                return
            onward.write(sent)
            await onward.drain()
        while self.swallowing:  # noqa: ASYNC110 - nobody tells; the server must not hear that the client left
            await asyncio.sleep(0.05)

    async def _cut(self, sent: bytes, onward: asyncio.StreamWriter, back: asyncio.Task[None]) -> None:
        when = self.dice.choice(tuple(self.cuts))
        self.cuts[when] += 1
        if when == "before":
            return
        back.cancel()  # the answer, if there is one, never arrives
        onward.write(sent)
        await onward.drain()
        if when == "after":
            await asyncio.sleep(0.02)

    async def _pass_back(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while answer := await there.read(_CHUNK):
                if not self.swallowing:
                    writer.write(answer)
                    await writer.drain()
        if not self.swallowing:
            writer.close()

    def stop(self) -> None:
        """Close every connection."""
        for task in set(self._tasks):
            task.cancel()


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[Wire]:
    """A wire to the server of `url`, for the length of the block."""
    made = Wire(url)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        made.stop()
        server.close()
        await asyncio.sleep(0)
