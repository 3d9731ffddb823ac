"""What a proposal needs before it is submitted, and before it is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng_project_ledger.library import reviewing
from jiceng_project_ledger.missing import Missing

if TYPE_CHECKING:
    from jiceng_project_ledger.library.schemas import Project


async def proposal_complete(project: Project) -> Missing | None:
    """Everything the application sheet asks for is said."""
    needed = {
        "责任人": ("responsible person", project.responsible),
        "目标": ("goal", project.goal),
        "主要内容": ("content", project.content),
        "成效标准": ("measures of success", project.measures),
        "对标对象": ("benchmark", project.benchmark),
        "对标指标": ("measure of the benchmark", project.benchmark_measure),
        "对标值": ("figure of the benchmark", project.benchmark_figure is not None),
        "开始日期": ("start", project.starts),
        "完成期限": ("deadline", project.deadline),
    }
    lacking = {title: english for title, (english, given) in needed.items() if not given}
    if not lacking:
        return None
    return Missing(
        f"申报表还没有填{'、'.join(lacking)}",
        "请先修改申报表",
        f"the application says nothing of {', '.join(lacking.values())}",
    )


async def reviewed(project: Project) -> Missing | None:
    """Enough reviewers have scored it in this round."""
    rules = await reviewing.rules()
    given = await reviewing.reviews(project.id, project.round)
    if len(given) >= rules.least:
        return None
    return Missing(
        f"本轮论证只有 {len(given)} 人评分，至少要 {rules.least} 人",
        "请先请评审人在项目页面评分",
        f"{len(given)} reviews in this round, at least {rules.least} are needed",
    )
