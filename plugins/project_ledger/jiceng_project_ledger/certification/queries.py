"""Reads of certification; the project itself must have been read (and so be seen) before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.api import NotFound
from jiceng.api.ballots import ballot, result
from jiceng.api.database import current_tenant, fetch
from jiceng.api.roster import cleared
from jiceng_project_ledger.certification.life import State, Verdict
from jiceng_project_ledger.certification.schemas import (
    Acceptance,
    Condition,
    Finding,
    FindingMove,
    Supervisor,
    Survey,
)
from jiceng_project_ledger.library.queries import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from decimal import Decimal
    from uuid import UUID

    from jiceng_project_ledger.library.schemas import Project

_NAMES = "select m.id, m.name from member m where m.tenant_id = $1 and m.id = any($2) {cleared}"
_SUPERVISORS = """
select id, member, since, until from ledger_supervisor
where tenant_id = $1 and project = $2 order by until is not null, since, id
"""
_FINDINGS = """
select f.id, f.seq, f.sort, f.found, f.matter, f.deadline, f.state, f.answered, f.late, s.member
from ledger_finding f join ledger_supervisor s on s.tenant_id = $1 and s.id = f.supervisor
where f.tenant_id = $1 and f.project = $2 order by f.seq
"""
_MOVES = """
select m.finding, m.act, m.words, m.deadline, m.at from ledger_finding_move m
join ledger_finding f on f.tenant_id = $1 and f.id = m.finding and f.project = $2
where m.tenant_id = $1 order by m.at
"""
_OPEN = """
select project, count(*)::int as open from ledger_finding
where tenant_id = $1 and project = any($2) and state <> 'settled' group by project
"""
_ACCEPTANCES = """
select id, round, held, verdict, opinion, recorded_by, at from ledger_acceptance
where tenant_id = $1 and project = $2 order by round
"""
_GROUP = """
select g.acceptance, g.member from ledger_acceptor g
join ledger_acceptance a on a.tenant_id = $1 and a.id = g.acceptance and a.project = $2
where g.tenant_id = $1 order by g.chair desc, g.id
"""
_CONDITIONS = """
select c.id, c.acceptance, c.seq, c.matter, c.deadline, c.met, c.proof, c.met_by, c.confirmed, c.confirmed_by
from ledger_condition c
join ledger_acceptance a on a.tenant_id = $1 and a.id = c.acceptance and a.project = $2
where c.tenant_id = $1 order by c.seq
"""
_SURVEYS = "select ballot from ledger_survey where tenant_id = $1 and project = $2 order by at desc"


async def supervisors(project: UUID) -> list[Supervisor]:
    """Who looks after a project; those who did so earlier last."""
    rows = await fetch(_SUPERVISORS, current_tenant(), project)
    named = await called({row["member"] for row in rows})
    return [Supervisor(**row, name=named.get(row["member"], HIDDEN)) for row in rows]


async def findings(project: UUID) -> list[Finding]:
    """What was found about a project, the first first, each with what was done about it."""
    rows = await fetch(_FINDINGS, current_tenant(), project)
    moves: dict[UUID, list[FindingMove]] = {}
    for row in await fetch(_MOVES, current_tenant(), project):
        told = FindingMove(row["act"], row["words"], row["deadline"], row["at"])
        moves.setdefault(row["finding"], []).append(told)
    named = await called({row["member"] for row in rows})
    return [_finding(dict(row), named, tuple(moves.get(row["id"], ()))) for row in rows]


async def open_findings(projects: Sequence[UUID]) -> dict[UUID, int]:
    """How many findings of each project are not settled; projects without one are left out."""
    rows = await fetch(_OPEN, current_tenant(), list(projects))
    return {row["project"]: row["open"] for row in rows}


async def acceptances(project: UUID) -> list[Acceptance]:
    """Every round of acceptance, the first first, with its group and conditions."""
    here = (current_tenant(), project)
    rows = await fetch(_ACCEPTANCES, *here)
    sat: dict[UUID, list[UUID]] = {}
    for row in await fetch(_GROUP, *here):
        sat.setdefault(row["acceptance"], []).append(row["member"])
    asked = [Condition(**row) for row in await fetch(_CONDITIONS, *here)]
    named = await called({member for members in sat.values() for member in members})
    return [
        Acceptance(
            **dict(row) | {"verdict": Verdict(row["verdict"])},
            group=tuple(named.get(member, HIDDEN) for member in sat.get(row["id"], ())),
            conditions=tuple(one for one in asked if one.acceptance == row["id"]),
        )
        for row in rows
    ]


async def condition(project: UUID, condition_id: UUID) -> Condition:
    """One condition of a project's acceptances; raises NotFound."""
    for one in await acceptances(project):
        for found in one.conditions:
            if found.id == condition_id:
                return found
    raise NotFound("没有这个整改条件")


async def surveys(project: Project) -> list[Survey]:
    """The satisfaction surveys of a project, the latest first."""
    found = []
    for row in await fetch(_SURVEYS, current_tenant(), project.id):
        info = await ballot(row["ballot"])
        told = await _rate(project, info.id) if info.state == "counted" else None
        found.append(Survey(ballot=info.id, title=info.title, state=info.state, day=info.day, rate=told))
    return found


async def _rate(project: Project, ballot_id: UUID) -> Decimal | None:
    """The rate of satisfaction, as far as it may be told."""
    for subject, shown in (await result(ballot_id)).subjects:
        if subject.subject == project.subject and shown is not None:
            return shown.rate
    return None


async def called(members: Collection[UUID]) -> dict[UUID, str]:
    """The names of members, of those whose label the person at work is cleared for."""
    sql = _NAMES.format(cleared=cleared("m"))
    return {row["id"]: row["name"] for row in await fetch(sql, current_tenant(), list(members))}


def _finding(row: dict[str, Any], named: dict[UUID, str], moves: tuple[FindingMove, ...]) -> Finding:
    supervisor = named.get(row.pop("member"), HIDDEN)
    return Finding(**row | {"state": State(row["state"])}, supervisor=supervisor, moves=moves)
