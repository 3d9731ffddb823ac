"""Putting jobs into the queue, in the same transaction as what they are about, and asking one to stop."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from jiceng.kernel import clock
from jiceng.kernel.audit import Event, record
from jiceng.kernel.database import current_tenant, fetch_value, in_transaction, joined
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import statements as sql
from jiceng.kernel.jobs.arguments import Argument, encode_arguments
from jiceng.kernel.jobs.bell import ring

_SAME = "select id from job where tenant_id = $1 and kind = $2 and unique_key = $3"


async def enqueue(
    kind: str,
    args: Mapping[str, Argument],
    *,
    unique: str | None = None,
    priority: int = 0,
    due_at: datetime | None = None,
) -> UUID:
    """Add a job to the current tenant's queue within the open transaction; workers are rung after its commit.

    While a job of this kind with the same `unique` is queued or running, its id is returned instead.
    Higher `priority` goes first within the tenant; tenants take turns whatever the priority.

    Raises:
        RuntimeError: no transaction is open. ValueError: an argument is not an identifier.
    """
    opened = in_transaction()
    job_id = new_id()
    values = (current_tenant(), job_id, kind, encode_arguments(args), unique, -priority, due_at, clock.now())
    while await fetch_value(sql.INSERT, *values) is None:
        same: UUID | None = await fetch_value(_SAME, current_tenant(), kind, unique)
        if same is not None:
            return same
        # It ended between the two statements: its key is free again.
    opened.after_commit(partial(ring, job_id, 0))
    return job_id


async def cancel(job_id: UUID) -> bool:
    """Ask a job of the tenant to stop: a queued one never starts, a running one hears of it within seconds.

    Returns False when it had ended already or does not exist. The audit log tells of it.
    """
    async with joined():
        asked = await fetch_value(sql.CANCEL, current_tenant(), job_id) is not None
        if asked:
            record(Event.JOB_CHANGED, ("job", job_id), state="cancelled")
    return asked


async def retry(job_id: UUID) -> bool:
    """Queue a failed, parked or cancelled job of the tenant again, with all its attempts.

    Returns False when it is not in such a state, does not exist, or another job is open for the same thing.
    """
    async with joined() as opened:
        fence: int | None = await fetch_value(sql.RETRY, current_tenant(), job_id)
        if fence is None:
            return False
        record(Event.JOB_CHANGED, ("job", job_id), state="queued")
        opened.after_commit(partial(ring, job_id, fence + 1))
    return True


async def set_aside(job_id: UUID) -> bool:
    """Take a failed or parked job of the tenant off what needs somebody; it may still be queued again.

    Returns False when it is not in such a state, was set aside already or does not exist.
    """
    async with joined():
        state = await fetch_value(sql.SET_ASIDE, current_tenant(), job_id)
        if state is not None:
            record(Event.JOB_CHANGED, ("job", job_id), state="set_aside")
    return state is not None
