"""Checks of the rows of each sheet: what refers to nothing, what is missing, what contradicts itself."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.api import today
from jiceng_project_ledger.sheets import columns
from jiceng_project_ledger.sheets.rows import Row, group_of, order_faults, way_of
from jiceng_project_ledger.states import STATE_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from jiceng.api.files import CellFault, Column, Table
    from jiceng.api.hooks import Numbers

STATES = {words: state for state, words in STATE_WORDS.items()}
SMALLEST_GROUP = 3
_WHOLE = 100
_TODO = "请核对后改正"


class Checked(msgspec.Struct, frozen=True):
    """A sheet whose cells can be read: its table and rows, the projects by number, who is on the roster.

    `rated`: what 评分 has scores for, as `columns.rating_of`.
    """

    name: str
    table: Table
    rows: list[Row]
    known: Mapping[str, Row]
    numbers: Numbers
    rated: Collection[tuple[Any, ...]] = ()

    def column(self, field: str) -> Column:
        """The column of a field."""
        return next(column for column in columns.SHEETS[self.name] if column.field == field)


def check(sheet: Checked) -> Iterable[CellFault]:
    """Everything that is wrong with the rows of a sheet."""
    own = _CHECKS.get(sheet.name)
    found = own(sheet) if own else ()
    strangers = _strangers(sheet) if sheet.name != columns.PROJECTS else ()
    return chain(found, strangers, _third_places(sheet), _twice(sheet))


def _third_places(sheet: Checked) -> Iterator[CellFault]:
    """Figures are kept with two places: a third one would be lost."""
    for column in columns.SHEETS[sheet.name]:
        if column.kind == "decimal":
            for index, row in enumerate(sheet.rows):
                if (figure := row[column.field]) is not None and figure != round(figure, 2):
                    yield sheet.table.fault(index, column, "最多两位小数", _TODO)


def _twice(sheet: Checked) -> Iterator[CellFault]:
    """What a project has once: a rating of each rater, a verdict, a dispatch of a quarter."""
    fields = columns.ONCE.get(sheet.name, ())
    seen: set[tuple[Any, ...]] = set()
    for index, row in enumerate(sheet.rows):
        key = tuple(row[field] for field in fields)
        if fields and key in seen:
            yield sheet.table.fault(index, sheet.column(fields[-1]), "同样的一行出现了两次", "请只留一行")
        seen.add(key)


def _strangers(sheet: Checked) -> Iterator[CellFault]:
    number = sheet.column("number")
    for index, row in enumerate(sheet.rows):
        if row["number"] not in sheet.known:
            yield sheet.table.fault(index, number, "「项目」里没有这个编号", "请先在「项目」里写上")


def _projects(sheet: Checked) -> Iterator[CellFault]:
    twice = {number for number, times in Counter(row["number"] for row in sheet.rows).items() if times > 1}
    for index, row in enumerate(sheet.rows):
        if row["number"] in twice:
            yield sheet.table.fault(index, sheet.column("number"), "编号出现了两次", "请只留一行")
        if row["organization"] not in sheet.numbers.organizations:
            column = sheet.column("organization")
            yield sheet.table.fault(index, column, "名册里没有这个组织编号", _TODO)
        if row["responsible"] and row["responsible"] not in sheet.numbers.members:
            column = sheet.column("responsible")
            yield sheet.table.fault(index, column, "名册里没有这个党员编号", _TODO)
        for field in _lacking(row):
            column = sheet.column(field)
            yield sheet.table.fault(index, column, f"{row['state']}的项目要有{column.title}", "请补上")
        for field, what in order_faults(row):
            yield sheet.table.fault(index, sheet.column(field), what, _TODO)


def _lacking(row: Row) -> list[str]:
    wanted = [field for _, field in way_of(STATES[row["state"]]) if field]
    decided = ["decided_by", "reason"] if "approved" in wanted or row["state"] in _DECIDED else []
    return [field for field in dict.fromkeys([*wanted, *decided]) if row[field] in (None, "")]


_NEEDS: dict[str, tuple[str, ...]] = {
    "chosen": ("awarded", "decided_by"),
    "contract": ("chosen", "signed"),
    "paid": ("chosen", "paid_on", "voucher"),
}
"""Columns of costs that do not stand without others."""
_DECIDED = {"暂缓立项", "不予立项", "已终止"}


def _steps(sheet: Checked) -> Iterator[CellFault]:
    weights = Counter[str]()
    for row in sheet.rows:
        weights[row["number"]] += row["weight"]
    told: set[str] = set()
    for index, row in enumerate(sheet.rows):
        if row["ends"] < row["starts"]:
            yield sheet.table.fault(index, sheet.column("ends"), "结束早于开始", _TODO)
        if weights[row["number"]] != _WHOLE and row["number"] not in told:
            told.add(row["number"])
            what = f"这个项目各步骤权重合计 {weights[row['number']]}%，应为 100%"
            yield sheet.table.fault(index, sheet.column("weight"), what, _TODO)


def _reports(sheet: Checked) -> Iterator[CellFault]:
    seen: set[tuple[Any, Any]] = set()
    for index, row in enumerate(sheet.rows):
        column = sheet.column("month")
        month, project = row["month"].replace(day=1), sheet.known.get(row["number"])
        if (row["number"], month) in seen:
            yield sheet.table.fault(index, column, "同一项目同一月份出现了两次", "请只留一行")
        seen.add((row["number"], month))
        if project and (project["began"] is None or month < project["began"].replace(day=1)):
            yield sheet.table.fault(index, column, "这个月项目还没有实施", _TODO)
        if row["handed_in_on"] < month:
            yield sheet.table.fault(index, sheet.column("handed_in_on"), "报送日期早于月份", _TODO)


def _costs(sheet: Checked) -> Iterator[CellFault]:
    for index, row in enumerate(sheet.rows):
        chosen = row["chosen"]
        if chosen and not (row[f"supplier_{chosen}"] and row[f"quote_{chosen}"]):
            yield sheet.table.fault(index, sheet.column("chosen"), "中选的一家没有报价", "请补上")
        for field, others in _NEEDS.items():
            for other in others:
                if row[field] and not row[other]:
                    column = sheet.column(other)
                    title = sheet.column(field).title
                    yield sheet.table.fault(index, column, f"填了{title}就要有{column.title}", "请补上")
        if row["opened"] and row["awarded"] and row["awarded"] < row["opened"]:
            yield sheet.table.fault(index, sheet.column("awarded"), "定标早于询价日期", _TODO)


def _findings(sheet: Checked) -> Iterator[CellFault]:
    for index, row in enumerate(sheet.rows):
        if row["supervisor"] not in sheet.numbers.members:
            column = sheet.column("supervisor")
            yield sheet.table.fault(index, column, "名册里没有这个党员编号", _TODO)
        if row["deadline"] < row["found"]:
            yield sheet.table.fault(index, sheet.column("deadline"), "期限早于发现日期", _TODO)
        if row["state"] != "待整改" and row["answered"] is None:
            column = sheet.column("answered")
            yield sheet.table.fault(index, column, f"{row['state']}的要有报整改日期", "请补上")


def _acceptances(sheet: Checked) -> Iterator[CellFault]:
    for index, row in enumerate(sheet.rows):
        group = group_of(row["group"])
        column = sheet.column("group")
        if len(set(group)) < SMALLEST_GROUP:
            yield sheet.table.fault(index, column, f"验收组至少 {SMALLEST_GROUP} 人", _TODO)
        for number in group:
            if number not in sheet.numbers.members:
                yield sheet.table.fault(index, column, f"名册里没有党员编号 {number}", _TODO)


def _dispatches(sheet: Checked) -> Iterator[CellFault]:
    for index, row in enumerate(sheet.rows):
        if bool(row["instruction"]) != (row["answer_due"] is not None):
            column = sheet.column("answer_due")
            yield sheet.table.fault(index, column, "调度要求和答复期限要一起填", _TODO)
        if row["answered_on"] and row["answer_due"] is None:
            column = sheet.column("answered_on")
            yield sheet.table.fault(index, column, "没有调度要求就没有答复", _TODO)


def _ratings(sheet: Checked) -> Iterator[CellFault]:
    for index, row in enumerate(sheet.rows):
        if row["year"] > (this := today().year):
            column = sheet.column("year")
            yield sheet.table.fault(index, column, f"年度晚于今年（{this}）", "填已经评过的年度")


def _verdicts(sheet: Checked) -> Iterator[CellFault]:
    """What is confirmed is the mean of scores: without any there is nothing to confirm."""
    for index, row in enumerate(sheet.rows):
        if columns.rating_of(row) not in sheet.rated:
            what = f"「{columns.RATINGS}」里没有这个项目这次评议的评分"
            yield sheet.table.fault(index, sheet.column("kind"), what, "请先在「评分」里写上")


_CHECKS: dict[str, Callable[..., Any]] = {
    columns.PROJECTS: _projects,
    columns.STEPS: _steps,
    columns.REPORTS: _reports,
    columns.COSTS: _costs,
    columns.FINDINGS: _findings,
    columns.ACCEPTANCES: _acceptances,
    columns.DISPATCHES: _dispatches,
    columns.RATINGS: _ratings,
    columns.VERDICTS: _verdicts,
}
