"""What pages call the facts that the ledger hands in, and how their values read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiceng_project_ledger.assessment.measured import Measured

FACT_WORDS: dict[str, str] = {
    "standing": "期末状态",
    "phase": "应完成的阶段",
    "black": "季度黑榜",
    "met": "季度达标",
    "year_met": "全年达标",
    "finding": "监督发现的问题",
    "deviation": "费用偏差 %",
    "breach": "违反询价、招标规定",
    "reports_due": "应报月数",
    "reports_made": "按时报送月数",
    "acceptance": "验收",
}


def shown(fact: Measured) -> str:
    """The value of a fact as it reads; of one that comes as rows, what it is about."""
    values = fact.values
    if fact.kind == "phase":
        return str(values["name"])
    if fact.kind == "finding":
        return str(values["matter"])
    value = values["value"]
    return "是" if value is True else str(value)
