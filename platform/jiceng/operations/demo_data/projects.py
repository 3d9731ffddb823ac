"""A year of projects: who leads which, how far each has come; most in time, some late, some never begun."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from jiceng.operations.demo_data import names
from jiceng.operations.demo_data.shapes import LAST_CLAIM, YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from jiceng.operations.demo_data.shapes import Organization, Roster

TODAY = LAST_CLAIM
"""The day up to which the invented year has come."""
STATES = {
    "实施中": 38,
    "延期实施": 5,
    "待验收": 5,
    "已销号": 8,
    "已终止": 2,
    "已立项": 2,
    "论证中": 2,
    "已申报": 2,
    "暂缓立项": 2,
    "不予立项": 2,
    "草拟": 1,
}
"""How many projects of the district stand where."""
TOWN_STATES = {"实施中": 4, "已销号": 1, "已申报": 1}
BEGUN = frozenset({"实施中", "延期实施", "待验收", "已销号", "已终止"})
REVIEWED = frozenset({*BEGUN, "已立项", "暂缓立项", "不予立项"})
PACES = ("green",) * 6 + ("yellow",) * 3 + ("red",) * 2
"""How projects under way keep their plan."""
_TAKES = dt.timedelta(days=330)


class Theme(msgspec.Struct, frozen=True):
    """What a project is about: title, goal, what success is, model, its measure from where to where."""

    title: str
    goal: str
    success: str
    model: str
    measure: str
    unit: str
    start: int
    aim: int


THEMES = tuple(
    Theme(*row)
    for row in (
        ("红色物业进小区", "物业矛盾不出小区", "矛盾化解率 95% 以上", "滨湖区", "矛盾化解率", "%", 72, 96),
        (
            "党群服务站提升",
            "十五分钟找得到组织",
            "站点覆盖率 90% 以上",
            "江北新区",
            "站点覆盖率",
            "%",
            55,
            92,
        ),
        ("新业态党建联盟", "骑手司机有组织、有阵地", "建成驿站 12 个", "云山区", "暖心驿站", "个", 2, 12),
        (
            "村级党组织标准化",
            "阵地、制度、活动一个样",
            "达标村 90% 以上",
            "石泉县",
            "达标村占比",
            "%",
            60,
            95,
        ),
        ("书记抓项目领办", "每个支部办成一件实事", "办结实事 40 件", "南川区", "办结实事", "件", 0, 40),
        ("先锋志愿服务", "群众点单、支部接单", "服务满意度 95%", "东港区", "服务满意度", "%", 80, 96),
        ("党员教育实训基地", "教学点串成线", "培训 1200 人次", "兰台县", "培训人次", "人次", 200, 1200),
        ("流动党员之家", "离乡不离党", "联系率 98%", "青溪县", "流动党员联系率", "%", 70, 98),
        ("两新组织攻坚", "应建尽建、能联则联", "覆盖率 85%", "高新区", "两新覆盖率", "%", 62, 86),
        ("机关支部结对共建", "机关到社区报到", "结对 60 对", "城关区", "结对支部", "对", 18, 60),
        ("群众诉求快办", "小事不出网格", "平均办结 5 天内", "西陵区", "平均办结天数", "天", 14, 5),
        ("红色阵地修缮", "旧址有人管、有人讲", "开放点 8 处", "古田县", "开放红色点位", "处", 3, 8),
    )
)


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """One invented project; `began` None before it was started."""

    number: str
    theme: Theme
    title: str
    kind: str
    owner: Organization
    responsible: str
    state: str
    pace: str
    submitted: dt.date
    approved: dt.date | None
    began: dt.date | None
    asked: dt.date | None
    ended: dt.date | None
    deadline: dt.date
    budget: int
    decided_by: str

    @property
    def starts(self) -> dt.date:
        """The first day planned."""
        return self.began or self.submitted + dt.timedelta(days=30)


def projects(roster: Roster, states: dict[str, int], prefix: str, random: Random) -> list[Project]:
    """The projects of a tenant in these states, each owner in turn; the same every time."""
    owners = _owners(roster.organizations)
    people = _people(roster)
    wanted = [state for state, times in states.items() for _ in range(times)]
    random.shuffle(wanted)
    decider = names.person(random)
    return [
        _project(f"{prefix}{place:03d}", owners[place % len(owners)], people, state, decider, place, random)
        for place, state in enumerate(wanted, start=1)
    ]


def _owners(organizations: Sequence[Organization]) -> list[Organization]:
    root = next(one for one in organizations if not one.parent)
    first = [one for one in organizations if one.parent == root.number]
    below = {one.number for one in first}
    second = [one for one in organizations if one.parent in below and one.kind in {"党委", "党总支"}]
    return [*first, *second[::3]]


def _people(roster: Roster) -> dict[str, list[str]]:
    """The members of every organization and of those below it."""
    above = {one.number: one.parent for one in roster.organizations}
    found: dict[str, list[str]] = {}
    for member in roster.members:
        if member.until is None and member.state == "正式":
            place = member.organization
            while place:
                found.setdefault(place, []).append(member.number)
                place = above[place]
    return found


def _project(
    number: str,
    owner: Organization,
    people: dict[str, list[str]],
    state: str,
    decider: str,
    place: int,
    random: Random,
) -> Project:
    theme = THEMES[(place * 5) % len(THEMES)]
    early = place % 3 == 0
    approved = dt.date(YEAR - 1, 10, 8) if early else dt.date(YEAR, 1, 12)
    approved += dt.timedelta(days=random.randint(0, 18 if early else 50))
    submitted = approved - dt.timedelta(days=random.randint(18, 40))
    if state not in REVIEWED:
        submitted = dt.date(YEAR, 11, 2) + dt.timedelta(days=random.randint(0, 12))
    began = approved + dt.timedelta(days=random.randint(3, 12)) if state in BEGUN else None
    deadline = (began or submitted + dt.timedelta(days=30)) + _TAKES
    if state == "已销号":
        deadline = dt.date(YEAR, 9, 30)
    elif state == "待验收":
        deadline = dt.date(YEAR, 11, 10)
    elif state == "延期实施":
        deadline = dt.date(YEAR + 1, 3, 31)
    else:
        deadline = max(deadline, dt.date(YEAR, 12, 10))
    return Project(
        number=number,
        theme=theme,
        title=f"{owner.short_name.removesuffix('党委').removesuffix('党工委').removesuffix('党总支')}{theme.title}",
        kind=("主体项目", "示范项目", "特色项目", "特色项目")[place % 4],
        owner=owner,
        responsible=random.choice(people[owner.number]),
        state=state,
        pace=random.choice(PACES) if state == "实施中" else "yellow" if state == "延期实施" else "green",
        submitted=submitted,
        approved=approved if state in BEGUN or state == "已立项" else None,
        began=began,
        asked=_asked(state, random),
        ended=_ended(state, approved, random),
        deadline=deadline,
        budget=random.choice((0, 8_000, 26_000, 48_000, 90_000, 180_000)),
        decided_by=decider if state in REVIEWED else "",
    )


def _asked(state: str, random: Random) -> dt.date | None:
    days = {"待验收": (11, 2, 8), "已销号": (9, 10, 15), "延期实施": (10, 12, 12)}
    if state not in days:
        return None
    month, first, spread = days[state]
    return dt.date(YEAR, month, first) + dt.timedelta(days=random.randint(0, spread))


def _ended(state: str, approved: dt.date, random: Random) -> dt.date | None:
    if state == "已销号":
        return dt.date(YEAR, 10, 9) + dt.timedelta(days=random.randint(0, 20))
    if state == "已终止":
        return dt.date(YEAR, 8, 20) + dt.timedelta(days=random.randint(0, 20))
    return approved if state in {"暂缓立项", "不予立项"} else None
