"""Who may certify a project: members who belong neither to its owner nor below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import organizations, today
from jiceng.api.database import current_tenant, fetch

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from jiceng_project_ledger.library.schemas import Project

_BELONG = """
select distinct member from membership where tenant_id = $1 and member = any($2) and organization = any($3)
  and since <= $4 and (until is null or until > $4)
"""


async def owners_members(project: Project, members: Collection[UUID]) -> set[UUID]:
    """Those of the members who belong to the owner organization, below it, or answer for the project."""
    homes = {project.organization}
    for row in await organizations(today()):
        if row.parent in homes:
            homes.add(row.id)
    rows = await fetch(_BELONG, current_tenant(), list(members), list(homes), today())
    answering = {member for member in members if member == project.responsible}
    return {row["member"] for row in rows} | answering
