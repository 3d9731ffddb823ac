"""Reads of operation: every tenant's jobs in numbers."""

import msgspec

from jiceng.kernel.jobs import JobCounts, job_counts
from jiceng.tenancy.queries import all_tenants
from jiceng.tenancy.schemas import TenantInfo

LATE = 300
"""Seconds after which a job that is due and not begun says that too few workers run, or none."""


class TenantJobs(msgspec.Struct, frozen=True):
    """A tenant and its open and troubled jobs in numbers."""

    tenant: TenantInfo
    counts: JobCounts

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
    counts = await job_counts()
    return [
        TenantJobs(tenant, counts.get(tenant.id, JobCounts(tenant.id, 0, 0, 0, 0, 0)))
        for tenant in await all_tenants()
    ]
