"""Members for the organizations: ages and education with exact totals, posts, comings and goings."""
# ruff: noqa: PLR2004  the numbers are shares of an invented population

import datetime as dt
from random import Random

from jiceng.operations.demo_data.names import person
from jiceng.operations.demo_data.shapes import (
    COLLEGE,
    OVER_60,
    ROSTER_DAY,
    UP_TO_35,
    Member,
    Organization,
    Post,
    Roster,
)

_OLDER = {
    "社区": 14,
    "农村": 10,
    "机关": 0,
    "国企": -2,
    "系统": -6,
    "学校": -8,
    "社会组织": -14,
    "非公企业": -16,
    "园区": -18,
}
"""Years by which a field's members are older or younger than the average."""
_HIGHER = ("研究生", "大学本科", "大学本科", "大学本科", "大专", "大专", "大专", "大专")
_LOWER = ("中专", "高中", "高中", "初中", "初中", "小学")
_CATEGORY = {"社区": "社区", "农村": "农村", "非公企业": "两新", "社会组织": "两新", "园区": "两新"}
_OFFICERS = ("书记", "组织委员", "宣传委员")
_FEW = 7
"""A branch of fewer members has a secretary only."""


def fill(roster: Roster, prefix: str, random: Random) -> None:
    """Give every organization its members, and the members their attributes and posts."""
    for organization in roster.organizations:
        for _ in range(organization.members):
            number = f"{prefix}{len(roster.members) + 1:06d}"
            sex = "女" if random.random() < 0.31 else "男"
            roster.members.append(
                Member(number, person(random), sex, organization.field, organization.number)
            )
    _ages(roster.members, random)
    _education(roster.members, random)
    for member in roster.members:
        _life(member, random)
        _belonging(member, random)
    by_organization: dict[str, list[Member]] = {}
    for member in roster.members:
        by_organization.setdefault(member.organization, []).append(member)
    for organization in roster.organizations:
        _posts(roster, organization, by_organization.get(organization.number, []))


def _ages(members: list[Member], random: Random) -> None:
    """Exactly the shares of `shapes`; the older ages go to the fields whose members are older."""
    count = len(members)
    old, young = round(count * OVER_60), round(count * UP_TO_35)
    ages = [random.triangular(61, 92, 66) for _ in range(old)]
    ages += [random.triangular(20, 35.99, 31) for _ in range(young)]
    ages += [random.triangular(36, 60.99, 47) for _ in range(count - old - young)]
    order = sorted(members, key=lambda member: _OLDER[member.field] + random.gauss(0, 18))
    for member, age in zip(order, sorted(ages), strict=True):
        member.birth_year = ROSTER_DAY.year - int(age)


def _education(members: list[Member], random: Random) -> None:
    """Exactly the share of 大专 or more, mostly the younger and those in offices and schools."""
    office = {"机关", "学校", "系统"}
    keys = [
        (
            ROSTER_DAY.year - member.birth_year - (25 if member.field in office else 0) + random.gauss(0, 14),
            place,
        )
        for place, member in enumerate(members)
    ]
    college = {place for _, place in sorted(keys)[: round(len(members) * COLLEGE)]}
    for place, member in enumerate(members):
        member.education = random.choice(_HIGHER if place in college else _LOWER)


def _life(member: Member, random: Random) -> None:
    age = ROSTER_DAY.year - member.birth_year
    member.category = _CATEGORY.get(member.field, "机关(学校)")
    if (age >= 75 and random.random() < 0.85) or random.random() < 0.012:
        member.category = "特殊群体"
    retired = age >= 61 or (age >= 56 and member.sex == "女")
    if member.field == "农村":
        member.employment = "务农" if random.random() < 0.7 else "灵活就业"
    elif retired:
        member.employment = "离退休"
    elif member.field == "社区":
        member.employment = random.choice(("在职", "在职", "灵活就业", "下岗", "其他"))
    if age <= 23 and member.field == "学校":
        member.employment = "大学生"
    member.dual = member.category == "机关(学校)" and not retired and random.random() < 0.8
    member.mobile = age < 50 and member.field in {"农村", "社区"} and random.random() < 0.12
    first, last = member.birth_year + 18, ROSTER_DAY.year - 1
    year = first + int(random.triangular(1, 27, 6))
    if year > last:
        year = random.randint(min(first + 1, last), last)
    member.joined = dt.date(year, random.choice((6, 7, 10, 12)), random.randint(1, 28))
    if member.joined.year == ROSTER_DAY.year - 1 and member.joined.month >= 10:
        member.state = "预备"


def _belonging(member: Member, random: Random) -> None:
    member.since = member.joined
    if random.random() < 0.35:
        year = random.randint(member.joined.year, ROSTER_DAY.year - 1)
        member.since = max(member.joined, dt.date(year, random.randint(1, 12), random.randint(1, 28)))
        member.joined_by = "转入"
    if random.random() < 0.006:
        member.until = dt.date(ROSTER_DAY.year, random.randint(1, 10), random.randint(1, 28))
        old = ROSTER_DAY.year - member.birth_year >= 70
        member.left_by = "去世" if old else "转出" if random.random() < 0.95 else "出党"
        member.since = min(member.since, member.until)


def _posts(roster: Roster, organization: Organization, members: list[Member]) -> None:
    since, until = organization.last_election, organization.next_election
    able = [m for m in members if m.until is None and m.state == "正式" and m.category != "特殊群体"]
    if since is None or until is None:
        return
    able = [m for m in able if m.joined < since] or able
    for member, post in zip(able, _OFFICERS if len(members) >= _FEW else _OFFICERS[:1], strict=False):
        member.worker = True
        roster.posts.append(Post(member.number, organization.number, post, since, until))
