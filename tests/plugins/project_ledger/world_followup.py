"""What the tests of every route send to the pages of follow-up and views: a report, a late project's line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.plugins.project_ledger.world import PROJECT, YEAR, P, a_project

from jiceng.kernel.clock import now, today
from jiceng.kernel.database import execute, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng_project_ledger.followup.due import Kind, beginning
from jiceng_project_ledger.states import State

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.tenancy.schemas import TenantInfo

_MONTH = f"{today():%Y-%m}"
_SOON = f"{today() + timedelta(days=3)}"
_REPORT = f"{PROJECT}/reports/{{of_month:str}}"
_LINE = f"{P}/dispatch/lines/{{line:uuid}}"
_RATING = f"{PROJECT}/ratings/{{rated:str}}"
_SAID = {"percent": "10", "work": "走访", "ahead": "开会"}
_NUMBERS = ("behind", "days", "missed", "findings")
FORMS = {
    _REPORT: _SAID,
    f"{_REPORT}/draft": _SAID,
    f"{_REPORT}/return": {"words": "写清楚"},
    f"{_REPORT}/reopening": {"until": _SOON, "reason": "测试"},
    f"{_LINE}/instruction": {"instruction": "月底前补上", "answer_due": _SOON},
    f"{_LINE}/answer": {"answer": "已补上"},
    _RATING: {"year": f"{YEAR - 1}", "score": "80"},
    f"{_RATING}/confirmation": {"year": f"{YEAR - 1}", "reason": "同意"},
    f"{P}/follow-settings": {
        **{f"yellow_{name}": "1" for name in _NUMBERS},
        **{f"red_{name}": "2" for name in _NUMBERS},
        **{f"{kind}_day": "5" for kind in Kind},
        "closes_after": "15",
        "corrects_within": "5",
    },
}
ANSWERED = {
    _REPORT: {403},  # only the owner organization reports: of these people, the member
    f"{_REPORT}/draft": {403},
    f"{_LINE}/answer": {403},
    f"GET {PROJECT}/file.pdf": {409},  # a machine without a Chinese font
}
NO_ID = {"of_month", "quarter", "rated"}
FIXED = {"of_month": _MONTH, "quarter": _MONTH, "rated": "half"}
_HANDED_IN = """
insert into ledger_report (tenant_id, id, project, month, state, percent, work, trouble, ahead, words,
    handed_in_on, due)
values ($1, $2, $3, $4, 'handed_in', 10, '走访', '', '开会', '', $5, $5)
"""
_LATE = """
insert into ledger_dispatch (tenant_id, id, project, quarter, colour, why, made_on, instruction,
    instructed_name, answer)
values ($1, $2, $3, $4, 'red', '测试', $5, '', '', '')
"""
_INSTRUCTED = """
update ledger_dispatch set instruction = '月底前补上', answer_due = $3 where tenant_id = $1 and id = $2
"""
_RATED = """
insert into ledger_rating (tenant_id, id, project, year, kind, rater, rater_name, score, comment, at)
values ($1, $2, $3, $4, 'half', $2, '测试', 80, '', $5)
"""


async def values(tenant: TenantInfo) -> dict[str, str]:
    """A line of the dispatch."""
    return {"line": str(await _line(tenant))}


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """What the act at `path` uses up: a line, a report, a month that is closed, a project to be rated."""
    if path.startswith(_LINE):
        line = await _line(tenant)
        if path.endswith("/answer"):
            with tenant_scope(tenant.id):
                await execute(_INSTRUCTED, tenant.id, line, today())
        return {"line": str(line)}
    if path.startswith(_RATING):
        return {"project": str(await _rated(tenant, path))}
    if not path.startswith(_REPORT):
        return {}
    project = await a_project(tenant, State.IN_PROGRESS)
    if path.endswith("/reopening"):
        return {"project": str(project), "of_month": f"{YEAR - 1}-01"}
    if path.endswith(("/acceptance", "/return")):
        with tenant_scope(tenant.id):
            month, day = today().replace(day=1), today()
            await execute(_HANDED_IN, tenant.id, new_id(), project, month, day)
    return {"project": str(project)}


async def _rated(tenant: TenantInfo, path: str) -> UUID:
    """A project of last year, whose ratings are open all year; rated by two where `path` confirms it."""
    project = await a_project(tenant, State.IN_PROGRESS, YEAR - 1)
    with tenant_scope(tenant.id):
        for _ in range(2 if path.endswith("/confirmation") else 0):
            await execute(_RATED, tenant.id, new_id(), project, YEAR - 1, now())
    return project


async def _line(tenant: TenantInfo) -> UUID:
    project = await a_project(tenant, State.IN_PROGRESS)
    with tenant_scope(tenant.id):
        line = new_id()
        await execute(_LATE, tenant.id, line, project, beginning(Kind.QUARTER, today()), today())
    return line
