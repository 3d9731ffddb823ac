"""What of a project's costs must be in order before it is started, handed in, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Refusal
from jiceng_project_ledger.costs import queries
from jiceng_project_ledger.costs.judging import unpaid, without_award, without_contract
from jiceng_project_ledger.costs.rules import ROUTE_WORDS, thresholds
from jiceng_project_ledger.missing import Missing
from jiceng_project_ledger.money import yuan

if TYPE_CHECKING:
    from jiceng_project_ledger.costs.schemas import Purchase
    from jiceng_project_ledger.library.schemas import Project


async def budget_by_lines(project: Project) -> Missing | None:
    """The budget is spelled out: its lines sum to what was approved."""
    planned = (await queries.costs(project.id)).planned
    if planned == project.budget:
        return None
    return Missing(
        f"预算明细合计 {yuan(planned):,.2f} 元，批准的预算是 {yuan(project.budget):,.2f} 元",
        "请在“费用”页面补齐预算明细",
        "the budget's lines do not sum to the budget",
    )


async def awards_made(project: Project) -> Missing | None:
    """Every line was bought the way its amount demands, with a contract where one is needed."""
    try:
        await thresholds()
    except Refusal as told:
        return Missing(told.what_zh, told.todo_zh, told.what_en)
    costs = await queries.costs(project.id)
    lacking = [f"{_called(one)}还没有{ROUTE_WORDS[one.route]}定标" for one in without_award(costs)]
    lacking += [f"{_called(one)}还没有合同" for one in without_contract(costs)]
    if not lacking:
        return None
    return Missing(
        "，".join(lacking),
        "请在“费用”页面办完询价、定标和合同",
        "lines of the budget are not awarded as their amount demands",
    )


async def paid(project: Project) -> Missing | None:
    """What it really cost is known of every line."""
    lacking = unpaid(await queries.costs(project.id))
    if not lacking:
        return None
    return Missing(
        "，".join(f"{_called(one)}还没有登记实际支出" for one in lacking),
        "请在“费用”页面登记实际支出",
        "the actual cost of some lines is not known",
    )


def _called(purchase: Purchase) -> str:
    return f"第 {purchase.line.line} 条明细“{purchase.line.name}”"
