"""How far jobs are: what pages show."""

from datetime import datetime
from uuid import UUID

import msgspec

from jiceng.kernel.database import current_tenant, fetch, fetch_row, relay_transaction
from jiceng.kernel.jobs import statements as sql


class JobStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One job as a page shows it: `done` of `total` in what the job counts, `error` in words for a person."""

    id: UUID
    kind: str
    state: str
    attempts: int
    done: int
    total: int
    note: str
    error: str
    cancel_asked: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it by itself: a page may stop asking."""
        return self.state not in {"queued", "running"}

    @property
    def percent(self) -> int:
        """Progress in whole percent; 100 only when done."""
        if self.state == "done":
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0


class JobCounts(msgspec.Struct, frozen=True):
    """One tenant's jobs in numbers; `waiting`: seconds the longest due one has been waiting."""

    tenant_id: int
    queued: int
    running: int
    failed: int
    parked: int
    waiting: int


async def job_status(job_id: UUID) -> JobStatus | None:
    """Return a job of the current tenant; None when absent, or another tenant's."""
    row = await fetch_row(sql.STATUS, current_tenant(), job_id)
    return JobStatus(**dict(row)) if row else None


async def open_jobs() -> list[JobStatus]:
    """Return the current tenant's jobs that run or wait, the running ones first."""
    return await _listed(sql.OPEN)


async def ended_jobs() -> list[JobStatus]:
    """Return the current tenant's latest jobs that are done, cancelled or set aside, newest first."""
    return await _listed(sql.ENDED)


async def parked_jobs() -> list[JobStatus]:
    """Return the current tenant's jobs that need somebody to look at them, newest first."""
    return await _listed(sql.TROUBLED)


async def job_counts() -> dict[int, JobCounts]:
    """Return each tenant's numbers by its id, as role relay; tenants without such jobs are absent."""
    async with relay_transaction() as relay:
        rows = await relay.connection.fetch(sql.COUNTS)
    return {row["tenant_id"]: JobCounts(**{**dict(row), "waiting": row["waiting"] or 0}) for row in rows}


async def _listed(statement: str) -> list[JobStatus]:
    return [JobStatus(**dict(row)) for row in await fetch(statement, current_tenant())]
