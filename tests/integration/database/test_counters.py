"""Numbers are given out in the order in which they commit, without gaps, per tenant."""

import asyncio

import pytest

from jiceng.kernel import database as db
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.settings import Settings


async def _reserve(size: int) -> int:
    async with db.transaction():
        return await db.next_block("fact", size)


async def _fail() -> None:
    async with db.transaction():
        await db.next_block("fact", 100)
        raise ZeroDivisionError


@pytest.mark.usefixtures("database")
async def test_concurrent_blocks_touch_without_gap_or_overlap() -> None:
    with db.tenant_scope(1):
        sizes = [1 + number % 7 for number in range(60)]
        firsts = await asyncio.gather(*(asyncio.create_task(_reserve(size)) for size in sizes))
        covered = sorted(
            n for first, size in zip(firsts, sizes, strict=True) for n in range(first, first + size)
        )
        assert covered == list(range(1, sum(sizes) + 1))
        assert await db.highest("fact") == sum(sizes)


@pytest.mark.usefixtures("database")
async def test_an_undone_block_is_given_out_again() -> None:
    with db.tenant_scope(1):
        with pytest.raises(ZeroDivisionError):
            await _fail()
        assert await _reserve(2) == 1


WAITING = """
select count(*) from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into counter%'
"""


async def test_a_later_number_never_commits_before_an_earlier_one(
    database: Settings, superuser: Connection
) -> None:
    del database
    reserved, finish = asyncio.Event(), asyncio.Event()

    async def hold() -> int:
        async with db.transaction():
            first = await db.next_block("fact")
            reserved.set()
            await finish.wait()
        return first

    with db.tenant_scope(1):
        slow = asyncio.create_task(hold())
        await reserved.wait()
        fast = asyncio.create_task(_reserve(1))
        while not await superuser.fetchval(WAITING):  # noqa: ASYNC110 - a lock queue sends no event
            await asyncio.sleep(0.002)
        assert (await db.highest("fact"), fast.done()) == (0, False), "the second waits for the first"
        finish.set()
        assert [await slow, await fast] == [1, 2]


@pytest.mark.usefixtures("database")
async def test_each_tenant_and_each_name_counts_for_itself() -> None:
    for tenant in (1, 2):
        with db.tenant_scope(tenant):
            assert await _reserve(5) == 1
            assert await db.highest("notice") == 0


@pytest.mark.usefixtures("database")
async def test_a_counter_needs_a_transaction_and_at_least_one_number() -> None:
    with db.tenant_scope(1):
        with pytest.raises(RuntimeError, match="open transaction"):
            await db.next_block("fact")
        with pytest.raises(ValueError, match="at least one"):
            await db.next_block("fact", 0)
