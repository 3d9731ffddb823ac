"""Numbers are given out in the order in which they commit, without gaps, per tenant."""

import asyncio

import pytest

from jiceng.kernel import database as db


async def _reserve(size: int, pause: float = 0.0) -> int:
    async with db.transaction():
        first = await db.next_block("fact", size)
        await asyncio.sleep(pause)
    return first


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


@pytest.mark.usefixtures("database")
async def test_a_later_number_never_commits_before_an_earlier_one() -> None:
    with db.tenant_scope(1):
        slow = asyncio.create_task(_reserve(1, pause=0.15))
        await asyncio.sleep(0.05)
        fast = asyncio.create_task(_reserve(1))
        await asyncio.sleep(0.05)
        assert (await db.highest("fact"), fast.done()) == (0, False), "the second waits for the first"
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
