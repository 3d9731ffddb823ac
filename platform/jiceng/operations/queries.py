"""Reads of operation: every tenant in numbers, its jobs among them."""

import msgspec

from jiceng.kernel.jobs import JobCounts, job_counts
from jiceng.tenancy.queries import all_tenants, summaries
from jiceng.tenancy.schemas import TenantInfo

LATE = 300
"""Seconds after which a job that is due and not begun says that too few workers run, or none."""


class TenantJobs(msgspec.Struct, frozen=True):
    """A tenant in numbers: its open and troubled jobs now, and what its own nightly job counted."""

    tenant: TenantInfo
    counts: JobCounts
    summary: dict[str, int]
    """Its counts of last night by topic: members, organizations, runs …; empty before the first night."""

    @property
    def late(self) -> bool:
        """Whether its jobs wait too long."""
        return self.counts.waiting > LATE

    @property
    def minutes(self) -> int:
        """For how many whole minutes its longest due job has been waiting."""
        return max(0, self.counts.waiting) // 60


async def jobs_of_tenants() -> list[TenantJobs]:
    """Every tenant with its numbers, in the order of the registry; zeros for a tenant without jobs."""
    counts, told = await job_counts(), await summaries()
    return [
        TenantJobs(
            tenant, counts.get(tenant.id, JobCounts(tenant.id, 0, 0, 0, 0, 0)), told.get(tenant.id, {})
        )
        for tenant in await all_tenants()
    ]
