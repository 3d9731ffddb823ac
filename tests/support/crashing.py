"""A process that puts a job beside a row of its own and dies at a named point, before or after COMMIT."""

import asyncio
import os
import sys

from jiceng.kernel.database import (
    after_commit,
    before_commit,
    close,
    connect,
    next_block,
    tenant_scope,
    transaction,
)
from jiceng.kernel.jobs import close_bell, enqueue, open_bell
from jiceng.kernel.settings import read_settings

POINTS = ("at the start", "after the row", "after the job", "at COMMIT", "before the ring", "after the ring")
"""The sixth is the ordinary case: everything was said and done when the process ended."""


async def put_and_die(tenant: int, number: int) -> None:
    """Write the row `row/<number>` and its job in one transaction; end the process at POINTS[number]."""
    settings = read_settings()
    await connect(settings)
    open_bell(settings.redis_url)
    point = POINTS[number]

    async def die() -> None:
        os._exit(9)

    with tenant_scope(tenant):
        async with transaction():
            if point == "at the start":
                await die()
            await next_block(f"row/{number}")
            if point == "after the row":
                await die()
            if point == "before the ring":
                after_commit(die)
            job = await enqueue("evaluate", {"n": number})
            if point == "after the job":
                await die()
            if point == "after the ring":
                after_commit(die)
            if point == "at COMMIT":
                before_commit(die)
    await close_bell()
    await close()
    raise AssertionError(f"{job} was put and nobody died")


def main() -> None:
    """One child for every point; they share what was imported."""
    tenant = int(sys.argv[1])
    for number in range(len(POINTS)):
        child = os.fork()
        if not child:
            asyncio.run(put_and_die(tenant, number))
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) != 9:
            sys.exit(1)


if __name__ == "__main__":
    main()
