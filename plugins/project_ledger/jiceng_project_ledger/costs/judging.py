"""Whether a purchase keeps its rule: what an award must fulfil, what is still missing. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng_project_ledger.costs.rules import ROUTE_WORDS, Route, Thresholds
from jiceng_project_ledger.money import yuan

if TYPE_CHECKING:
    from datetime import date

    from jiceng_project_ledger.costs.schemas import Costs, Purchase, Quote


def counted(purchase: Purchase, day: date) -> tuple[Quote, ...]:
    """Quotes that an award on the day may look at: in time and still valid; the cheapest first."""
    valid = [one for one in purchase.on_time() if one.valid_until >= day]
    return tuple(sorted(valid, key=lambda one: (one.amount, one.received, one.supplier)))


def suppliers(quotes: tuple[Quote, ...]) -> int:
    """How many suppliers made them; the same name counts once."""
    return len({"".join(one.supplier.split()) for one in quotes})


def award_faults(purchase: Purchase, quote: Quote, day: date, reason: str, rules: Thresholds) -> list[str]:
    """Everything that speaks against awarding a quote on a day; empty when it may be awarded."""
    faults = []
    inquiry, route = purchase.inquiry, purchase.route
    if route is Route.TENDER and (inquiry is None or inquiry.route != Route.TENDER):
        faults.append(f"预算超过 {rules.high} 元，应当招标，还没有登记招标公告")
    elif route is Route.QUOTES and inquiry is None:
        faults.append(f"预算达到 {rules.low} 元，应当比价，还没有登记询价")
    if inquiry is not None and day <= inquiry.closes:
        faults.append(f"报价截止日是 {inquiry.closes}，截止以后才能定标")
    if quote not in purchase.on_time():
        faults.append(f"{quote.supplier}的报价在截止以后才收到，不能中标")
    if quote.valid_until < day:
        faults.append(f"{quote.supplier}的报价只到 {quote.valid_until} 有效，已经过期")
    valid = counted(purchase, day)
    needed = max(rules.needed(route), rules.needed(Route(inquiry.route)) if inquiry else 1)
    if suppliers(valid) < needed:
        faults.append(f"有效报价只有 {suppliers(valid)} 家，{ROUTE_WORDS[route]}至少要 {needed} 家")
    if quote.amount > purchase.line.amount:
        faults.append(
            f"报价 {yuan(quote.amount):,.2f} 元超过预算 {yuan(purchase.line.amount):,.2f} 元，请先变更预算"
        )
    if not reason.strip() and valid and quote.amount > valid[0].amount:
        faults.append(f"不是最低价（最低 {yuan(valid[0].amount):,.2f} 元），请写明理由")
    if not reason.strip() and purchase.award is not None:
        faults.append("已经定过标，改定要写明理由")
    return faults


def without_award(costs: Costs) -> list[Purchase]:
    """Purchases whose rule is unmet: nobody was chosen for them, or for what they have become since."""
    return [one for one in costs.purchases if one.line.amount and not rule_met(one)]


def rule_met(purchase: Purchase) -> bool:
    """Whether an award stands that fits the way the line is to be bought now."""
    if purchase.award is None:
        return False
    inquiry = purchase.awarded_in()
    asked = Route(inquiry.route) if inquiry else Route.DIRECT
    order = list(Route)
    return order.index(asked) >= order.index(purchase.route)


def without_contract(costs: Costs) -> list[Purchase]:
    """Purchases that were compared or tendered and have no contract of the award that stands."""
    return [
        one
        for one in costs.purchases
        if one.award is not None
        and one.awarded_in() is not None
        and (one.contract is None or one.contract.award != one.award.id)
    ]


def unpaid(costs: Costs) -> list[Purchase]:
    """Purchases that were awarded and of which nothing is paid yet."""
    return [one for one in costs.purchases if one.award is not None and not one.standing()]
