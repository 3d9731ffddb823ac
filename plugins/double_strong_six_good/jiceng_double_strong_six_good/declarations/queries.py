"""Reads of declarations: only those of units the person at work may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.api import NotFound
from jiceng.api.database import current_tenant, fetch, fetch_row
from jiceng_double_strong_six_good.declarations.schemas import Declaration, Evidence
from jiceng_double_strong_six_good.declarations.states import State
from jiceng_double_strong_six_good.firms.queries import may_be_seen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from jiceng_double_strong_six_good.firms.schemas import Firm

_DECLARATIONS = """
select d.id, d.unit, d.year, d.typed, d.state, d.handed_in_at, d.handed_in_by,
    (select count(*) from six_good_evidence e where e.tenant_id = $1 and e.declaration = d.id) as files
from six_good_declaration d where d.tenant_id = $1
"""
_EVIDENCE = """
select id, criterion, file, name, at from six_good_evidence
where tenant_id = $1 and declaration = $2 order by at, id
"""


async def declarations(year: int, seen: Mapping[UUID, Firm]) -> dict[UUID, Declaration]:
    """The year's declarations of these units, by unit."""
    rows = await fetch(f"{_DECLARATIONS} and d.year = $2", current_tenant(), year)
    return {row["unit"]: _declaration(row) for row in rows if row["unit"] in seen}


async def declaration(declaration_id: UUID) -> Declaration:
    """One declaration; raises NotFound for one that is not there or may not be seen."""
    row = await fetch_row(f"{_DECLARATIONS} and d.id = $2", current_tenant(), declaration_id)
    if row is None or not await may_be_seen(row["unit"]):
        raise NotFound("没有这份申报")
    return _declaration(row)


async def evidence(declaration_id: UUID) -> dict[str, list[Evidence]]:
    """The files behind a declaration, by criterion."""
    found: dict[str, list[Evidence]] = {}
    for row in await fetch(_EVIDENCE, current_tenant(), declaration_id):
        found.setdefault(row["criterion"], []).append(Evidence(**row))
    return found


async def one_file(declaration_id: UUID, evidence_id: UUID) -> Evidence:
    """One file of a declaration that may be seen here; raises NotFound."""
    await declaration(declaration_id)
    for files in (await evidence(declaration_id)).values():
        for one in files:
            if one.id == evidence_id:
                return one
    raise NotFound("没有这个文件")


def _declaration(row: Any) -> Declaration:  # noqa: ANN401 - a database row
    read = {**row, "typed": msgspec.json.decode(row["typed"]), "state": State(row["state"])}
    return Declaration(**read)
