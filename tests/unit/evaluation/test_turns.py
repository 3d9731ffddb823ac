"""Turns: one at a time, tenants in rotation; a cancelled one keeps its turn until its thread has ended."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from jiceng.evaluation.trial.turns import Turns, computed


async def test_tenants_take_turns_however_many_one_of_them_has_waiting() -> None:
    turns, order = Turns(), []

    async def wanted(tenant: int, name: str) -> None:
        async with turns.turn(tenant):
            order.append(name)
            await asyncio.sleep(0)

    tasks = [
        asyncio.create_task(wanted(tenant, name))
        for tenant, name in [(1, "a1"), (1, "a2"), (1, "a3"), (2, "b1")]
    ]
    await asyncio.gather(*tasks)
    assert order == ["a1", "a2", "b1", "a3"]


async def test_who_gives_up_waiting_is_passed_over() -> None:
    turns, order = Turns(), []

    async def wanted(name: str) -> None:
        async with turns.turn(1):
            order.append(name)
            await asyncio.sleep(0)

    first, second, third = (asyncio.create_task(wanted(name)) for name in "abc")
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(first, third)
    assert order == ["a", "c"]
    async with asyncio.timeout(1), turns.turn(2):
        order.append("free")
    assert order[-1] == "free"


async def test_a_turn_is_passed_on_after_a_failure() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="oops"):
        async with turns.turn(1):
            raise ValueError("oops")
    async with asyncio.timeout(1), turns.turn(1):
        pass


async def test_a_cancelled_computation_holds_its_turn_until_the_thread_ends() -> None:
    turns, go, ended = Turns(), threading.Event(), []

    def work() -> None:
        go.wait(5)
        ended.append("thread")

    async def held() -> None:
        async with turns.turn(1):
            await computed(pool, work)

    with ThreadPoolExecutor(1) as pool:
        task = asyncio.create_task(held())
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.sleep(0.02)
        assert not task.done()
        go.set()
        async with turns.turn(2):
            ended.append("next")
    assert ended == ["thread", "next"]
    assert task.cancelled()
