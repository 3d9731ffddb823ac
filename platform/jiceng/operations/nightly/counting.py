"""Counts for the operator's overview: numbers only, written by each tenant's own job."""

from jiceng.accounts.queries import accounts
from jiceng.evaluation.queries import runs
from jiceng.kernel import clock
from jiceng.kernel.jobs import parked_jobs
from jiceng.roster import queries as roster
from jiceng.tenancy import service as tenancy


async def counted() -> dict[str, int]:
    """The current tenant in numbers, by topic of the overview."""
    held = await roster.counts(clock.today())
    return {
        "organizations": held.organizations,
        "members": held.members,
        "units": held.units,
        "accounts": sum(account.state == "active" for account in await accounts()),
        "runs": sum(run.state == "done" for run in await runs()),
        "jobs_in_trouble": len(await parked_jobs()),
    }


async def write_counts(counts: dict[str, int]) -> None:
    """Put the numbers into the overview, within the open transaction."""
    for topic, amount in counts.items():
        await tenancy.count_for_overview(topic, amount)
