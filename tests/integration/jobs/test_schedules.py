"""Ticks: each becomes a job exactly once, whoever looks; missed ones are made up for or skipped as stated."""

import asyncio
from datetime import timedelta

from jiceng.kernel import clock
from jiceng.kernel.database import execute, fetch_value, tenant_scope, transaction
from jiceng.kernel.jobs.schedule import Schedule, plant, turn_ticks

EVERY = timedelta(minutes=10)
CATCHING_UP = Schedule(name="make_up", kind="check", every=EVERY, catch_up=True)
SKIPPING = Schedule(name="skip", kind="check", every=EVERY)


async def begin_in_the_past(tenant: int, schedule: Schedule, ago: timedelta) -> None:
    with tenant_scope(tenant):
        async with transaction():
            await plant([schedule])
        await execute("update tick set due_at = now() - $2::interval where tenant_id = $1", tenant, ago)


async def count(tenant: int, sql: str) -> int:
    with tenant_scope(tenant):
        value: int = await fetch_value(f"select count(*) from {sql} and tenant_id = $1", tenant)  # noqa: S608
        return value


async def test_many_workers_turn_each_tick_into_one_job(two_tenants: tuple[int, int]) -> None:
    for tenant in two_tenants:
        await begin_in_the_past(tenant, CATCHING_UP, timedelta(minutes=1005))
    made = await asyncio.gather(*(turn_ticks({"make_up": CATCHING_UP}) for _ in range(4)))
    assert sum(made) == 2 * 101
    for tenant in two_tenants:
        assert await count(tenant, "job where kind = 'check'") == 101
        assert await count(tenant, "tick where state = 'done'") == 101
        assert await count(tenant, "tick where state = 'waiting' and due_at > now()") == 1


async def test_missed_ticks_are_skipped_up_to_the_last_one_due(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    await begin_in_the_past(tenant, SKIPPING, timedelta(minutes=65))
    assert await turn_ticks({"skip": SKIPPING}) == 1
    assert await count(tenant, "tick where state = 'skipped'") == 1
    coming = "due_at between now() and now() + interval '10 minutes'"
    assert await count(tenant, f"tick where state = 'waiting' and {coming}") == 1


async def test_hosts_whose_clocks_differ_turn_each_tick_once(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    await begin_in_the_past(tenant, CATCHING_UP, timedelta(minutes=1995))

    async def host(ahead: int) -> int:
        with clock.showing(clock.now() + timedelta(seconds=ahead)):
            return await turn_ticks({"make_up": CATCHING_UP})

    assert sum(await asyncio.gather(host(-3), host(0), host(3))) == 200
    assert await count(tenant, "job where kind = 'check'") == 200


async def test_hosts_that_start_together_plant_one_row_of_ticks(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants

    async def start(ahead: int) -> None:
        with tenant_scope(tenant), clock.showing(clock.now() + timedelta(seconds=ahead)):
            async with transaction():
                await plant([SKIPPING])

    await asyncio.gather(*(start(ahead) for ahead in range(4)))
    assert await count(tenant, "tick where state = 'waiting'") == 1


async def test_planting_again_changes_nothing(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    for _ in range(2):
        with tenant_scope(tenant):
            async with transaction():
                await plant([SKIPPING])
    assert await count(tenant, "tick where state = 'waiting'") == 1


async def test_a_schedule_this_worker_does_not_know_stays_waiting(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    await begin_in_the_past(tenant, SKIPPING, timedelta(minutes=1))
    assert await turn_ticks({"other": CATCHING_UP}) == 0
    assert await count(tenant, "tick where state = 'waiting'") == 1
