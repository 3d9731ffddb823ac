"""Enter a project on the roster and change it; a change counts from a day, what was before stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.database import bulk_insert, current_tenant, execute, fetch_row, joined
from jiceng.kernel.errors import Conflict, NotFound
from jiceng.kernel.ids import new_id
from jiceng.roster.tables import Project, ProjectState

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    import polars as pl

_ENTER = """
insert into project (tenant_id, id, number) values ($1, $2, $3) on conflict (tenant_id, number) do nothing
"""
_STATE = """
insert into project_state (tenant_id, id, project, since, until, name, kind, organization)
values ($1, $2, $3, $4, null, $5, $6, $7)
on conflict (tenant_id, project, since) do update
set name = excluded.name, kind = excluded.kind, organization = excluded.organization
"""
_NOW = """
select since, name, kind, organization from project_state
where tenant_id = $1 and project = $2 and until is null for update
"""
_END = "update project_state set until = $3 where tenant_id = $1 and project = $2 and until is null"


async def enter(number: str, name: str, kind: str, organization: UUID, since: date) -> UUID:
    """Put a project on the roster from a day on; returns its id, which is a subject's id from then on.

    Raises Conflict: the number is taken.
    """
    project = new_id()
    async with joined():
        if await execute(_ENTER, current_tenant(), project, number) == 0:
            raise Conflict("项目编号已经用过", where=number, todo_zh="请换一个编号")
        await execute(_STATE, current_tenant(), new_id(), project, since, name, kind, organization)
    return project


async def change(project: UUID, name: str, kind: str, organization: UUID, since: date) -> None:
    """What the project is called and who answers for it, from a day on. Raises NotFound."""
    async with joined():
        before = await fetch_row(_NOW, current_tenant(), project)
        if before is None:
            raise NotFound("没有这个项目")
        if (before["name"], before["kind"], before["organization"]) == (name, kind, organization):
            return
        if before["since"] > since:
            raise Conflict(
                "项目在这一天之后已有变动", where=f"{since}", todo_zh=f"请选 {before['since']} 或以后的日期"
            )
        if before["since"] < since:
            await execute(_END, current_tenant(), project, since)
        await execute(_STATE, current_tenant(), new_id(), project, since, name, kind, organization)


async def leave(project: UUID, until: date) -> None:
    """Take a project off the roster from a day on; appraisals of earlier days still see it."""
    await execute(_END, current_tenant(), project, until)


async def enter_all(rows: pl.DataFrame) -> None:
    """Enter many new projects at once: id, number, name, kind, organization (ids as text), since."""
    states = rows.rename({"id": "project"}).drop("number")
    await bulk_insert(Project, rows.select("id", "number"))
    await bulk_insert(ProjectState, states)
