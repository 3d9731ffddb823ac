"""Plans to begin with: dates as parts of a project's time, so that one template fits any dates.

Some are delivered; a tenant keeps its own. A template is plain data; applied, it is only a proposal.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Conflict, Invalid, NotFound, now
from jiceng.api.database import current_tenant, execute, fetch, joined, new_id
from jiceng.api.pages import Event, record
from jiceng_project_ledger.library.vocabulary import LONGEST_NAME, PLUGIN
from jiceng_project_ledger.planning.schemas import Phase, Plan, Step

if TYPE_CHECKING:
    from uuid import UUID

PARTS = 1000
"""A project's time is told in thousandths."""
_READ = "select name, plan::text as plan from ledger_plan_template where tenant_id = $1 order by name"
_ADD = """
insert into ledger_plan_template (tenant_id, id, name, plan, made_by, at) values ($1, $2, $3, $4, $5, $6)
on conflict (tenant_id, name) do nothing
"""


class PhasePart(msgspec.Struct, frozen=True):
    """A phase: its name and the parts of the project's time it begins and ends with (0 to 1000)."""

    name: str
    begins: int
    ends: int


class StepPart(msgspec.Struct, frozen=True):
    """A step of a phase (from 1), with its parts of the project's time."""

    phase: int
    name: str
    begins: int
    ends: int
    weight: int
    deliverable: str = ""


class Template(msgspec.Struct, frozen=True):
    """A plan without dates."""

    phases: tuple[PhasePart, ...]
    steps: tuple[StepPart, ...]


DELIVERED: dict[str, Template] = {
    "一般项目（三阶段）": Template(
        (PhasePart("准备启动", 0, 250), PhasePart("组织实施", 250, 850), PhasePart("总结提升", 850, 1000)),
        (
            StepPart(1, "摸底调研，听取党员群众意见", 0, 120, 10, "调研报告"),
            StepPart(1, "制定方案，明确分工", 120, 250, 15, "实施方案"),
            StepPart(2, "动员部署", 250, 350, 10, "会议记录"),
            StepPart(2, "按方案推进", 350, 750, 40, "阶段成果"),
            StepPart(2, "中期检查，补短板", 750, 850, 10, "检查清单"),
            StepPart(3, "总结评估，形成长效机制", 850, 1000, 15, "总结报告、制度"),
        ),
    ),
    "阵地建设项目（四阶段）": Template(
        (
            PhasePart("选址设计", 0, 200),
            PhasePart("采购比价", 200, 400),
            PhasePart("施工布置", 400, 850),
            PhasePart("验收启用", 850, 1000),
        ),
        (
            StepPart(1, "确定场地，征求意见", 0, 100, 10, "场地协议"),
            StepPart(1, "完成设计和预算", 100, 200, 10, "设计图、预算表"),
            StepPart(2, "三家比价或者招标", 200, 330, 15, "报价单、评定记录"),
            StepPart(2, "签订合同", 330, 400, 5, "合同"),
            StepPart(3, "施工和安装", 400, 750, 35, "施工记录"),
            StepPart(3, "制度上墙、设备到位", 750, 850, 10, "清单、照片"),
            StepPart(4, "组织验收和结算", 850, 930, 10, "验收单、结算单"),
            StepPart(4, "启用开放，收集反馈", 930, 1000, 5, "使用情况"),
        ),
    ),
    "服务品牌项目（按季度）": Template(
        (
            PhasePart("一季度 定品牌", 0, 250),
            PhasePart("二季度 建队伍", 250, 500),
            PhasePart("三季度 做服务", 500, 750),
            PhasePart("四季度 评成效", 750, 1000),
        ),
        (
            StepPart(1, "梳理需求，确定品牌和标准", 0, 250, 20, "需求清单、服务标准"),
            StepPart(2, "组建服务队，开展培训", 250, 500, 20, "队伍名册"),
            StepPart(3, "集中开展服务", 500, 750, 40, "服务台账"),
            StepPart(4, "满意度测评，总结推广", 750, 1000, 20, "测评结果、案例"),
        ),
    ),
}


def applied(template: Template, starts: date, deadline: date) -> Plan:
    """A plan by a template between two days, both included.

    What begins in the middle of the time begins the day after what ends there.
    """
    days = (deadline - starts).days + 1

    def span(begins: int, ends: int) -> tuple[date, date]:
        first = min(days * begins // PARTS, days - 1)
        last = max(first, days * ends // PARTS - 1)
        return starts + timedelta(days=first), starts + timedelta(days=last)

    return Plan(
        tuple(Phase(one.name, *span(one.begins, one.ends)) for one in template.phases),
        tuple(
            Step(one.phase, one.name, *span(one.begins, one.ends), one.weight, one.deliverable)
            for one in template.steps
        ),
    )


def taken_from(plan: Plan, starts: date, deadline: date) -> Template:
    """A plan of a project between these days, as a template."""
    days = (deadline - starts).days + 1

    def part(first: date, last: date) -> tuple[int, int]:
        return _rounded_up((first - starts).days, days), _rounded_up((last - starts).days + 1, days)

    return Template(
        tuple(PhasePart(one.name, *part(one.starts, one.ends)) for one in plan.phases),
        tuple(
            StepPart(one.phase, one.name, *part(one.starts, one.ends), one.weight, one.deliverable)
            for one in plan.steps
        ),
    )


def _rounded_up(day: int, days: int) -> int:
    """So that applied to as many days (up to a thousand) a template gives the same days again."""
    return min(PARTS, max(0, -(-day * PARTS // days)))


async def templates() -> dict[str, Template]:
    """The delivered templates and the tenant's own, by name."""
    rows = await fetch(_READ, current_tenant())
    return DELIVERED | {row["name"]: msgspec.json.decode(row["plan"], type=Template) for row in rows}


async def template(name: str) -> Template:
    """The template with this name. Raises NotFound."""
    found = (await templates()).get(name)
    if found is None:
        raise NotFound("没有这个模板", where=name[:40])
    return found


async def keep(name: str, kept: Template, by: UUID | None) -> None:
    """Keep a template of the tenant's own. Raises Invalid for its name, Conflict when the name is taken."""
    said = name.strip()
    if not said or len(said) > LONGEST_NAME:
        raise Invalid([f"请写模板名称，最多 {LONGEST_NAME} 字"], "没有保存", where="模板")
    if not kept.steps:
        raise Invalid(["项目还没有计划"], "没有保存", where="模板")
    async with joined():
        values = (new_id(), said, msgspec.json.encode(kept).decode(), by, now())
        added = said not in DELIVERED and await execute(_ADD, current_tenant(), *values)
        if not added:
            raise Conflict("已有这个名称的模板", where=said, todo_zh="请换一个名称")
        record(Event.WORK_MOVED, ("ledger_plan_template", values[0]), plugin=PLUGIN, state="kept")
