"""Jobs of operation: the nightly work of every tenant, and all schedules of the platform.

Missed nights are skipped, not made up for: each of these does everything that is due whenever it runs.
"""

from datetime import date, datetime, time

from jiceng.accounts.managing.standing import disable_unused
from jiceng.api import workflows
from jiceng.evaluation.service import JOB as EVALUATION
from jiceng.facts.ballots.opening import CLOSE
from jiceng.kernel.jobs import Handler, Job, forget_ended
from jiceng.kernel.jobs.schedule import Schedule
from jiceng.operations.auditing.files import keep_files
from jiceng.operations.auditing.keeping import keep_log, prove_accounts
from jiceng.operations.keys.places import tend_keys
from jiceng.operations.nightly.counting import counted, write_counts
from jiceng.operations.nightly.forgetting import forget_expired
from jiceng.operations.nightly.proving import prove_some
from jiceng.roster.erasing.registry import complete_list
from jiceng.roster.erasing.service import erase_again
from jiceng.roster.importing.leaving import disable_leavers

FORGET, COUNT, PROVE = "operations.forget", "operations.count", "operations.prove"
AUDIT, FILES, ACCOUNTS = "operations.audit", "operations.files", "operations.accounts"
KEYS = "operations.keys"
KINDS = {
    EVALUATION: "评定计算",
    CLOSE: "到时结束票决",
    FORGET: "清理过期记录",
    COUNT: "汇总概况数量",
    PROVE: "抽验评定结果",
    AUDIT: "校验审计日志",
    FILES: "清点文件",
    ACCOUNTS: "停用离开的人和久未使用的账号",
    KEYS: "更换加密密钥",
}
"""What each kind of job is called on pages."""


async def forget(job: Job) -> None:
    """Delete what is over: invitations, sessions, counted attempts, answers given once, old jobs."""
    await forget_ended()
    async with job.finish():
        await forget_expired()


async def count(job: Job) -> None:
    """Write the tenant's numbers for the operator's overview."""
    numbers = await counted()
    async with job.finish():
        await write_counts(numbers)


async def prove(job: Job) -> None:
    """Compute some runs again; a difference makes the job fail with words and stays on the jobs page."""
    await prove_some(_day(job))


async def audit(_: Job) -> None:
    """Purge expired audit entries, prove the rest and the accounts; tampering fails the job with words."""
    await keep_log()
    await prove_accounts()


async def files(_: Job) -> None:
    """Complete the list of erased, erase whom a restored database has again; look after the files.

    Bytes without a row are removed; rows without bytes make the job fail.
    """
    await complete_list()
    await erase_again()
    await keep_files()


async def accounts(job: Job) -> None:
    """Disable the accounts of people who have left, and those that nobody has used for 90 days."""
    async with job.finish():
        await disable_leavers()
        await disable_unused()


def _day(job: Job) -> date:
    return datetime.fromisoformat(job.args["due_at"]).date()


async def keys(_: Job) -> None:
    """Put data keys under the current wrapping key and stored values under the current data key."""
    await tend_keys()


JOBS: dict[str, Handler] = {
    FORGET: forget,
    COUNT: count,
    PROVE: prove,
    AUDIT: audit,
    FILES: files,
    ACCOUNTS: accounts,
    KEYS: keys,
}
SCHEDULES: dict[str, Schedule] = {
    schedule.name: schedule
    for schedule in (
        Schedule(name="nightly.accounts", kind=ACCOUNTS, at=time(0, 5)),
        Schedule(name="nightly.forget", kind=FORGET, at=time(1, 30)),
        Schedule(name="nightly.count", kind=COUNT, at=time(2, 0)),
        Schedule(name="nightly.prove", kind=PROVE, at=time(2, 30)),
        Schedule(name="nightly.audit", kind=AUDIT, at=time(3, 0)),
        Schedule(name="nightly.keys", kind=KEYS, at=time(4, 0)),
        Schedule(name="nightly.files", kind=FILES, at=time(3, 30)),
    )
}
"""The core's schedules by name; due in each tenant's own time zone."""


def every_schedule() -> dict[str, Schedule]:
    """The schedules of the core and of every plugin, by name."""
    return {**SCHEDULES, **workflows.schedules()}
