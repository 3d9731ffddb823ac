"""Hashing happens in threads, a bounded number at once, and says nothing about who exists."""

import asyncio
from collections.abc import Iterator

import pytest
from argon2 import extract_parameters
from tests.support.hashing import full_hashing

from jiceng.accounts.signing_in.passwords import (
    AT_ONCE,
    WAITING,
    TooManySignIns,
    hash_password,
    verify_password,
)


@pytest.fixture(autouse=True)
def hashing() -> Iterator[None]:
    with full_hashing():
        yield


async def test_the_service_hashes_with_32_mib_in_three_passes() -> None:
    used = extract_parameters(await hash_password("correct horse battery"))
    assert (used.memory_cost, used.time_cost, used.parallelism) == (32 * 1024, 3, 1)


async def test_a_hash_fits_its_password_only() -> None:
    hashed = await hash_password("correct horse battery")
    assert hashed.startswith("$argon2id$")
    assert await verify_password("correct horse battery", hashed)
    assert not await verify_password("correct horse batterz", hashed)
    assert not await verify_password("correct horse battery", None)
    assert not await verify_password("correct horse battery", "not a hash")


async def test_a_flood_of_sign_ins_is_refused_beyond_the_queue_and_the_loop_stays_free() -> None:
    flood = [asyncio.create_task(verify_password("wrong", None)) for _ in range(AT_ONCE + WAITING + 5)]
    began = asyncio.get_running_loop().time()
    slowest = 0.0
    while not all(task.done() for task in flood):
        before = asyncio.get_running_loop().time()
        await asyncio.sleep(0.001)
        slowest = max(slowest, asyncio.get_running_loop().time() - before)
    results = [task.exception() for task in flood]
    assert [type(error) for error in results if error] == [TooManySignIns] * 5
    # Were hashes computed on the loop, one tick would take as long as all of them together.
    assert slowest < (asyncio.get_running_loop().time() - began) / 3
    with pytest.raises(TooManySignIns, match="请等几秒再试"):
        raise TooManySignIns
