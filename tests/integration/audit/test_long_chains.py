"""The long proof of T56: three writers, 20,000 entries each, one chain. Run by `make soak`."""

import asyncio

import pytest

from jiceng.kernel.audit import Event, record_now, verify_chain
from jiceng.kernel.database import tenant_scope

WRITERS, EACH = 3, 20_000


async def write(count: int) -> None:
    for _ in range(count):
        await record_now(Event.RUN_OPENED)


@pytest.mark.soak
@pytest.mark.usefixtures("database")
async def test_three_writers_make_one_chain_of_sixty_thousand_without_gap_or_fork() -> None:
    with tenant_scope(1):
        await asyncio.gather(*(asyncio.create_task(write(EACH)) for _ in range(WRITERS)))
        end, found = await verify_chain()
    assert (end.seq, found) == (WRITERS * EACH, [])
