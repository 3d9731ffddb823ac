"""Ledgers beside the ratings of enterprises: help for the last tier, instructors where nobody is a member."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook
from jiceng.operations.demo_data import names
from jiceng.operations.demo_data.shapes import LAST_CLAIM, ROSTER_DAY, YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from random import Random

    from jiceng.operations.demo_data.shapes import Unit

PROBLEMS = {
    "组织生活不经常": "镇街派员列席，按月开主题党日",
    "劳动合同不规范": "人社部门上门，三个月内全部补签",
    "班子配备不齐": "补选委员，明确分工",
    "经营下滑": "结对一家示范点，帮助对接订单",
}
STARTED, DEADLINE = dt.date(YEAR, 1, 20), dt.date(YEAR, 10, 31)
_NUMBER = Column("number", "单位编号")
_YEAR = Column("year", "年度", "integer")
_PLAN = (
    _NUMBER,
    _YEAR,
    *(Column(title, title) for title in ("问题", "措施", "帮扶人")),
    Column("deadline", "期限", "date"),
    Column("state", "状态"),
    Column("started", "开始日期", "date"),
    Column("ended", "销号日期", "date"),
)
_MONTH = (
    _NUMBER,
    _YEAR,
    Column("month", "月份", "date"),
    Column("percent", "完成%", "integer"),
    Column("progress", "进展", width=40),
)
_SENT = (
    _NUMBER,
    Column("name", "指导员"),
    Column("employer", "所在单位和职务", width=20),
    Column("since", "开始日期", "date"),
    Column("until", "到期日期", "date"),
    Column("task", "任务", width=30),
    Column("ended", "结束日期", "date"),
)
_VISIT = (
    _NUMBER,
    Column("name", "指导员"),
    Column("day", "走访日期", "date"),
    Column("done", "做了什么", width=40),
    Column("next", "下一步", width=30),
)
_OFFICES = ("组织部干部", "工商联干部", "市场监管所干部", "税务所干部", "街道组织办干部")
_VISITED = ("走访企业主和职工，摸底党员", "帮助一名职工递交入党申请书", "讲一次政策课", "与商会联系联合组建")
Row = tuple[Any, ...]


def write_help(path: Path, weak: Sequence[str], again: Sequence[str], random: Random) -> Path:
    """Plans for last year's last tier: who is in it `again` is late, the others were accepted."""
    plans: list[Row] = []
    months: list[Row] = []
    for number in weak:
        problem, measures = random.choice(list(PROBLEMS.items()))
        last = 7 if number in again else random.randint(5, 9)
        ended = None if number in again else dt.date(YEAR, last + 1, random.randint(6, 26))
        said = (problem, measures, names.person(random), DEADLINE)
        plans.append((number, YEAR - 1, *said, "已销号" if ended else "帮扶中", STARTED, ended))
        for month in range(1, last + 1):
            done = month * (100 if ended else 60) // last
            words = f"{measures.split('，')[0]}，完成到 {done}%"
            months.append((number, YEAR - 1, dt.date(YEAR, month, 1), done, words))
    sheets = [SheetOut("后进帮扶", _PLAN, plans), SheetOut("月度进展", _MONTH, months)]
    path.write_bytes(write_workbook(sheets, made=ROSTER_DAY))
    return path


def write_instructors(path: Path, units: Sequence[Unit], random: Random) -> Path:
    """Instructors for four of five units that should have an organization and have no member."""
    needed = [unit for unit in units if unit.should_have and unit.coverage == "无党员"]
    sent: list[Row] = []
    visits: list[Row] = []
    for unit in random.sample(needed, len(needed) * 4 // 5):
        name, since = names.person(random), dt.date(YEAR, random.randint(1, 6), random.randint(1, 28))
        until = since.replace(year=YEAR + 1)
        task = "摸清党员底数，培养入党积极分子，一年内具备组建条件"
        sent.append((unit.number, name, random.choice(_OFFICES), since, until, task, None))
        day = since
        while (day := day + dt.timedelta(days=random.randint(40, 140))) <= LAST_CLAIM:
            visits.append((unit.number, name, day, random.choice(_VISITED), "下季度再走访"))
    sheets = [SheetOut("指导员", _SENT, sent), SheetOut("走访", _VISIT, visits)]
    path.write_bytes(write_workbook(sheets, made=ROSTER_DAY))
    return path
