"""The satisfaction survey: a ballot about the project, whose rate becomes the fact of its scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Conflict, now, today
from jiceng.api.ballots import USUAL, Wanted, draft, put_on_paper
from jiceng.api.database import current_tenant, execute, joined, new_id
from jiceng.api.facts import schemes
from jiceng_project_ledger.certification import queries
from jiceng_project_ledger.certification.supervising import live, told

if TYPE_CHECKING:
    from uuid import UUID

SCHEME, FACT = "project_ledger", "satisfaction"
_KEEP = "insert into ledger_survey (tenant_id, id, project, ballot, by, at) values ($1, $2, $3, $4, $5, $6)"


async def begin(project_id: UUID, by: UUID) -> UUID:
    """Draft a ballot with the project on its paper; parties and rolls are added there. Returns its id.

    Counted, the rate of the satisfied is handed in as the fact of the tenant's scheme, where it has one.
    Raises NotFound, Conflict while another survey is under way.
    """
    async with joined():
        project = await live(project_id)
        if any(one.state not in ("counted", "withdrawn") for one in await queries.surveys(project)):
            raise Conflict(
                "已有一次满意度测评没有计票", todo_zh="请先办完那一次；建错了的，在票决页面写明理由撤回"
            )
        if project.subject is None:
            raise Conflict("项目还没有列入名册", todo_zh="立项以后再测评")
        known = {one.key for one in await schemes() if one.available}
        wanted = Wanted(
            title=f"{project.number} 满意度测评",
            kind="project",
            target=f"{SCHEME}:{FACT}" if SCHEME in known else "",
            measure="rate",
            day=today(),
            options=USUAL["satisfied"],
        )
        ballot = await draft(wanted)
        await put_on_paper(ballot, [project.subject])
        await execute(_KEEP, current_tenant(), new_id(), project_id, ballot, by, now())
        told(project_id, "survey", "begun")
    return ballot
