"""Lists of results: filtered, counted, paged in the database; in the order of organizations, never ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from jiceng.accounts.labels import cleared
from jiceng.evaluation.schemas import HELD_OR_NOT, ResultPage, ResultRow, Validity
from jiceng.evaluation.stored.seeing import arguments, seen
from jiceng.kernel.database import current_tenant, fetch, fetch_value
from jiceng.kernel.errors import NotFound
from jiceng.roster.queries import descendants, names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiceng.evaluation.schemas import RunInfo

PAGE = 50
LOOKED_UP = 500
"""So many subjects are looked up by id; for more the whole roster of the day is read."""
NOBODY = "（名册中已无此名）"
WITHHELD = "（受限）"
"""In place of a name that is labelled higher than the person is cleared for, where a line must stand."""
_STATE = "s.since <= $2 and (s.until is null or s.until > $2)"
_SUBJECTS = {
    "member": f"""
        select m.id, m.number, case when true {{cleared}} then m.name else '{WITHHELD}' end as name
        from member m where m.tenant_id = $1 and $2::date is not null""",  # noqa: S608 - constants
    "organization": f"""
        select o.id, o.number, s.name from organization o
        join organization_state s on s.tenant_id = $1 and s.organization = o.id and {_STATE}
        where o.tenant_id = $1""",  # noqa: S608 - constants
    "enterprise": f"""
        select u.id, u.number, s.name from unit u
        join unit_state s on s.tenant_id = $1 and s.unit = u.id and {_STATE}
        where u.tenant_id = $1""",  # noqa: S608 - constants
    "project": f"""
        select p.id, p.number, s.name from project p
        join project_state s on s.tenant_id = $1 and s.project = p.id and {_STATE}
        where p.tenant_id = $1""",  # noqa: S608 - constants
}
_HELD = (
    "exists (select 1 from held_result h "
    "where h.tenant_id = r.tenant_id and h.run = r.run and h.subject = r.subject)"
)
_ROW = (
    "select r.subject, r.organization, r.status, r.score, r.grade, r.outputs, "  # noqa: S608 - constants
    f"{_HELD} as held from result r"
)
_COUNT = "select count(*) from result r"
_FILTERS = f"""
where r.tenant_id = $1 and r.run = $2
and ($3::uuid[] is null or r.organization = any($3) or r.subject = any($3))
and ($4 = '' or r.grade = $4) and ($5 = '' or r.status = $5)
and ($6::uuid[] is null or r.subject = any($6))
and ($7 = '' or {_HELD} = ($7 = '{Validity.HELD}'))
"""


class Filters(msgspec.Struct, frozen=True):
    """What a list is narrowed to; an organization stands for its whole subtree, "" for no narrowing.

    `validity`: effective or held; only final runs can be narrowed by it.
    """

    organization: UUID | None = None
    grade: str = ""
    status: str = ""
    name: str = ""
    validity: str = ""


async def results(run: RunInfo, filters: Filters, page: int = 1, size: int = PAGE) -> ResultPage:
    """One page of a run's results that may be seen here, by organization and number."""
    below = None
    if filters.organization is not None:
        below = await descendants(filters.organization, run.roster_at)
    named = await _named(run, filters.name.strip()) if filters.name.strip() else None
    args = (
        *(current_tenant(), run.id, below, filters.grade, filters.status, named),
        *(_narrowed(run, filters), *await arguments(run)),
    )
    wanted = _FILTERS + seen(run, "$8", "$9")
    total: int = await fetch_value(_COUNT + wanted, *args)
    page = min(max(1, page), max(1, -(-total // size)))
    rows = await fetch(
        f"{_ROW}{wanted} order by r.place limit $10 offset $11", *args, size, (page - 1) * size
    )
    return ResultPage(await _shown(run, rows), total, page, size)


async def result(run: RunInfo, subject: UUID) -> ResultRow:
    """The result of one subject; raises NotFound when the run has none of it that may be seen here."""
    rows = await fetch(
        f"{_ROW} where r.tenant_id = $1 and r.run = $2 and r.subject = $3 {seen(run, '$4', '$5')}",
        *(current_tenant(), run.id, subject, *await arguments(run)),
    )
    if not rows:
        raise NotFound("这次评定中没有这个对象", where=str(subject))
    return (await _shown(run, rows))[0]


async def named_subjects(run: RunInfo, ids: Sequence[str]) -> dict[str, tuple[UUID, str, str, str]]:
    """id as text → id, number, name, organization's name; by the roster of the run's day."""
    kept = await fetch(
        "select subject, organization from result where tenant_id = $1 and run = $2 and subject = any($3)",
        current_tenant(),
        run.id,
        [UUID(one) for one in ids],
    )
    homes: dict[UUID, UUID] = {row["subject"]: row["organization"] for row in kept}
    places = await names({place for place in homes.values() if place})
    known = await _who(run, [UUID(one) for one in ids])
    return {
        str(one): (one, *known.get(one, ("", NOBODY)), places.get(homes.get(one, one), ""))
        for one in map(UUID, ids)
    }


def _subjects(run: RunInfo) -> str:
    return _SUBJECTS[run.subject].format(cleared=cleared("m"))


def _narrowed(run: RunInfo, filters: Filters) -> str:
    """Held or in effect; before a run is final there is neither, and nothing to narrow."""
    return filters.validity if run.final_at and filters.validity in set(HELD_OR_NOT) else ""


async def _named(run: RunInfo, text: str) -> list[UUID]:
    """Subjects whose name holds the text or whose number is the text."""
    found = await fetch(
        f"select id from ({_subjects(run)}) who "  # noqa: S608 - constants
        "where position($3 in who.name) > 0 or who.number = $3",
        current_tenant(),
        run.roster_at,
        text,
    )
    return [row["id"] for row in found]


async def _who(run: RunInfo, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """id → number and name; a long list is looked up by reading everybody, not one by one in the list."""
    everybody = f"select id, number, name from ({_subjects(run)}) who"  # noqa: S608 - constants
    if len(ids) > LOOKED_UP:
        rows = await fetch(everybody, current_tenant(), run.roster_at)
    else:
        rows = await fetch(f"{everybody} where id = any($3)", current_tenant(), run.roster_at, list(ids))
    return {row["id"]: (row["number"], row["name"]) for row in rows}


async def _shown(run: RunInfo, rows: Sequence[Any]) -> list[ResultRow]:
    known = await _who(run, [row["subject"] for row in rows])
    places = await names({row["organization"] for row in rows if row["organization"]})
    return [
        ResultRow(
            row["subject"],
            *known.get(row["subject"], ("", NOBODY)),
            places.get(row["organization"], ""),
            row["status"],
            row["score"],
            row["grade"],
            msgspec.json.decode(row["outputs"]),
            Validity.HELD if row["held"] else run.validity,
        )
        for row in rows
    ]
