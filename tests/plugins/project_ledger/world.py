"""What the tests of every route send to the pages of the project ledger; costs and follow-up beside it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from tests.support.enrolling import ASKING, enrolled
from tests.support.projects import review_form
from tests.support.sample_files import pieces, png

from jiceng.kernel.clock import now, today
from jiceng.kernel.database import fetch_value, joined, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng_project_ledger.course.moving import Hand, carry_out
from jiceng_project_ledger.library import queries, service
from jiceng_project_ledger.library.schemas import Proposal
from jiceng_project_ledger.library.vocabulary import Kind
from jiceng_project_ledger.planning import changing, templates
from jiceng_project_ledger.planning import service as planning
from jiceng_project_ledger.states import Act, State

if TYPE_CHECKING:
    from jiceng.tenancy.schemas import TenantInfo

P = "/t/{tenant:str}/project-ledger"
PROJECT = f"{P}/projects/{{project:uuid}}"
YEAR = today().year
DAYS = (f"{YEAR}-01-01", f"{YEAR}-12-31")
_SHEET = {"title": "红色物业", "kind": "main", "year": str(YEAR), "goal": "矛盾不出小区", "budget": "0"}
_PLAN = {
    "phase": "实施",
    "phase_starts": DAYS[0],
    "phase_ends": DAYS[1],
    "of": "1",
    "step": "建议事厅",
    "starts": DAYS[0],
    "ends": DAYS[1],
    "weight": "100",
}
FORMS = {
    f"{P}/new": _SHEET,
    f"{PROJECT}/edit": _SHEET,
    f"{PROJECT}/own": {"act": "discard", "reason": "不做了"},
    f"{PROJECT}/responsible": {"responsible": ASKING, "reason": "调走了"},
    f"{PROJECT}/decision": {"act": "review", "reason": "可以论证"},
    f"{PROJECT}/review": review_form(*["10"] * 5),
    f"{P}/review-rules": {"title": "必要性", "most": "100", "least": "2"},
    f"{PROJECT}/plan": _PLAN,
    f"{PROJECT}/templates": {"name": "测试模板"},
    f"{PROJECT}/steps/{{number:int}}/done": {"done": f"{today()}", "proof": "完成"},
    f"{PROJECT}/changes/{{change:uuid}}": {"answer": "grant", "reason": "同意"},
}
ANSWERED = {
    f"{PROJECT}/templates": {409},  # a name is taken once
}
NO_ID = {"number"}
FIXED = {"number": "1"}
_ONE = """
select s.organization from organization_state s
where s.tenant_id = $1 and s.parent is not null and s.until is null order by s.organization limit 1
"""
PROPOSER = new_id()
"""Who proposed every project, for its owner."""
_WAY = (Act.SUBMIT, Act.REVIEW, Act.APPROVE, Act.START)
_BEGINS_IN = {
    "/edit": State.DRAFT,
    "/own": State.DRAFT,
    "/decision": State.SUBMITTED,
    "/review": State.UNDER_REVIEW,
    "/plan": State.APPROVED,
    "/responsible": State.APPROVED,
}


async def values(tenant: TenantInfo) -> dict[str, str]:
    """A running project with a change that waits; of its owner is the member whose account asks."""
    with tenant_scope(tenant.id):
        await enrolled(tenant.id, ASKING, "本人", await fetch_value(_ONE, tenant.id))
    return await _running(tenant)


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """A project in the state the act at `path` begins in; whose it is to be, for a sheet."""
    owner: dict[str, str] = {}
    if path in {f"{P}/new", f"{PROJECT}/edit"}:
        with tenant_scope(tenant.id):
            owner = {"=organization": str(await fetch_value(_ONE, tenant.id))}
    state = next((state for end, state in _BEGINS_IN.items() if path == f"{PROJECT}{end}"), None)
    if state is not None:
        return owner | {"project": str(await a_project(tenant, state))}
    made = await _running(tenant) if path.startswith((f"{PROJECT}/steps", f"{PROJECT}/changes")) else {}
    if path.endswith("/file") and "project" in made:
        with tenant_scope(tenant.id):
            shown = planning.Evidence("照片.png", pieces(png()))
            await planning.complete(UUID(made["project"]), 1, today(), "完成", None, shown)
    return owner | made


async def a_project(tenant: TenantInfo, state: State, year: int = YEAR) -> UUID:
    """A planned project of an organization below another, in a state on the straight way to in_progress."""
    with tenant_scope(tenant.id):
        first, last = date(year, 1, 1), date(year, 12, 31)
        proposal = Proposal(
            title="红色物业",
            kind=Kind.MAIN,
            organization=await fetch_value(_ONE, tenant.id),
            year=year,
            starts=first,
            deadline=last,
        )
        async with joined():
            project = await service.write(proposal, PROPOSER)
            plan = templates.applied(next(iter(templates.DELIVERED.values())), first, last)
            await planning.replace(project, plan, None)
            for act in _WAY:
                found = await queries.project(project)
                if found.state is not state:
                    await carry_out(found, act, Hand("测试", "测试", None, now(), first))
    return project


async def _running(tenant: TenantInfo) -> dict[str, str]:
    project = await a_project(tenant, State.IN_PROGRESS)
    with tenant_scope(tenant.id):
        found = await queries.project(project)
        changed = templates.applied(
            templates.DELIVERED["服务品牌项目（按季度）"], date(YEAR, 1, 1), date(YEAR, 12, 31)
        )
        change = await changing.ask(found.id, changed, "测试", new_id())
    return {"project": str(project), "change": str(change)}
