"""Jobs in one process: enqueued with their cause, done exactly once, finished together with their results."""

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.support.job_tools import put, result, status

from jiceng.kernel.database import execute, next_block, tenant_scope, transaction
from jiceng.kernel.errors import Conflict
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import (
    Job,
    JobCancelled,
    StaleFence,
    cancel,
    enqueue,
    job_status,
    parked_jobs,
    run_due_jobs,
)
from jiceng.kernel.jobs.attempt import Pace, attempt
from jiceng.kernel.jobs.claim import Claimed, abandon, claim

if TYPE_CHECKING:
    from uuid import UUID

LEASE = timedelta(seconds=15)


async def count_once(job: Job) -> None:
    """The smallest evaluation: one number, written with "done"."""
    async with job.finish():
        await next_block(f"result/{job.args['n']}")


async def claim_now(*kinds: str, after: int = 0, lease: timedelta = LEASE) -> Claimed | None:
    return await claim(kinds or ["count"], after, lease, new_id())


async def test_a_job_commits_or_vanishes_with_its_transaction(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    lost: list[UUID] = []

    async def fail_after_enqueuing() -> None:
        async with transaction():
            lost.append(await enqueue("count", {"n": 1}))
            raise ZeroDivisionError

    with tenant_scope(tenant):
        with pytest.raises(ZeroDivisionError):
            await fail_after_enqueuing()
        assert await job_status(lost[0]) is None
    kept = await put(tenant)
    assert (await status(tenant, kept)).state == "queued"


async def test_enqueuing_needs_an_open_transaction(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]), pytest.raises(RuntimeError, match="open transaction"):
        await enqueue("count", {"n": 1})


async def test_a_job_is_done_once_with_its_result(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant)
    assert await run_due_jobs({"count": count_once}) == 1
    assert await run_due_jobs({"count": count_once}) == 0
    assert await result(tenant) == 1
    done = await status(tenant, job_id)
    assert (done.state, done.attempts, done.percent, done.ended) == ("done", 1, 100, True)


async def test_the_same_key_is_queued_once_until_it_ends(two_tenants: tuple[int, int]) -> None:
    tenant, other = two_tenants
    first = await put(tenant, unique="run/7")
    assert await put(tenant, unique="run/7") == first
    assert await put(other, unique="run/7") != first
    await run_due_jobs({"count": count_once})
    assert await put(tenant, unique="run/7") != first


async def test_parallel_enqueues_of_one_key_give_one_job(two_tenants: tuple[int, int]) -> None:
    ids = await asyncio.gather(*(put(two_tenants[0], unique="run/8") for _ in range(20)))
    assert len(set(ids)) == 1


async def test_a_stale_fence_cannot_commit(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    await put(tenant)
    first = await claim_now(lease=timedelta(0))
    second = await claim_now()
    assert first is not None
    assert second is not None
    assert (first.fence, second.fence) == (1, 2)
    with tenant_scope(tenant):
        with pytest.raises(StaleFence):
            async with Job(first).finish():
                await next_block("result/1")
        async with Job(second).finish():
            await next_block("result/1")
    assert await result(tenant) == 1


async def test_a_leased_job_is_not_claimed_again(two_tenants: tuple[int, int]) -> None:
    await put(two_tenants[0])
    assert await claim_now() is not None
    assert await claim_now() is None


async def test_results_and_done_commit_together_or_not_at_all(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant)

    async def breaks(job: Job) -> None:
        async with job.finish():
            await next_block("result/1")
            raise OSError

    await run_due_jobs({"count": breaks})
    assert await result(tenant) == 0
    again = await status(tenant, job_id)
    assert (again.state, again.attempts) == ("queued", 1)
    assert again.error.startswith("OSError test_queue.py:")


async def test_a_failed_statement_inside_finish_undoes_everything(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant)

    async def swallows(job: Job) -> None:
        async with job.finish():
            await next_block("result/1")
            with pytest.raises(Exception, match="division"):
                await execute("select 1 / 0")

    await run_due_jobs({"count": swallows})
    assert await result(tenant) == 0
    assert (await status(tenant, job_id)).state == "queued"


async def test_a_refusal_ends_the_job_with_its_words(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant, unique="x")

    async def refuses(_: Job) -> None:
        raise Conflict("本期已经公示", todo_zh="请先撤回公示")

    await run_due_jobs({"count": refuses})
    ended = await status(tenant, job_id)
    assert (ended.state, ended.error) == ("failed", "本期已经公示。请先撤回公示")


async def test_a_job_that_kills_its_worker_every_time_is_parked_with_its_error(
    two_tenants: tuple[int, int],
) -> None:
    tenant, other = two_tenants
    poison = await put(tenant, "poison")
    for number in range(1, 6):
        killed = await claim_now("poison", lease=timedelta(0))
        assert killed is not None
        assert killed.attempt == number
    good = await put(other)
    assert await run_due_jobs({"poison": count_once, "count": count_once}) == 1
    parked = await status(tenant, poison)
    assert (parked.state, parked.error) == ("parked", "处理它的进程 5 次意外结束，已停止重试")
    assert (await status(other, good)).state == "done"
    with tenant_scope(tenant):
        assert [job.id for job in await parked_jobs()] == [poison]


async def test_an_unknown_kind_stays_queued_for_a_worker_that_knows_it(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant, "of_tomorrow")
    await put(tenant)
    assert await run_due_jobs({"count": count_once}) == 1
    waiting = await status(tenant, job_id)
    assert (waiting.state, waiting.attempts) == ("queued", 0)
    assert await run_due_jobs({"of_tomorrow": count_once}) == 1


async def test_tenants_take_turns_whatever_one_has_queued(two_tenants: tuple[int, int]) -> None:
    busy, quiet = two_tenants
    for n in range(6):
        await put(busy, n=n)
    for n in range(2):
        await put(quiet, n=n)
    order: list[int] = []

    async def note(job: Job) -> None:
        order.append(job.tenant_id)

    await run_due_jobs({"count": note})
    assert order == [busy, quiet, busy, quiet, busy, busy, busy, busy]


async def test_higher_priority_goes_first_within_a_tenant(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    for n, priority in ((1, 0), (2, 0), (3, 5)):
        await put(tenant, n=n, priority=priority)
    order: list[int] = []

    async def note(job: Job) -> None:
        order.append(job.args["n"])

    await run_due_jobs({"count": note})
    assert order == [3, 1, 2]


async def test_a_cancelled_queued_job_never_starts(two_tenants: tuple[int, int]) -> None:
    tenant, other = two_tenants
    job_id = await put(tenant)
    with tenant_scope(other):
        assert not await cancel(job_id)
    with tenant_scope(tenant):
        assert await cancel(job_id)
        assert not await cancel(job_id)
    assert await run_due_jobs({"count": count_once}) == 0
    assert (await status(tenant, job_id)).state == "cancelled"


async def test_a_running_job_hears_that_it_was_cancelled(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant)

    async def long(job: Job) -> None:
        with tenant_scope(tenant):
            await cancel(job.id)
        with pytest.raises(JobCancelled):
            await job.progress(1, 100)
        await count_once(job)

    await run_due_jobs({"count": long})
    assert (await status(tenant, job_id)).state == "cancelled"
    assert await result(tenant) == 0


async def test_a_handler_that_never_looks_is_stopped_after_the_cancel(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant)
    claimed = await claim_now()
    assert claimed is not None

    async def deaf(_: Job) -> None:
        with tenant_scope(tenant):
            await cancel(job_id)
        await asyncio.sleep(60)

    async with asyncio.timeout(20):
        await attempt(claimed, deaf, Pace(renew_every=0.05))
    assert (await status(tenant, job_id)).state == "cancelled"


async def test_progress_is_seen_outside_while_the_job_runs(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant)
    seen: list[tuple[int, str]] = []

    async def counts(job: Job) -> None:
        for done in range(1, 201):
            await job.progress(done, 400, "计算")
        shown = await status(tenant, job_id)
        seen.append((shown.percent, shown.note))

    await run_due_jobs({"count": counts})
    assert seen == [(0, "计算")], "one report only: at most two a second are written"
    assert (await status(tenant, job_id)).done == 400


async def test_the_lease_is_renewed_while_the_handler_works(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    await put(tenant)
    pace = Pace(lease=0.8, renew_every=0.1)
    claimed = await claim(["count"], 0, pace.lease_time, new_id())
    assert claimed is not None

    async def slow(job: Job) -> None:
        await asyncio.sleep(1.2)
        await count_once(job)

    working = asyncio.create_task(attempt(claimed, slow, pace))
    for _ in range(4):
        await asyncio.sleep(0.25)
        assert await claim_now() is None
    await working
    assert await result(tenant) == 1


async def test_a_worker_that_lost_its_lease_keeps_nothing(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    await put(tenant)
    late = await claim_now(lease=timedelta(0))
    assert late is not None

    async def overtaken(job: Job) -> None:
        assert await run_due_jobs({"count": count_once}) == 1
        await count_once(job)

    await attempt(late, overtaken, Pace())
    assert await result(tenant) == 1


async def test_a_job_over_its_time_limit_is_parked(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant)
    claimed = await claim_now()
    assert claimed is not None

    async def hangs(_: Job) -> None:
        await asyncio.sleep(60)

    await attempt(claimed, hangs, Pace(job_limit=0.05))
    parked = await status(tenant, job_id)
    assert (parked.state, parked.error) == ("parked", "超过规定时间仍未完成，已停止")


async def test_another_tenants_job_looks_absent(two_tenants: tuple[int, int]) -> None:
    tenant, other = two_tenants
    job_id = await put(tenant)
    with tenant_scope(other):
        assert await job_status(job_id) is None
        assert await job_status(new_id()) is None


async def test_ten_thousand_jobs_of_one_tenant_delay_anothers_by_one_job(
    two_tenants: tuple[int, int],
) -> None:
    busy, quiet = two_tenants
    await put(busy)
    with tenant_scope(busy):
        copied = await execute(
            """insert into job (tenant_id, id, kind, args, sort_order, state, attempts, fence, due_at,
                                cancel_asked, progress_done, progress_total, note, error, created_at)
               select tenant_id, gen_random_uuid(), kind, args, sort_order, state, attempts, fence, due_at,
                      cancel_asked, progress_done, progress_total, note, error, created_at
               from job, generate_series(1, 9999) where tenant_id = $1""",
            busy,
        )
    assert copied == 9999
    await put(quiet)
    first = await claim_now()
    assert first is not None
    began = time.monotonic()
    second = await claim_now(after=first.tenant_id)
    third = await claim_now(after=quiet)
    assert second is not None
    assert third is not None
    assert [first.tenant_id, second.tenant_id, third.tenant_id] == [busy, quiet, busy]
    assert time.monotonic() - began < 2, "two claims beside a backlog of ten thousand"


async def test_a_job_whose_worker_died_goes_before_the_backlog(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    for n in (1, 2, 3):
        await put(tenant, n=n)
    worker = new_id()
    killed = await claim(["count"], 0, LEASE, worker)
    assert killed is not None
    await abandon(worker)
    again = await claim_now()
    assert again is not None
    assert (again.args, again.attempt) == ({"n": 1}, 2)
