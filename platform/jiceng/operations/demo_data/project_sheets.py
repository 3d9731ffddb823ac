"""Writes the workbook of projects as the plugin reads it: one sheet for each kind of thing."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook
from jiceng.operations.demo_data import names, project_work
from jiceng.operations.demo_data.projects import STATES, TOWN_STATES, projects
from jiceng.operations.demo_data.shapes import ROSTER_DAY, YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jiceng.operations.demo_data.projects import Project
    from jiceng.operations.demo_data.shapes import Roster

LED = {"chengxi": (STATES, "CX26-"), "qingshi": (TOWN_STATES, "QS26-")}
"""Where projects are led: how many stand where, and the prefix of their numbers."""
_TITLES = {
    "项目": (
        "项目编号 年度 项目名称 类别 责任单位编号 责任人编号 提出人 目标 主要内容 成效标准 "
        "对标对象 对标指标 单位 起点值 对标值 预算（元） 开始 完成期限 状态 "
        "申报日期 立项日期 实施日期 申请验收日期 办结日期 决定人 决定理由"
    ),
    "步骤": "项目编号 阶段 步骤 开始 结束 权重% 成果 完成日期 完成说明",
    "月汇报": "项目编号 月份 自报进度% 本月做了什么 困难和问题 下月打算 对标现值 报送日期 状态",
    "成本": (
        "项目编号 用途 预算（元） 供应商一 报价一（元） 供应商二 报价二（元） 供应商三 报价三（元） "
        "中选 询价日期 定标日期 决定人 定标理由 合同编号 签订日期 已付（元） 支付日期 凭证号 备注"
    ),
    "监督问题": "项目编号 监督员编号 类别 发现日期 问题 整改期限 状态 报整改日期",
    "验收": "项目编号 验收日期 结论 验收意见 验收组编号 登记人 满意度%",
    "评分": "项目编号 年度 评议 评分人 评分 评语",
    "评议确认": "项目编号 年度 评议 意见 确认人 确认日期",
    "季调度": "项目编号 季度 灯 滞后情况 列入日期 调度要求 答复期限 调度人 答复 答复日期",
}
_DAYS = frozenset({"开始", "完成期限", "结束", "月份", "整改期限", "答复期限", "季度"})


def write_projects(path: Path, roster: Roster, slug: str, seed: int) -> None:
    """Write project_ledger/projects.xlsx of a tenant; the same bytes every time."""
    random = Random(f"projects {seed}")  # noqa: S311  invented data, no secret
    states, prefix = LED[slug]
    led = projects(roster, states, prefix, random)
    some = [member.number for member in roster.members if member.until is None]
    supervisors = random.sample(some, 12)
    raters = [names.person(random) for _ in range(3)]
    rows: dict[str, list[tuple[Any, ...]]] = {title: [] for title in _TITLES}
    for project in led:
        bought = project_work.purchases(project, random)
        rows["项目"].append(_project(project, sum(row[2] for row in bought)))
        rows["步骤"] += project_work.steps(project) if project.approved else []
        rows["月汇报"] += project_work.reports(project, random)
        rows["成本"] += bought
        rows["监督问题"] += project_work.findings(project, supervisors, random)
        rows["验收"] += project_work.acceptance(project, supervisors, random)
        given, confirmed = project_work.ratings(project, raters, random)
        rows["评分"] += given
        rows["评议确认"] += confirmed
        rows["季调度"] += project_work.dispatches(project, random)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_workbook([_sheet(title, rows[title]) for title in _TITLES], made=ROSTER_DAY))


def _project(project: Project, budget: int) -> tuple[Any, ...]:
    theme = project.theme
    return (
        *(project.number, YEAR, project.title, project.kind, project.owner.number, project.responsible),
        *(
            project.owner.short_name,
            theme.goal,
            f"{theme.title}：调研、试点、铺开、巩固、验收",
            theme.success,
        ),
        *(theme.model, theme.measure, theme.unit, theme.start, theme.aim, budget),
        *(project.starts, project.deadline, project.state, project.submitted, project.approved),
        *(project.began, project.asked, project.ended, project.decided_by or None),
        "符合年度重点，同意" if project.approved else "条件还不成熟" if project.decided_by else None,
    )


def _sheet(title: str, rows: Sequence[tuple[Any, ...]]) -> SheetOut:
    return SheetOut(title, [_column(name) for name in _TITLES[title].split()], rows)


def _column(name: str) -> Column:
    if name.endswith("日期") or name in _DAYS:
        return Column(name, name, "date")
    if name in {"年度", "权重%", "自报进度%"}:
        return Column(name, name, "integer")
    if name.endswith("（元）") or name in {"起点值", "对标值", "对标现值", "评分", "满意度%"}:
        return Column(name, name, "decimal")
    return Column(name, name)
