"""Reads the workbook of plans and checks every row; faults are at their cells, nothing is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.api import today
from jiceng.api.files import CellFault, Table, read_table, read_workbook
from jiceng_classification.plans.states import STATE_WORDS, State
from jiceng_classification.plans.vocabulary import CAUSES, REMEDY
from jiceng_classification.sheets.columns import PLAN, PLANS, REPORT, REPORTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from jiceng.api.hooks import Numbers

STATES = {words: state for state, words in STATE_WORDS.items()}
_TODO = "请核对后改正"
_BEFORE_ITS_START = {STATE_WORDS[State.DRAFT], STATE_WORDS[State.STOPPED]}
"""States that need no start; one that lacks it in another is told at the plan."""


class PlanBook(msgspec.Struct, frozen=True):
    """The rows of a workbook by field, and everything that is wrong with them."""

    plans: list[dict[str, Any]]
    reports: list[dict[str, Any]]
    faults: list[CellFault]


def read_plans(data: bytes, place: str, numbers: Numbers) -> PlanBook:
    """The plans and monthly reports of a workbook; raises Refusal for what is no workbook."""
    book = read_workbook(data, place)
    sheet, said = book.sheet(PLANS), book.sheet(REPORTS)
    if sheet is None:
        todo = "工作表应叫「转化提升方案」，可下载台账对照"
        return PlanBook([], [], [CellFault(PLANS, "", "", "", "没有这张工作表", todo)])
    table = read_table(sheet, PLAN)
    faults = _with_further(table, _plan_faults(table, numbers))
    planned = {(row["number"], row["year"]): row for row in reversed(_rows(table))}
    reports: list[dict[str, Any]] = []
    if said is not None:
        months = read_table(said, REPORT)
        faults += _with_further(months, _report_faults(months, planned))
        reports = [{**row, "month": row["month"].replace(day=1)} for row in _rows(months) if row["month"]]
    return PlanBook(_rows(table), reports, faults)


def causes_of(text: str | None) -> tuple[str, ...]:
    """The causes in a cell, separated by 、 or a comma."""
    return tuple(part.strip() for part in re.split("[、，,；;]", text or "") if part.strip())


def _with_further(table: Table, found: Iterator[CellFault]) -> list[CellFault]:
    """What stops the workbook: cells that cannot be read, and what is found in the others.

    A dash read as an empty cell stops nothing.
    """
    wrong = [fault for fault in table.faults if not fault.hint]
    told = {fault.address for fault in wrong}
    return [*wrong, *(fault for fault in found if fault.address not in told)]


def _rows(table: Table) -> list[dict[str, Any]]:
    return [
        {field: values[index] for field, values in table.values.items()} for index in range(len(table.lines))
    ]


def _plan_faults(table: Table, numbers: Numbers) -> Iterator[CellFault]:
    columns = {column.field: column for column in PLAN}
    seen: set[tuple[object, object]] = set()
    for index, row in enumerate(_rows(table)):
        if row["number"] and row["number"] not in numbers.organizations:
            yield table.fault(index, columns["number"], "名册里没有这个组织编号", _TODO)
        if (row["number"], row["year"]) in seen:
            yield table.fault(index, columns["number"], "同一组织同一年度出现了两次", "请只留一行")
        seen.add((row["number"], row["year"]))
        if row["started"] and row["ended"] and row["ended"] < row["started"]:
            yield table.fault(index, columns["ended"], "销号日期早于开始日期", _TODO)
        for cause in causes_of(row["causes"]):
            if cause not in CAUSES:
                yield table.fault(index, columns["causes"], f"没有“{cause}”这种情形", "、".join(CAUSES))
        if row["state"] not in (None, "拟定"):
            yield from _lacking(table, index, row)


def _lacking(table: Table, index: int, row: dict[str, Any]) -> Iterator[CellFault]:
    wanted = ["goal", "measures", "deadline", "started"]
    wanted += ["causes", "helper"] if row["programme"] == REMEDY else []
    wanted += ["ended"] if row["state"] == "已销号" else []
    for column in PLAN:
        if column.field in wanted and not row[column.field]:
            yield table.fault(index, column, f"{row['state']}的方案要有{column.title}", "请补上")


def _report_faults(table: Table, planned: Mapping[tuple[Any, Any], dict[str, Any]]) -> Iterator[CellFault]:
    columns = {column.field: column for column in REPORT}
    seen: set[tuple[object, ...]] = set()
    for index, row in enumerate(_rows(table)):
        plan = planned.get((row["number"], row["year"]))
        if plan is None:
            told = "这个组织本年度没有方案"
            yield table.fault(index, columns["number"], told, "请先在「转化提升方案」里写上")
        if row["month"] is None:
            continue
        month = row["month"].replace(day=1)
        said = (row["number"], row["year"], month)
        if said in seen:
            yield table.fault(index, columns["month"], "同一份方案这个月出现了两次", "请只留一行")
        seen.add(said)
        if month > (day := today()):
            yield table.fault(index, columns["month"], f"月份还没有到（今天是 {day}）", "填已经开始的月份")
        elif plan is not None and (beyond := _beyond(month, plan)):
            yield table.fault(index, columns["month"], *beyond)


def _beyond(month: date, plan: dict[str, Any]) -> tuple[str, str] | None:
    """What is wrong with a report of the month (its first day) when the plan did not run then; what to do."""
    started, ended = plan["started"], plan["ended"]
    if started is None:
        if plan["state"] in _BEFORE_ITS_START:
            return (
                f"{plan['state']}的方案还没有开始，不能有月度进展",
                "补上方案的状态和开始日期，或删去这一行",
            )
        return None
    if month < started.replace(day=1):
        return f"月份早于方案的开始日期（{started}）", "重新整改过的方案，开始日期填第一次开始的那一天"
    if ended is not None and month > ended:
        return f"月份晚于方案的销号日期（{ended}）", _TODO
    return None
