"""What a proposal needs before it is submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
