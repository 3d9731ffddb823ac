"""Everything about one project as plain values, for its file as Word and PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jiceng.api import today
from jiceng_project_ledger.certification import queries as certification
from jiceng_project_ledger.certification.life import STATE_WORDS as FINDING_WORDS
from jiceng_project_ledger.certification.life import VERDICT_WORDS
from jiceng_project_ledger.costs import queries as costing
from jiceng_project_ledger.costs.schemas import deviation
from jiceng_project_ledger.followup import queries as follow_up
from jiceng_project_ledger.followup.distance import benchmark_of, distances
from jiceng_project_ledger.followup.due import KIND_WORDS as PAPERS
from jiceng_project_ledger.followup.due import Kind
from jiceng_project_ledger.followup.lights import WORDS as LIGHT_WORDS
from jiceng_project_ledger.followup.standing import standing
from jiceng_project_ledger.library import queries as library
from jiceng_project_ledger.library.vocabulary import KIND_WORDS
from jiceng_project_ledger.money import yuan
from jiceng_project_ledger.planning import queries as planning
from jiceng_project_ledger.states import ACT_WORDS, STATE_WORDS, Act

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from jiceng_project_ledger.costs.schemas import Costs, Purchase
    from jiceng_project_ledger.followup.schemas import Standing
    from jiceng_project_ledger.library.schemas import Project

NONE = "—"
CHINA = ZoneInfo("Asia/Shanghai")
Rows = list[dict[str, str]]


async def dossier(project: Project) -> dict[str, Any]:
    """What stands in the file: lines of words and tables of rows, all as text."""
    stands = await standing(project)
    costs = await costing.costs(project.id)
    return {
        "title": project.title,
        "number": project.number,
        "made": f"{today():%Y-%m-%d}",
        "facts": _facts(project, stands),
        "texts": [
            {"title": title, "text": text or NONE}
            for title, text in (
                ("目标", project.goal),
                ("主要内容", project.content),
                ("成效标准", project.measures),
            )
        ],
        "light": _light(stands),
        "steps": await _steps(project),
        "moves": await _moves(project),
        "reports": _reports(stands),
        "benchmark": _benchmark(project, stands),
        "costs": [_cost(one) for one in costs.purchases],
        "cost_sum": _sum(costs, costs.measure(project.budget)),
        "findings": await _findings(project),
        "acceptances": await _acceptances(project),
        "dispatches": await _dispatches(project),
        "ratings": await _ratings(project),
    }


def file_name(project: Project, kind: str) -> str:
    """What the file is called when it is saved."""
    return f"项目档案-{project.number}-{today():%Y%m%d}.{kind}"


def _facts(project: Project, stands: Standing) -> Rows:
    span = f"{_day(project.began or project.starts)} 至 {_day(project.ended or project.deadline)}"
    said = (
        ("类别", KIND_WORDS[project.kind]),
        ("状态", STATE_WORDS[project.state]),
        ("责任单位", project.organization_name),
        ("责任人", project.responsible_name or NONE),
        ("提出人", project.proposer or NONE),
        ("起止", span),
        ("现阶段", stands.phase or NONE),
        ("进度", f"计划 {stands.progress.planned}%，完成 {stands.progress.done}%"),
        ("预算", f"{_money(project.budget)} 元"),
        ("支出", f"{_money(stands.spent)} 元"),
    )
    return [{"title": title, "text": text} for title, text in said]


def _light(stands: Standing) -> dict[str, str]:
    if stands.light is None:
        return {"word": NONE, "colour": "none", "why": "项目不在实施中，不亮灯"}
    return {
        "word": LIGHT_WORDS[stands.light.colour],
        "colour": stands.light.colour.value,
        "why": stands.light.zh,
    }


async def _steps(project: Project) -> Rows:
    plan = await planning.plan(project.id)
    return [
        {
            "phase": plan.phases[step.phase - 1].name,
            "name": step.name,
            "span": f"{_day(step.starts)} 至 {_day(step.ends)}",
            "weight": f"{step.weight}%",
            "deliverable": step.deliverable or NONE,
            "done": _day(step.done),
        }
        for step in plan.steps
    ]


async def _moves(project: Project) -> Rows:
    return [
        {
            "day": _day(move.at.astimezone(CHINA).date()),
            "act": ACT_WORDS[Act(move.act)],
            "who": move.decided_by or NONE,
            "reason": move.reason or NONE,
        }
        for move in await library.moves(project.id)
    ]


def _reports(stands: Standing) -> Rows:
    return [
        {
            "month": f"{report.month:%Y-%m}",
            "percent": f"{report.percent}%",
            "work": report.work or NONE,
            "trouble": report.trouble or NONE,
            "day": _day(report.handed_in_on) + ("（迟报）" if report.late else ""),
        }
        for report in stands.reports
        if report.reported
    ]


def _benchmark(project: Project, stands: Standing) -> dict[str, Any]:
    benchmark = benchmark_of(project)
    if benchmark is None:
        return {"title": "", "rows": []}
    rows = [
        {
            "period": f"{one.period.year} 年第 {(one.period.month + 2) // 3} 季度",
            "figure": _number(one.figure, benchmark.unit),
            "goal": _number(benchmark.goal, benchmark.unit),
            "missing": _number(one.missing, benchmark.unit),
            "percent": f"{one.percent}%",
        }
        for one in distances(benchmark, stands.figures, Kind.QUARTER)
    ]
    return {"title": f"对标 {benchmark.model}：{benchmark.measure}", "rows": rows}


def _cost(purchase: Purchase) -> dict[str, str]:
    chosen = purchase.chosen()
    return {
        "name": purchase.line.name,
        "planned": _money(purchase.line.amount),
        "quotes": str(len(purchase.quotes)),
        "supplier": chosen.supplier if chosen else NONE,
        "contract": _money(purchase.contract.amount) if purchase.contract else NONE,
        "spent": _money(purchase.spent),
    }


def _sum(costs: Costs, budget: int) -> str:
    apart = deviation(budget, costs.spent)
    told = f"预算 {_money(budget)} 元，明细合计 {_money(costs.planned)} 元，支出 {_money(costs.spent)} 元"
    return told + ("" if apart is None else f"，偏差 {apart}%")


async def _findings(project: Project) -> Rows:
    return [
        {
            "seq": str(one.seq),
            "found": _day(one.found),
            "matter": one.matter,
            "deadline": _day(one.deadline),
            "state": FINDING_WORDS[one.state] + ("（逾期）" if one.late else ""),
        }
        for one in await certification.findings(project.id)
    ]


async def _acceptances(project: Project) -> Rows:
    return [
        {
            "held": _day(one.held),
            "verdict": VERDICT_WORDS[one.verdict],
            "opinion": one.opinion,
            "group": "、".join(one.group) or NONE,
        }
        for one in await certification.acceptances(project.id)
    ]


async def _dispatches(project: Project) -> Rows:
    return [
        {
            "quarter": f"{one.quarter.year} 年第 {(one.quarter.month + 2) // 3} 季度",
            "why": one.why,
            "instruction": one.instruction or NONE,
            "answer": one.answer or NONE,
        }
        for one in await follow_up.dispatches_of(project.id)
    ]


async def _ratings(project: Project) -> Rows:
    verdicts: Sequence[Any] = list((await follow_up.verdicts([project.id])).get(project.id, {}).values())
    return [
        {
            "title": f"{one.year} 年{PAPERS[Kind(one.kind)]}",
            "score": str(one.score),
            "raters": str(one.raters),
            "reason": one.reason,
            "who": one.confirmed_name,
        }
        for one in verdicts
    ]


def _day(day: date | None) -> str:
    return NONE if day is None else f"{day:%Y-%m-%d}"


def _money(fen: int) -> str:
    return f"{yuan(fen):,.2f}"


def _number(value: Decimal, unit: str) -> str:
    return f"{value.normalize():f}{unit}"
