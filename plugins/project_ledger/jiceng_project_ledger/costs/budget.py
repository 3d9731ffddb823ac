"""The budget by lines: added, changed with a reason, never edited: each change is the next version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Conflict, Invalid, NotFound, now
from jiceng.api.database import current_tenant, execute, fetch_value, joined, new_id
from jiceng.api.pages import Event, record
from jiceng_project_ledger.costs import queries
from jiceng_project_ledger.costs.rules import thresholds
from jiceng_project_ledger.library.service import locked
from jiceng_project_ledger.library.vocabulary import LONGEST_TEXT, LONGEST_TITLE, PLUGIN
from jiceng_project_ledger.money import LARGEST, yuan
from jiceng_project_ledger.states import OPEN, RUNNING, STATE_WORDS, State

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng_project_ledger.costs.schemas import Purchase
    from jiceng_project_ledger.library.schemas import Project

MOST_LINES = 50
BUYING = frozenset({State.APPROVED, *RUNNING, State.ACCEPTANCE})
"""States in which quotes, awards, contracts and payments are entered."""
_ADD = """
insert into ledger_cost_line (tenant_id, id, project, line, version, name, amount, dropped, reason, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_HIGHEST = "select coalesce(max(line), 0) from ledger_cost_line where tenant_id = $1 and project = $2"


async def add(project_id: UUID, name: str, amount: int, by: UUID | None) -> int:
    """A new line; returns its number. Raises NotFound, Conflict (the project has ended), Invalid."""
    async with joined():
        await open_project(project_id)
        refuse(_faults(name, amount), "预算明细")
        line: int = await fetch_value(_HIGHEST, current_tenant(), project_id) + 1
        if line > MOST_LINES:
            raise Invalid([f"一个项目最多 {MOST_LINES} 条明细"], "没有保存", where="预算明细")
        await _write(project_id, line, 1, name, amount, "", by)
    return line


async def change(project_id: UUID, line: int, name: str, amount: int, reason: str, by: UUID | None) -> None:
    """What the line is for and its amount from now on, with a reason; the version before stays to be read.

    Raises NotFound, Conflict, Invalid: no reason, below what was awarded or paid.
    """
    async with joined():
        await open_project(project_id)
        before = await purchase(project_id, line)
        faults = [*_faults(name, amount), *reason_faults(reason)]
        bound = max(before.award.amount if before.award else 0, before.spent)
        if amount < bound:
            faults.append(f"已经定标或支出 {yuan(bound):,.2f} 元，预算不能再少")
        refuse(faults, "预算明细")
        await _write(project_id, line, before.line.version + 1, name, amount, reason, by)


async def drop(project_id: UUID, line: int, reason: str, by: UUID | None) -> None:
    """Take a line out of the budget, with a reason; it stays in the history. Raises as `change`."""
    async with joined():
        await open_project(project_id)
        before = await purchase(project_id, line)
        faults = reason_faults(reason)
        if before.award is not None or before.spent:
            faults.append("这条明细已经定标或支出，不能取消")
        refuse(faults, "预算明细")
        version = before.line.version + 1
        await _write(project_id, line, version, before.line.name, 0, reason, by, dropped=True)


async def open_project(project_id: UUID) -> Project:
    """The project, locked, while its costs may still change; raises NotFound, Conflict."""
    project = await locked(project_id)
    if project.state not in OPEN:
        raise Conflict(
            f"项目{STATE_WORDS[project.state]}，费用不能再改",
            todo_zh="已经办结的项目只能查看",
            what_en="the project has ended, its costs do not change any more",
        )
    return project


async def buying_project(project_id: UUID) -> Project:
    """The project, locked, once it is approved and until it is closed; raises NotFound, Conflict."""
    project = await open_project(project_id)
    if project.state not in BUYING:
        raise Conflict(
            f"项目{STATE_WORDS[project.state]}，还不能采购和支出",
            todo_zh="立项以后再登记询价、定标、合同和支出",
            what_en="nothing is bought before the project is approved",
        )
    await thresholds()  # nothing is bought while nobody knows by which rules
    return project


async def purchase(project_id: UUID, line: int) -> Purchase:
    """What holds of one line; raises NotFound for none and for one that was dropped."""
    found = (await queries.costs(project_id)).of(line)
    if found is None:
        raise NotFound("没有这条预算明细")
    return found


def reason_faults(reason: str) -> list[str]:
    """What is wrong with a reason that must be given."""
    if not reason.strip():
        return ["请写明理由"]
    return [f"理由最多 {LONGEST_TEXT} 字"] if len(reason) > LONGEST_TEXT else []


def refuse(faults: list[str], where: str) -> None:
    """Raise Invalid with every fault, if there is one."""
    if faults:
        raise Invalid(faults, "没有保存", where=where)


def told(project_id: UUID, kind: str, line: int) -> None:
    """Write into the audit log that a project's costs changed; inside the open transaction."""
    record(Event.WORK_MOVED, ("ledger_project", project_id), plugin=PLUGIN, kind=kind, number=line)


def _faults(name: str, amount: int) -> list[str]:
    faults = []
    if not name.strip() or len(name.strip()) > LONGEST_TITLE:
        faults.append(f"用途不能为空，最多 {LONGEST_TITLE} 字")
    if not 0 < amount <= LARGEST:
        faults.append("预算金额不能是负数" if amount < 0 else "预算金额应大于 0")
    return faults


async def _write(
    project: UUID,
    line: int,
    version: int,
    name: str,
    amount: int,
    reason: str,
    by: UUID | None,
    *,
    dropped: bool = False,
) -> None:
    said = (name.strip(), amount, dropped, reason.strip(), by, now())
    await execute(_ADD, current_tenant(), new_id(), project, line, version, *said)
    told(project, "cost_line", line)
