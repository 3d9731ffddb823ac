"""Two years of classification in the district: 41 weak organizations at first, 39 of them turned round."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook
from jiceng.operations.demo_data import names
from jiceng.operations.demo_data.shapes import ROSTER_DAY, YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jiceng.operations.demo_data.shapes import Organization

MOST = {"领导班子": 25, "党员队伍": 20, "组织生活": 20, "服务群众": 20, "基础保障": 15}
SATISFACTION, WEAKNESS = "群众满意度 %", "软弱涣散情形"
WEAK, TURNED, NEWLY_WEAK = 41, 39, 5
"""As in a district that turned 39 of 41 round within a year: 95.12 %."""
CAUSES = ("班子配备不齐", "书记长期缺位", "班子不团结", "组织生活停滞", "带头人不胜任", "矛盾纠纷集中")
MEASURES = {
    "班子配备不齐": "补选委员，明确分工，镇街党委跟班指导",
    "书记长期缺位": "选派第一书记，年内选好书记",
    "班子不团结": "逐人谈话，开好专题组织生活会，调整一名委员",
    "组织生活停滞": "按月开主题党日，镇街派员列席",
    "带头人不胜任": "培训三个月，不见起色的按程序调整",
    "矛盾纠纷集中": "镇街领导包案，逐件销号",
}
DAYS = (dt.date(YEAR - 1, 12, 15), dt.date(YEAR, 11, 16))
STARTED, DEADLINE = dt.date(YEAR, 1, 15), dt.date(YEAR, 10, 31)
_KINDS = ("党支部", "联合支部")
_NUMBER = Column("subject", "编号", required=True)
_DATE = Column("date", "日期", "date", required=True)
_EVIDENCE = Column("evidence", "佐证", width=14)
_YEAR = Column("year", "年度", "integer")
_PLAN = (
    Column("number", "组织编号"),
    _YEAR,
    *(Column(title, title) for title in ("类型", "原因", "目标", "措施", "帮扶人", "第一书记")),
    Column("deadline", "期限", "date"),
    Column("state", "状态"),
    Column("started", "开始日期", "date"),
    Column("ended", "销号日期", "date"),
)
_REPORT = (
    Column("number", "组织编号"),
    _YEAR,
    Column("month", "月份", "date"),
    Column("percent", "完成%", "integer"),
    Column("progress", "进展"),
)


def write_classes(folder: Path, organizations: Sequence[Organization], seed: int) -> list[Path]:
    """Write facts/classification.xlsx and classification/plans.xlsx below a tenant's folder; return them."""
    random = Random(f"classes {seed}")  # noqa: S311  invented data, no secret
    rated = [one for one in organizations if one.founded < dt.date(YEAR - 1, 1, 1) and one.parent]
    weak = random.sample([one for one in rated if one.kind in _KINDS], WEAK + NEWLY_WEAK)
    first, later = weak[:WEAK], weak[WEAK:]
    still = first[TURNED:]
    causes = {one.number: random.choice(CAUSES) for one in weak}
    facts, plans = folder / "facts" / "classification.xlsx", folder / "classification" / "plans.xlsx"
    sheets = [*_marks(rated, random), _weaknesses((first, [*still, *later]), causes)]
    for path, content in ((facts, sheets), (plans, _plans(first, still, causes, random))):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(write_workbook(content, made=ROSTER_DAY))
    return [facts, plans]


def _marks(rated: Sequence[Organization], random: Random) -> list[SheetOut]:
    rows: dict[str, list[tuple[Any, ...]]] = {title: [] for title in (*MOST, SATISFACTION)}
    for one in rated:
        strength = random.uniform(0.72, 0.97)
        for day in DAYS:
            for title, most in MOST.items():
                share = min(1.0, max(0.0, random.gauss(strength, 0.04)))
                rows[title].append((one.number, day, Decimal(round(most * share * 2)) / 2, "年度考核表"))
            satisfied = Decimal(round(10_000 * min(1.0, random.gauss(strength + 0.05, 0.03)))) / 100
            rows[SATISFACTION].append((one.number, day, satisfied, "群众测评"))
            strength = min(0.98, strength + random.gauss(0.02, 0.03))
    columns = (_NUMBER, _DATE)
    return [
        SheetOut(title, (*columns, Column("value", title, "decimal", required=True), _EVIDENCE), some)
        for title, some in rows.items()
    ]


def _weaknesses(years: Sequence[Sequence[Organization]], causes: dict[str, str]) -> SheetOut:
    rows = [
        (one.number, day, causes[one.number], False, "排查记录")
        for day, some in zip(DAYS, years, strict=True)
        for one in some
    ]
    columns = (Column("cause", "情形", required=True), Column("settled", "已整改", "flag", required=True))
    return SheetOut(WEAKNESS, (_NUMBER, _DATE, *columns, _EVIDENCE), rows)


def _plans(
    first: Sequence[Organization], still: Sequence[Organization], causes: dict[str, str], random: Random
) -> list[SheetOut]:
    plans: list[tuple[Any, ...]] = []
    reports: list[tuple[Any, ...]] = []
    for one in first:
        cause = causes[one.number]
        months = 9 if one in still else random.randint(5, 9)
        ended = None if one in still else dt.date(YEAR, 1 + months, random.randint(8, 28))
        state = "实施中" if ended is None else "已销号"
        people = (names.person(random), names.person(random))
        said = (cause, "年内转化升级，进入中间以上", MEASURES[cause], *people, DEADLINE)
        plans.append((one.number, YEAR - 1, "治弱", *said, state, STARTED, ended))
        for month in range(1, months + 1):
            done = month * (70 if ended is None else 100) // months
            what = f"{MEASURES[cause].split('，')[0]}，本月完成到 {done}%"
            reports.append((one.number, YEAR - 1, dt.date(YEAR, month, 28), done, what))
    return [SheetOut("转化提升方案", _PLAN, plans), SheetOut("月度进展", _REPORT, reports)]
