"""Every night in every tenant: what is over is forgotten, the overview is counted, a run is proved."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.support.world import two_complete_tenants

from jiceng.accounts.managing.invitations import invite
from jiceng.accounts.signing_in.sessions import open_session
from jiceng.kernel import clock
from jiceng.kernel.database import fetch, fetch_value, next_block, tenant_scope, transaction
from jiceng.kernel.jobs import Dispatcher, Job, Pace, enqueue, job_status, run_due_jobs
from jiceng.kernel.jobs.schedule import Schedule, plant
from jiceng.kernel.settings import Settings
from jiceng.operations.jobs import COUNT, FORGET, JOBS, PROVE, SCHEDULES, every_schedule
from jiceng.operations.nightly.forgetting import RULES
from jiceng.operations.service import plant_everywhere
from jiceng.tenancy import service as tenancy
from jiceng.tenancy.queries import by_id

NIGHT = "2026-11-22T18:30:00+00:00"


async def do(tenant: int, kind: str) -> tuple[str, str]:
    """Carry out one nightly job now; return its state and its words."""
    with tenant_scope(tenant):
        async with transaction():
            job_id = await enqueue(kind, {"due_at": NIGHT})
        await run_due_jobs(JOBS)
        status = await job_status(job_id)
    assert status is not None
    return status.state, status.error


async def test_a_new_tenant_and_an_old_one_get_the_same_schedules_once(
    database: Settings, two_tenants: tuple[int, int]
) -> None:
    del database
    for _ in range(2):
        await plant_everywhere()
    for tenant in two_tenants:
        with tenant_scope(tenant):
            rows = await fetch("select schedule, due_at, zone from tick where tenant_id = $1", tenant)
        due = {row["schedule"]: row["due_at"].astimezone(clock.CHINA).strftime("%H:%M") for row in rows}
        assert set(due) == set(every_schedule()), "those of plugins too"
        assert {name: hour for name, hour in due.items() if name in SCHEDULES} == {
            "nightly.accounts": "00:05",
            "nightly.forget": "01:30",
            "nightly.count": "02:00",
            "nightly.prove": "02:30",
            "nightly.audit": "03:00",
            "nightly.files": "03:30",
            "nightly.keys": "04:00",
        }
        assert {row["zone"] for row in rows} == {"Asia/Shanghai"}


async def test_schedules_follow_the_tenants_time_zone(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    await plant_everywhere()
    with tenant_scope(tenant):
        await tenancy.set_setting("time_zone", "Asia/Urumqi", date(2020, 1, 1))
        await plant_everywhere()
        rows = await fetch(
            "select due_at, zone from tick where tenant_id = $1 and schedule = any($2)",
            tenant,
            list(SCHEDULES),
        )
    assert {row["zone"] for row in rows} == {"Asia/Urumqi"}
    hours = sorted(row["due_at"].astimezone(ZoneInfo("Asia/Urumqi")).strftime("%H:%M") for row in rows)
    assert hours == sorted(f"{schedule.at:%H:%M}" for schedule in SCHEDULES.values())


async def test_a_suspended_tenant_gets_no_schedules(two_tenants: tuple[int, int]) -> None:
    tenant, other = two_tenants
    info = await by_id(other)
    assert info is not None
    await tenancy.change_tenant(info.slug, name=info.name, kind=info.kind, parent=None, state="suspended")
    await plant_everywhere()
    for each, expected in ((tenant, len(every_schedule())), (other, 0)):
        with tenant_scope(each):
            assert await fetch_value("select count(*) from tick where tenant_id = $1", each) == expected


async def test_what_is_over_is_forgotten_and_the_rest_stays(two_tenants: tuple[int, int]) -> None:
    tenant, other = two_tenants
    long_ago = datetime.now(UTC) - timedelta(days=60)
    for each in two_tenants:
        info = await by_id(each)
        assert info is not None
        with tenant_scope(each):
            with clock.showing(long_ago):
                await invite(info, "gao", "高文渊", "viewer")
                account = await fetch_value("select id from account where tenant_id = $1", each)
                await open_session(account, "高文渊", "旧")
            await open_session(account, "高文渊", "新")
            await invite(info, "xu", "许知远", "viewer")
    assert await do(tenant, FORGET) == ("done", "")
    left = {}
    for each in two_tenants:
        with tenant_scope(each):
            left[each] = [
                await fetch_value(f"select count(*) from {table} where tenant_id = $1", each)  # noqa: S608
                for table in ("account", "account_session", "invitation")
            ]
    assert left == {tenant: [2, 1, 1], other: [2, 2, 2]}


async def test_every_rule_of_forgetting_runs(two_tenants: tuple[int, int]) -> None:
    assert {rule.table for rule in RULES} >= {"invitation", "account_session", "login_attempt"}
    assert await do(two_tenants[0], FORGET) == ("done", "")


async def test_jobs_and_ticks_that_ended_long_ago_go_and_troubled_ones_stay_longer(
    two_tenants: tuple[int, int], superuser: Any
) -> None:
    tenant, _ = two_tenants
    await plant_everywhere()
    for kind in (COUNT, PROVE, FORGET):
        await do(tenant, kind)
    old = datetime.now(UTC) - timedelta(days=100)
    await superuser.execute("update job set finished_at = $1 where kind <> $2", old, FORGET)
    await superuser.execute("update job set state = 'parked' where kind = $1", PROVE)
    await superuser.execute(
        "update tick set state = 'done', due_at = $1 where schedule = 'nightly.count'", old
    )
    await do(tenant, FORGET)
    kinds = await superuser.fetch("select kind from job order by kind")
    assert [row["kind"] for row in kinds] == [FORGET, FORGET, PROVE]
    ticks = await superuser.fetch("select schedule from tick where tenant_id = $1 order by 1", tenant)
    assert [row["schedule"] for row in ticks] == sorted(every_schedule().keys() - {"nightly.count"})


async def test_counting_and_proving_on_real_runs(database: Settings, tmp_path: Path, superuser: Any) -> None:
    del database
    own, _ = await two_complete_tenants(tmp_path)
    planted = await superuser.fetchval("select count(*) from tick where tenant_id = $1", own.id)
    assert planted == len(every_schedule()), "onboarding starts them"
    assert await do(own.id, COUNT) == ("done", "")
    topics = await superuser.fetch("select topic, amount from tenant_summary where tenant_id = $1", own.id)
    counts = {row["topic"]: row["amount"] for row in topics}
    members = await superuser.fetchval("select count(*) from member where tenant_id = $1", own.id)
    assert members - 10 < counts["members"] <= members, "some have left"
    assert (counts["runs"], counts["jobs_in_trouble"]) == (1, 0)
    assert await do(own.id, PROVE) == ("done", "")
    await superuser.execute("alter table result disable trigger user")
    await superuser.execute(
        "update result set score = score + 1 where (tenant_id, id) in"
        " (select tenant_id, id from result where tenant_id = $1 and score is not null limit 1)",
        own.id,
    )
    await superuser.execute("alter table result enable trigger user")
    state, words = await do(own.id, PROVE)
    assert state == "failed"
    assert words.startswith("第 1 次评定重算后有 1 个对象的结果不一致")


async def test_three_workers_turn_two_hundred_ticks_into_two_hundred_effects(
    two_tenants: tuple[int, int], superuser: Any
) -> None:
    minute = Schedule(name="minute", kind="tick", every=timedelta(minutes=1), catch_up=True)
    for tenant in two_tenants:
        with tenant_scope(tenant):
            async with transaction():
                await plant([minute])
    await superuser.execute("update tick set due_at = now() - interval '99 minutes 30 seconds'")

    async def effect(job: Job) -> None:
        async with job.finish():
            await next_block(f"tick/{job.args['due_at']}")

    workers = [
        Dispatcher({"tick": effect}, pace=Pace(look_every=0.05), schedules={"minute": minute})
        for _ in range(3)
    ]
    async with asyncio.TaskGroup() as group:
        for shift, worker in zip((-3, 0, 3), workers, strict=True):
            with clock.showing(datetime.now(UTC) + timedelta(seconds=shift)):
                group.create_task(worker.run())
        while await superuser.fetchval("select count(*) from job where state = 'done'") < 200:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        for worker in workers:
            await worker.stop()
    effects = await superuser.fetchrow("select count(*), max(value) from counter where name like 'tick/%'")
    assert tuple(effects) == (200, 1)
    assert await superuser.fetchval("select count(*) from job") == 200


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_a_missed_night_is_skipped_and_not_made_up_for(name: str) -> None:
    assert not SCHEDULES[name].catch_up
