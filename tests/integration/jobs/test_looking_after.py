"""What a person may do about jobs: cancel, try again, see them; and what jobs do when there is no room."""

import asyncio

import asyncpg
import pytest
from tests.support.job_tools import put, result, status

from jiceng.kernel.audit import entries
from jiceng.kernel.database import fetch_value, next_block, tenant_scope
from jiceng.kernel.errors import Conflict
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import (
    Job,
    cancel,
    ended_jobs,
    job_counts,
    open_jobs,
    parked_jobs,
    retry,
    run_due_jobs,
)
from jiceng.kernel.settings import Settings


async def count_once(job: Job) -> None:
    async with job.finish():
        await next_block(f"result/{job.args['n']}")


async def refuses(_: Job) -> None:
    raise Conflict("本期已经公示")


async def test_a_failed_job_tried_again_is_done_with_fresh_attempts(two_tenants: tuple[int, int]) -> None:
    tenant, other = two_tenants
    job_id = await put(tenant)
    await run_due_jobs({"count": refuses})
    with tenant_scope(other):
        assert not await retry(job_id)
    with tenant_scope(tenant):
        assert await retry(job_id)
        assert not await retry(job_id), "it is queued already"
    assert (await status(tenant, job_id)).error == ""
    assert await run_due_jobs({"count": count_once}) == 1
    again = await status(tenant, job_id)
    assert (again.state, again.attempts, await result(tenant)) == ("done", 1, 1)
    with tenant_scope(tenant):
        assert not await retry(job_id), "what is done is done"


async def test_a_job_is_not_tried_again_beside_another_for_the_same_thing(
    two_tenants: tuple[int, int],
) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant, unique="run/1")
    await run_due_jobs({"count": refuses})
    await put(tenant, unique="run/1")
    with tenant_scope(tenant):
        assert not await retry(job_id)


async def test_a_cancelled_job_can_be_tried_again_and_is_then_not_cancelled(
    two_tenants: tuple[int, int],
) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant)
    with tenant_scope(tenant):
        assert await cancel(job_id)
        assert await retry(job_id)
    await run_due_jobs({"count": count_once})
    assert (await status(tenant, job_id)).state == "done"


async def test_cancelling_and_trying_again_are_in_the_audit_log(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant)
    with tenant_scope(tenant):
        await cancel(job_id)
        await cancel(job_id)
        await retry(job_id)
        told = [
            (entry.event, entry.object_id, entry.details)
            async for batch in entries()
            for entry in batch
            if entry.event == "job_changed"
        ]
    assert sorted(told) == [
        ("job_changed", str(job_id), '{"state":"cancelled"}'),
        ("job_changed", str(job_id), '{"state":"queued"}'),
    ]


async def test_jobs_are_listed_by_what_they_need(two_tenants: tuple[int, int]) -> None:
    tenant, other = two_tenants
    failed = await put(tenant, "refused")
    done = await put(tenant)
    await run_due_jobs({"refused": refuses, "count": count_once})
    waiting = await put(tenant, "unknown")
    with tenant_scope(tenant):
        assert [job.id for job in await parked_jobs()] == [failed]
        assert [job.id for job in await ended_jobs()] == [done]
        assert [job.id for job in await open_jobs()] == [waiting]
    with tenant_scope(other):
        assert [*await parked_jobs(), *await ended_jobs(), *await open_jobs()] == []


async def test_the_operators_counts_are_numbers_of_every_tenant(two_tenants: tuple[int, int]) -> None:
    tenant, other = two_tenants
    await put(tenant, "refused")
    await run_due_jobs({"refused": refuses})
    for n in (1, 2):
        await put(other, n=n)
    counts = await job_counts()
    assert {t: (c.queued, c.running, c.failed, c.parked) for t, c in counts.items()} == {
        tenant: (0, 0, 1, 0),
        other: (2, 0, 0, 0),
    }
    assert all(0 <= each.waiting < 60 for each in counts.values())


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (asyncpg.DiskFullError("no space left"), "数据库磁盘已满，腾出空间后自动继续"),
        (asyncpg.TooManyConnectionsError("sorry"), "数据库连接已用完，稍后自动继续"),
    ],
)
async def test_a_job_waits_however_long_the_server_has_no_room(
    two_tenants: tuple[int, int], superuser: asyncpg.Connection, trouble: Exception, words: str
) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant)

    async def no_room(_: Job) -> None:
        raise trouble

    for _ in range(7):
        assert await run_due_jobs({"count": no_room}) == 1
        waits = await status(tenant, job_id)
        assert (waits.state, waits.attempts, waits.error) == ("queued", 0, words)
        await superuser.execute("update job set due_at = now()")
    await run_due_jobs({"count": count_once})
    assert (await status(tenant, job_id)).state == "done"
    assert await result(tenant) == 1


async def test_the_service_roles_have_time_limits(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        limits = [
            await fetch_value("select current_setting($1)", name)
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        ]
    assert limits == ["2min", "30s", "20s"]


async def test_a_lock_held_by_a_hung_worker_is_let_go_and_another_takes_the_job(
    database: Settings, two_tenants: tuple[int, int]
) -> None:
    """As `idle_in_transaction_session_timeout` does for a worker that no longer answers, in a second."""
    tenant, _ = two_tenants
    job_id = await put(tenant)
    hung = await asyncpg.connect(
        database.relay_url, server_settings={"idle_in_transaction_session_timeout": "1s"}
    )
    await hung.execute("begin")
    await hung.execute("select 1 from job for update")
    assert await run_due_jobs({"count": count_once}) == 0
    async with asyncio.timeout(10):
        while not await run_due_jobs({"count": count_once}):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)
    assert (await status(tenant, job_id)).state == "done"
    await hung.close()


async def test_an_absent_job_can_be_neither_cancelled_nor_tried_again(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        assert not await cancel(new_id())
        assert not await retry(new_id())
