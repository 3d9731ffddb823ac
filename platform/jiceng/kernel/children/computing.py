"""The worker's side: one nursery, started when first needed, one computation at a time."""

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

import msgspec

from jiceng.kernel.children.protocol import LENGTH, Answer, Limits, Outcome, Request, framed

_PRELOADED = ("polars",)
_MARGIN = 5.0


class ChildFault(Exception):  # noqa: N818 - what happened to the child
    """The computation gave no answer; `outcome` says how it went, the text names type and place only."""

    def __init__(self, outcome: Outcome, words: str) -> None:
        self.outcome = outcome
        super().__init__(f"{outcome}: {words}")


class Computing:
    """`async with Computing() as computing:` a place where foreign code computes."""

    def __init__(self, preload: Sequence[str] = _PRELOADED) -> None:
        self._preload = list(preload)
        self._nursery: asyncio.subprocess.Process | None = None
        self._one_at_a_time = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._end()

    async def compute(self, function: str, payload: bytes, limits: Limits | None = None) -> bytes:
        """Call `function` ("package.module:name") with `payload` in a child; return its bytes.

        The child sees no environment, no open file or connection of ours, and can change nothing it is given.
        Raises ChildFault when it raises, ends, takes too long or answers too much.
        """
        request = Request(function, payload, limits or Limits())
        async with self._one_at_a_time:
            try:
                answer = await asyncio.wait_for(self._ask(request), request.limits.seconds + _MARGIN)
            except (TimeoutError, OSError, asyncio.IncompleteReadError, msgspec.DecodeError) as error:
                await self._end()
                raise ChildFault("ended", type(error).__name__) from error
            except asyncio.CancelledError:
                await self._end()
                raise
        if answer.outcome != "answered":
            raise ChildFault(answer.outcome, answer.words)
        return answer.data

    async def _ask(self, request: Request) -> Answer:
        nursery = await self._started()
        if nursery.stdin is None or nursery.stdout is None:
            raise OSError("the nursery has no pipes")
        nursery.stdin.write(framed(request))
        await nursery.stdin.drain()
        size = int.from_bytes(await nursery.stdout.readexactly(LENGTH), "big")
        return msgspec.msgpack.decode(await nursery.stdout.readexactly(size), type=Answer)

    async def _started(self) -> asyncio.subprocess.Process:
        if self._nursery is None or self._nursery.returncode is not None:
            kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}
            self._nursery = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "jiceng.kernel.children.nursery",
                *self._preload,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env={**kept, "PYTHONDONTWRITEBYTECODE": "1"},
            )
        return self._nursery

    async def _end(self) -> None:
        """End the nursery; its child dies with it, and so do that child's children."""
        nursery, self._nursery = self._nursery, None
        if nursery is None or nursery.returncode is not None:
            return
        if nursery.stdin is not None:
            nursery.stdin.close()
        try:
            await asyncio.wait_for(nursery.wait(), 1)
        except TimeoutError:
            with suppress(ProcessLookupError):
                nursery.kill()
            await nursery.wait()
