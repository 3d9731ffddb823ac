"""What certification must have come to before a project is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng_project_ledger.certification import queries
from jiceng_project_ledger.certification.closing import closing
from jiceng_project_ledger.certification.life import VERDICT_WORDS, Verdict
from jiceng_project_ledger.library.queries import moves
from jiceng_project_ledger.missing import Missing
from jiceng_project_ledger.states import Act

if TYPE_CHECKING:
    from jiceng_project_ledger.library.schemas import Project

_MEND = "请在“质量认证”页面办理"


async def accepted(project: Project) -> Missing | None:
    """A group accepted what was handed in last, and its conditions are met and confirmed."""
    rounds = await queries.acceptances(project.id)
    handed_in = [one.at for one in await moves(project.id) if one.act == Act.HAND_IN]
    since = [one for one in rounds if not handed_in or one.at >= handed_in[-1]]
    if not since:
        return Missing("还没有登记验收组的结论", _MEND, "no acceptance group came to a verdict yet")
    last = since[-1]
    if last.stands:
        return None
    if last.verdict is Verdict.CONDITIONAL:
        left = sum(one.confirmed is None for one in last.conditions)
        return Missing(
            f"有条件通过的 {left} 个整改条件还没有复验", _MEND, f"{left} conditions are not confirmed"
        )
    words = VERDICT_WORDS[last.verdict]
    return Missing(
        f"最近一轮验收的结论是{words}", "请退回整改，再申请验收", "the last acceptance was not passed"
    )


async def findings_settled(project: Project) -> Missing | None:
    """Every finding was set right and checked again."""
    left = (await queries.open_findings([project.id])).get(project.id, 0)
    if not left:
        return None
    return Missing(f"还有 {left} 个监督问题没有复查通过", _MEND, f"{left} findings are not settled")


async def survey_counted(project: Project) -> Missing | None:
    """No survey is under way; where the tenant demands one, it was counted."""
    states = [one.state for one in await queries.surveys(project) if one.state != "withdrawn"]
    if any(state != "counted" for state in states):
        return Missing(
            "满意度测评还没有计票",
            "请在票决页面办完；建错了的，写明理由撤回",
            "a satisfaction survey is not counted yet",
        )
    if not states and (await closing()).survey:
        return Missing("还没有做满意度测评，本单位规定销号以前要做", _MEND, "the tenant demands a survey")
    return None
