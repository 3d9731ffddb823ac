"""Interleaved work of two tenants with cancellations and cut connections: nothing leaks or crosses."""

import os

import pytest
from tests.support.fuzzing import fuzz

from jiceng.kernel.settings import Settings

PARTS = 10
"""The million in tests of their own: several processes of `make soak` share them."""


async def test_twenty_thousand_interleaved_operations_with_a_pool_of_five(
    settings: Settings, superuser: object
) -> None:
    outcomes = await fuzz(settings, 20_000, seed=20261122)
    assert outcomes["done"] > 5000
    assert outcomes["CancelledError"] > 1000
    assert outcomes["Conflict"] > 500, "commits that failed"
    told = ("InterfaceError", "InternalClientError", "ConnectionDoesNotExistError")
    cut = sum(outcomes[name] for name in told)
    assert cut > 50, "connections cut in the middle"
    assert "AssertionError" not in outcomes
    await _empty(superuser)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
async def test_a_million_interleaved_operations(settings: Settings, superuser: object, part: int) -> None:
    rounds = int(os.environ.get("JICENG_FUZZ_OPERATIONS", "1000000")) // PARTS // 20_000
    for seed in range(part * rounds, (part + 1) * rounds):
        await fuzz(settings, 20_000, seed)
        await _empty(superuser)


async def _empty(superuser: object) -> None:
    """Give the pages back too: the test servers never vacuum, and every round would read all before it."""
    await superuser.execute("truncate tenant_plugin")  # type: ignore[attr-defined] # asyncpg is untyped
