"""What happened in the invented projects: steps, reports, purchases, findings, ratings, dispatch."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jiceng.operations.demo_data import names
from jiceng.operations.demo_data.projects import BEGUN, TODAY
from jiceng.operations.demo_data.shapes import YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from jiceng.operations.demo_data.projects import Project

Rows = list[tuple[Any, ...]]
PHASES = (
    ("调研论证", (("摸底走访", 10, "情况清单"), ("制定方案", 10, "实施方案"))),
    (
        "组织实施",
        (("启动和试点", 15, "试点小结"), ("全面铺开", 15, "工作台账"), ("中期对照检查", 15, "对照表")),
    ),
    ("巩固提升", (("补短板", 15, "整改清单"),)),
    ("总结验收", (("总结评估", 20, "总结报告"),)),
)
LATE = {"green": 0, "yellow": 1, "red": 2}
"""How many of the steps that should be done are not."""
PURCHASES = ("阵地改造", "展板和标识", "培训服务")
MATTERS = ("台账记录不完整", "步骤成果没有归档", "宣传栏内容没有更新", "询价资料缺一家", "活动签到不规范")
WORK = ("走访群众", "召开推进会", "完成点位施工", "组织集中培训", "对照标杆查找差距", "整改发现的问题")
TROUBLE = ("", "", "", "场地协调慢", "人手不足", "部分群众参与不积极")
WHOLE = 100
LONG = dt.timedelta(days=24)
"""A step left undone for longer would make a yellow project red."""
_REPORT_DAY = 5


def steps(project: Project) -> Rows:
    """The plan, dates spread over the project's time; done as its pace and state say."""
    planned = [(phase, *step) for phase, some in PHASES for step in some]
    whole = (project.deadline - project.starts).days
    rows: Rows = []
    weights = 0
    for phase, name, weight, deliverable in planned:
        first = project.starts + dt.timedelta(days=whole * weights // WHOLE)
        weights += weight
        last = project.starts + dt.timedelta(days=whole * weights // WHOLE - (weights < WHOLE))
        rows.append((project.number, phase, name, first, last, weight, deliverable, None, ""))
    if project.began is None:
        return rows
    until = project.ended or TODAY
    due = [place for place, row in enumerate(rows) if row[4] <= until]
    late = 0 if project.pace == "yellow" and rows[due[-1]][4] < TODAY - LONG else LATE[project.pace]
    if project.state in {"已销号", "待验收"}:
        due = list(range(len(rows)))
    done = due[: len(due) - late] if project.state != "已终止" else due[:-2]
    return [
        (*row[:7], _done(row[4], project, until), f"{row[6]}已归档") if place in done else row
        for place, row in enumerate(rows)
    ]


def _done(planned: dt.date, project: Project, until: dt.date) -> dt.date:
    """Most steps a few days early, one in seven some days late."""
    turn = (planned.toordinal() + int(project.number[-3:])) % 7
    day = planned + dt.timedelta(days=9 if turn == 0 else -turn)
    last = project.asked if project.state in {"已销号", "待验收"} and project.asked else until
    return min(day, last)


def reports(project: Project, random: Random) -> Rows:
    """A report for every month from the first on; some late, some missing as the pace says."""
    if project.began is None:
        return []
    last = (project.ended or project.asked if project.state != "延期实施" else None) or TODAY
    months = _months(project.began, last)
    missing = set(months[-1:]) if project.pace == "yellow" and random.random() < 0.5 else set()  # noqa: PLR2004
    missing |= set(months[-2:]) if project.pace == "red" else set()
    rows: Rows = []
    for place, month in enumerate(months, start=1):
        if month in missing:
            continue
        after = _next(month)
        day = after.replace(day=random.randint(1, _REPORT_DAY - 1))
        if random.random() < 0.06:  # noqa: PLR2004 - a few are late
            day = after.replace(day=random.randint(9, 15))
        percent = min(100, 100 * place // (len(months) + 2))
        figure = _figure(project, place, len(months), random)
        said = (f"{random.choice(WORK)}，{random.choice(WORK)}", random.choice(TROUBLE), random.choice(WORK))
        state = "已报送" if month == months[-1] else "已接收"
        rows.append((project.number, month, percent, *said, figure, min(day, TODAY), state))
    return rows


def _figure(project: Project, place: int, months: int, random: Random) -> Decimal:
    way = project.theme.aim - project.theme.start
    share = min(1.0, place / (months + 1) * random.uniform(0.85, 1.1))
    return Decimal(round((project.theme.start + way * share) * 10)) / 10


def purchases(project: Project, random: Random) -> Rows:
    """Two or three lines of a budget; what is begun has three quotes, an award, a contract, a payment."""
    if not project.budget:
        return []
    count = 2 if project.budget < 50_000 else 3  # noqa: PLR2004 - small budgets have two lines
    rows: Rows = []
    for place in range(count):
        amount = project.budget // count
        quotes = sorted(round(amount * random.uniform(0.82, 0.99)) for _ in range(3))
        firms: list[Any] = []
        for quote in quotes:
            firms += [names.firm(random, random.randint(1, 300)), Decimal(quote)]
        bought = project.state in BEGUN and place < count - (project.state not in {"已销号", "待验收"})
        row: list[Any] = [project.number, PURCHASES[place], Decimal(amount), *firms]
        if not bought or project.began is None:
            rows.append((*row, *[None] * 11))
            continue
        opened = project.began + dt.timedelta(days=20 + 30 * place)
        awarded = opened + dt.timedelta(days=12)
        paid = Decimal(quotes[0]) if place == 0 else Decimal(quotes[0] // 2)
        contract = f"{project.number}-HT{place + 1}"
        rows.append(
            (
                *row,
                *("一", opened, awarded, project.decided_by, None, contract, awarded + dt.timedelta(days=5)),
                *(paid, awarded + dt.timedelta(days=60), f"付{project.number[-3:]}{place + 1}", None),
            )
        )
    return rows


def findings(project: Project, supervisors: Sequence[str], random: Random) -> Rows:
    """One project in four has been found fault with; the red ones have not set it right."""
    if project.began is None or not (project.pace == "red" or random.random() < 0.2):  # noqa: PLR2004
        return []
    rows: Rows = []
    supervisor = random.choice(supervisors)
    for _ in range(random.randint(1, 3)):
        found = max(project.began, dt.date(YEAR, 8, 3)) + dt.timedelta(days=random.randint(0, 60))
        found = min(found, project.ended or found)
        deadline = found + dt.timedelta(days=20)
        sort = random.choice(("进度", "质量", "资料档案"))
        state = "待整改" if project.pace == "red" and project.state == "实施中" else "已销号"
        answered = None if state == "待整改" else found + dt.timedelta(days=random.randint(6, 19))
        rows.append(
            (project.number, supervisor, sort, found, random.choice(MATTERS), deadline, state, answered)
        )
    return rows


def acceptance(project: Project, supervisors: Sequence[str], random: Random) -> Rows:
    """How a closed project was accepted: by three people, with how satisfied those concerned are."""
    if project.state != "已销号" or project.asked is None or project.ended is None:
        return []
    held = min(project.asked + dt.timedelta(days=7), project.ended)
    group = "、".join(random.sample(list(supervisors), 3))
    satisfied = Decimal(random.randint(760, 985)) / 10
    opinion = "成果齐全，达到申报的成效标准"
    return [(project.number, held, "通过", opinion, group, project.decided_by, satisfied)]


def ratings(project: Project, raters: Sequence[str], random: Random) -> tuple[Rows, Rows]:
    """Scores of three raters at half-year and, of closed ones, at the year's end; what was confirmed."""
    if project.began is None:
        return [], []
    given: Rows = []
    confirmed: Rows = []
    level = {"green": 88, "yellow": 78, "red": 66}[project.pace]
    kinds = [("半年初评", project.began < dt.date(YEAR, 6, 1)), ("年终总评", project.state == "已销号")]
    for kind, rated in kinds:
        if not rated:
            continue
        for rater in raters:
            score = Decimal(2 * level + random.randint(-8, 10)) / 2
            given.append((project.number, YEAR, kind, rater, score, ""))
        if kind == "年终总评" or random.random() < 0.85:  # noqa: PLR2004 - a few wait to be confirmed
            day = dt.date(YEAR, 7, 18) if kind == "半年初评" else dt.date(YEAR, 11, 16)
            confirmed.append((project.number, YEAR, kind, "同意评分结果", project.decided_by, day))
    return given, confirmed


def dispatches(project: Project, random: Random) -> Rows:
    """Late projects were listed in the third quarter and answered; the red ones are listed again."""
    if project.state != "实施中" or project.pace == "green":
        return []
    rows: Rows = []
    colour, why = (
        ("红灯", "两个步骤没有按期完成") if project.pace == "red" else ("黄灯", "一个步骤没有按期完成")
    )
    third, fourth = dt.date(YEAR, 7, 1), dt.date(YEAR, 10, 1)
    if project.pace == "red" or random.random() < 0.6:  # noqa: PLR2004 - most of them
        told = ("倒排工期，月底前补上", dt.date(YEAR, 10, 16), project.decided_by)
        answer = ("已倒排工期，落实专人", dt.date(YEAR, 10, 14))
        rows.append((project.number, third, colour, why, dt.date(YEAR, 10, 9), *told, *answer))
    if project.pace == "red":
        told = ("约谈责任单位，书面说明原因", dt.date(YEAR, 11, 27), project.decided_by)
        rows.append((project.number, fourth, colour, why, dt.date(YEAR, 11, 12), *told, None, None))
    return rows


def _months(first: dt.date, last: dt.date) -> list[dt.date]:
    """The months from `first` on that were over before `last`'s month."""
    found, month = [], first.replace(day=1)
    while month < last.replace(day=1):
        found.append(month)
        month = _next(month)
    return found


def _next(month: dt.date) -> dt.date:
    return dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)
