"""Results in effect: what other schemes, ledgers and lists build on; none proposed, held or replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from jiceng.evaluation import queries
from jiceng.evaluation.runs.computing import analysis_of
from jiceng.kernel.database import current_tenant, fetch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

_FINAL = """
select r.run, n.number as run_number, p.title as period, p.first_day, p.last_day, r.subject, r.organization,
       r.status, r.score, r.grade, r.outputs
from result r
join run n on n.tenant_id = r.tenant_id and n.id = r.run
join scheme s on s.tenant_id = n.tenant_id and s.id = n.scheme
join period p on p.tenant_id = n.tenant_id and p.id = n.period
where r.tenant_id = $1 and n.tenant_id = $1 and s.tenant_id = $1 and p.tenant_id = $1
  and s.key = $2 and n.final_at is not null
  and ($3::uuid is null or r.subject = $3)
  and ($4::date is null or p.last_day >= $4) and ($5::date is null or p.last_day <= $5)
  and not exists (select 1 from run later where later.tenant_id = $1 and later.scheme = n.scheme
      and later.period = n.period and later.number > n.number and later.final_at is not null)
  and not exists (select 1 from held_result h where h.tenant_id = $1 and h.run = r.run
      and h.subject = r.subject)
order by p.first_day, r.place
"""

_LATEST = f"""
with chosen as (
    select distinct on (n.period) n.id, n.number, n.period, n.final_at is not null as final
    from run n
    join scheme s on s.tenant_id = n.tenant_id and s.id = n.scheme
    where n.tenant_id = $1 and s.tenant_id = $1 and s.key = $2 and n.state = 'done'
      and not {queries.STOPPED % "n.id"}
    order by n.period, n.final_at is not null desc, n.number desc
)
select r.run, c.number as run_number, p.title as period, p.first_day, p.last_day, r.subject, r.organization,
       r.status, r.score, r.grade, r.outputs,
       c.final and not exists (select 1 from held_result h where h.tenant_id = $1 and h.run = r.run
           and h.subject = r.subject) as final
from chosen c
join result r on r.tenant_id = $1 and r.run = c.id
join period p on p.tenant_id = $1 and p.id = c.period
where ($3::uuid is null or r.subject = $3)
  and ($4::date is null or p.last_day >= $4) and ($5::date is null or p.last_day <= $5)
order by p.first_day, r.place
"""  # noqa: S608 - constants


class FinalResult(msgspec.Struct, frozen=True, kw_only=True):
    """One result in effect: of which period and run, about whom, where it belonged then, and what it says.

    `outputs`: name → text, yes/no or None, as the rulebook's outputs are stored. `final`: False only in
    `latest_results`.
    """

    run: UUID
    run_number: int
    period: str
    first_day: date
    last_day: date
    subject: UUID
    organization: UUID | None
    status: str
    score: Decimal | None
    grade: str | None
    outputs: dict[str, Any]
    final: bool = True


async def final_results(
    scheme: str, *, subject: UUID | None = None, since: date | None = None, until: date | None = None
) -> list[FinalResult]:
    """The results of a scheme in effect, oldest period first, in the order of lists; none for no such scheme.

    `since` and `until` bound the last day of their periods.
    """
    rows = await fetch(_FINAL, current_tenant(), scheme, subject, since, until)
    return [FinalResult(**{**row, "outputs": msgspec.json.decode(row["outputs"])}) for row in rows]


async def latest_results(
    scheme: str, *, subject: UUID | None = None, since: date | None = None, until: date | None = None
) -> list[FinalResult]:
    """For pages of work: of each period the results in effect, or while there are none the last computed.

    Results that were stopped are neither. What is not in effect says so (`final`); nothing may be built on it
    but a list somebody works through.
    """
    rows = await fetch(_LATEST, current_tenant(), scheme, subject, since, until)
    return [FinalResult(**{**row, "outputs": msgspec.json.decode(row["outputs"])}) for row in rows]


async def final_result(scheme: str, subject: UUID) -> FinalResult | None:
    """The newest result of a subject in effect, or None."""
    found = await final_results(scheme, subject=subject)
    return found[-1] if found else None


async def points_of(run: UUID, names: Sequence[str]) -> dict[UUID, dict[str, Decimal | None]]:
    """What every subject of a run was given for these items, None where a part is open.

    Raises NotFound until the run is computed; an item the rulebook lacks is left out.
    """
    nodes = (await queries.outcome(run)).nodes
    kept = [name for name in names if name in nodes.columns]
    return {
        UUID(row["subject"]): {name: row[name] for name in kept}
        for row in nodes.select("subject", *kept).iter_rows(named=True)
    }


async def grades_of(run: UUID) -> tuple[str, ...]:
    """The grades of the rulebook a run was computed by, best first. Raises NotFound."""
    return (await analysis_of((await queries.run(run)).rulebook)).book.grades
