"""Reads of assessment: results by project, proposals for those who decide and for whom they are about."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from jiceng.api import NotFound
from jiceng.api.crypto import keyring
from jiceng.api.database import current_tenant, fetch
from jiceng.api.pages import Permission, may
from jiceng.api.people import account_info
from jiceng.api.results import latest_results
from jiceng_project_ledger.assessment.handing_in import SCHEME
from jiceng_project_ledger.assessment.life import State
from jiceng_project_ledger.assessment.schemas import Decision, Proposal, Rated
from jiceng_project_ledger.assessment.tables import OBJECTION, REASON
from jiceng_project_ledger.certification.queries import called
from jiceng_project_ledger.library import queries as library
from jiceng_project_ledger.library.queries import HIDDEN, Wanted
from jiceng_project_ledger.states import LED

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.api.crypto import Keyring
    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.library.schemas import Project

_PROPOSALS = """
select a.id, a.project, a.year, a.person, a.grounds, a.state, a.until, a.objection, a.objected, a.at,
       coalesce(m.number = $3, false) as own
from ledger_accountability a left join member m on m.tenant_id = $1 and m.id = a.person
where a.tenant_id = $1 and a.project = any($2) and ($4::uuid is null or a.id = $4)
  and ($5 = 0 or a.year = $5)
order by a.year desc, a.at, a.id
"""
_DECISIONS = """
select id, proposal, act, reason, until, decided_by, at from ledger_accountability_move
where tenant_id = $1 and proposal = any($2) order by at
"""


async def proposals(user: SignedIn, year: int = 0, one: UUID | None = None) -> list[Proposal]:
    """Proposals that this person may see: all of the projects he sees if he decides, else those about him."""
    projects = {each.id: each for each in await library.projects(Wanted(states=tuple(LED)))}
    info = await account_info(user.id)
    person = info.person if info else None
    rows = await fetch(_PROPOSALS, current_tenant(), list(projects), person, one, year)
    shown = [row for row in rows if row["own"] or may(user, Permission.CHECK_WORK)]
    keys = await keyring()
    persons = await called({row["person"] for row in shown if row["person"]})
    decisions: dict[UUID, list[Decision]] = {}
    for row in await fetch(_DECISIONS, current_tenant(), [row["id"] for row in shown]):
        reason = keys.open(REASON, row["id"], row["reason"]) or ""
        told = Decision(row["act"], reason, row["until"], row["decided_by"], row["at"])
        decisions.setdefault(row["proposal"], []).append(told)
    return [
        _proposal(
            dict(row) | {"person_name": persons.get(row["person"], HIDDEN if row["person"] else "")},
            projects,
            decisions,
            keys,
        )
        for row in shown
    ]


async def proposal(proposal_id: UUID, user: SignedIn) -> Proposal:
    """One proposal; raises NotFound for one that is not there or may not be seen."""
    found = await proposals(user, one=proposal_id)
    if not found:
        raise NotFound("没有这份问责建议")
    return found[0]


async def rated(year: int) -> list[Rated]:
    """The projects that may be seen here with their results of a year, in the order of the result lists."""
    seen = {each.subject: each for each in await library.projects(Wanted(states=tuple(LED)))}
    found = await latest_results(SCHEME, since=date(year, 1, 1), until=date(year, 12, 31))
    return [
        Rated(
            project=seen[one.subject],
            run=one.run,
            run_number=one.run_number,
            status=one.status,
            score=one.score,
            grade=one.grade,
            outputs=one.outputs,
            final=one.final,
        )
        for one in found
        if one.subject in seen
    ]


async def rated_years() -> list[int]:
    """The years with results, the latest first."""
    return sorted({one.last_day.year for one in await latest_results(SCHEME)}, reverse=True)


def _proposal(
    row: dict[str, Any], projects: dict[UUID, Project], decisions: dict[UUID, list[Decision]], keys: Keyring
) -> Proposal:
    row["objection"] = keys.open(OBJECTION, row["id"], row["objection"]) if row["objection"] else ""
    row["project"] = projects[row["project"]]
    row |= {"grounds": tuple(row["grounds"]), "state": State(row["state"])}
    return Proposal(**row, decisions=tuple(decisions.get(row["id"], ())))
