"""Reads of projects: only those of organizations the person at work may see, or that he answers for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.api import NotFound, names, organizations, today
from jiceng.api.database import current_tenant, fetch, fetch_row
from jiceng.api.roster import cleared, seen_arguments
from jiceng_project_ledger.library.schemas import Handover, Move, Project
from jiceng_project_ledger.library.vocabulary import Kind
from jiceng_project_ledger.states import State

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

SEEN = """($2::uuid[] is null or p.organization = any($2) or p.responsible = $3::uuid
    or exists (select from ledger_accountability a
               where a.tenant_id = $1 and a.project = p.id and a.person = $3::uuid))"""
"""A condition on rows of `ledger_project p`; its arguments $2 and $3 are those of `seen_arguments(day)`.

Whom a proposal of accountability is about sees the project also when another answers for it by now.
"""
_PROJECTS = f"""
select p.id, p.number, p.year, p.title, p.kind, p.organization, p.proposer, p.responsible, p.goal, p.content,
       p.measures, p.benchmark, p.benchmark_measure, p.benchmark_unit, p.benchmark_figure, p.start_figure,
       p.budget, p.starts, p.deadline, p.state, p.round, p.subject, p.made_by, p.handed_in_by, p.began,
       p.ended
from ledger_project p where p.tenant_id = $1 and {SEEN}
"""  # noqa: S608 - constants
_MOVES = """
select seq, act, before, after, reason, deadline, by, decided_by, at from ledger_move
where tenant_id = $1 and project = $2 order by seq
"""
_HANDOVERS = """
select before, after, reason, decided_by, at from ledger_handover
where tenant_id = $1 and project = $2 order by seq
"""
_NAMES = "select m.id, m.number, m.name from member m where m.tenant_id = $1 and m.id = any($2) {cleared}"

HIDDEN = "（不公开）"
"""Stands for the name of a member whose label the person at work is not cleared for."""


class Wanted(msgspec.Struct, frozen=True):
    """Which projects; what is empty leaves nothing out. `words` is part of title or number."""

    year: int = 0
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    organizations: tuple[UUID, ...] = ()
    words: str = ""


async def projects(wanted: Wanted = Wanted()) -> list[Project]:  # noqa: B008 - frozen
    """The projects that may be seen here, by year (latest first) and number."""
    sql = f"""{_PROJECTS}
and ($4 = 0 or p.year = $4) and (cardinality($5::text[]) = 0 or p.kind = any($5))
and (cardinality($6::text[]) = 0 or p.state = any($6))
and (cardinality($7::uuid[]) = 0 or p.organization = any($7))
and ($8 = '' or p.title ilike '%' || $8 || '%' or p.number ilike '%' || $8 || '%')
order by p.year desc, p.number"""
    chosen = (wanted.year, list(wanted.kinds), list(wanted.states), list(wanted.organizations))
    rows = await fetch(sql, current_tenant(), *await seen_arguments(today()), *chosen, _plain(wanted.words))
    return await _named(rows)


async def project(project_id: UUID) -> Project:
    """One project; raises NotFound for one that is not there or may not be seen."""
    row = await fetch_row(
        f"{_PROJECTS} and p.id = $4", current_tenant(), *await seen_arguments(today()), project_id
    )
    if row is None:
        raise NotFound("没有这个项目")
    return (await _named([row]))[0]


async def moves(project_id: UUID) -> list[Move]:
    """What was done to a project, the first first. The project itself must have been read before."""
    return [Move(**row) for row in await fetch(_MOVES, current_tenant(), project_id)]


async def handovers(project_id: UUID) -> list[Handover]:
    """Who came to answer for a project, the first first. The project itself must have been read before."""
    rows = await fetch(_HANDOVERS, current_tenant(), project_id)
    persons = await _cleared({row[side] for row in rows for side in ("before", "after") if row[side]})

    def named(member: UUID | None) -> str:
        return "" if member is None else persons.get(member, ("", HIDDEN))[1]

    return [
        Handover(named(row["before"]), named(row["after"]), row["reason"], row["decided_by"], row["at"])
        for row in rows
    ]


async def years() -> list[int]:
    """The years that have projects, the latest first."""
    rows = await fetch(
        "select distinct year from ledger_project where tenant_id = $1 order by year desc", current_tenant()
    )
    return [row["year"] for row in rows]


async def _cleared(members: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Number and name of members, of those whose label the person at work is cleared for."""
    rows = await fetch(_NAMES.format(cleared=cleared("m")), current_tenant(), list(members))
    return {row["id"]: (row["number"], row["name"]) for row in rows}


def _plain(words: str) -> str:
    """Words as they are looked for: % and _ mean themselves."""
    return words.strip()[:60].replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


async def _named(rows: Sequence[Any]) -> list[Project]:
    called = await names({row["organization"] for row in rows})
    towns = {place.id: place.town for place in await organizations(today())}
    persons = await _cleared({row["responsible"] for row in rows if row["responsible"]})
    return [_project(dict(row), called, towns, persons) for row in rows]


def _project(
    row: dict[str, Any],
    called: dict[UUID, str],
    towns: dict[UUID, str],
    persons: dict[UUID, tuple[str, str]],
) -> Project:
    number, name = persons.get(row["responsible"], ("", HIDDEN if row["responsible"] else ""))
    return Project(
        **row
        | {"kind": Kind(row["kind"]), "state": State(row["state"])}
        | {
            "organization_name": called.get(row["organization"], ""),
            "town": towns.get(row["organization"], ""),
            "responsible_name": name,
            "responsible_number": number,
        }
    )
