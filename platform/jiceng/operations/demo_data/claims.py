"""A year of claimed service items: most members do all of it, some are late, some fail, some are exempt."""
# ruff: noqa: PLR2004  the numbers are shares of an invented year

import datetime as dt
from random import Random

import msgspec

from jiceng.operations.demo_data.shapes import LAST_CLAIM, YEAR, Member

REQUIRED = {
    "机关(学校)": (
        "BX01 参加主题党日",
        "BX02 按时交纳党费",
        "BX11 到社区报到服务",
        "BX12 联系服务群众",
        "BX13 参加政策宣讲",
    ),
    "社区": ("BX01 参加主题党日", "BX02 按时交纳党费", "BX21 邻里互助", "BX22 小区环境整治", "BX23 楼栋走访"),
    "农村": (
        "BX01 参加主题党日",
        "BX02 按时交纳党费",
        "BX31 联系帮扶农户",
        "BX32 村庄清洁",
        "BX33 移风易俗劝导",
    ),
    "两新": (
        "BX01 参加主题党日",
        "BX02 按时交纳党费",
        "BX41 党员示范岗",
        "BX42 安全生产检查",
        "BX43 结对社区服务",
    ),
    "特殊群体": (
        "BX01 参加主题党日",
        "BX02 按时交纳党费",
        "BX51 学习送学材料",
        "BX52 电话联系支部",
        "BX53 讲述党史故事",
    ),
}
CHOSEN = (
    *(("ZX01 文明交通劝导", 5), ("ZX02 绿化养护", 5), ("ZX03 清扫楼道", 5), ("ZX04 图书整理", 5)),
    *(("ZX05 护学岗", 10), ("ZX06 看望独居老人", 10), ("ZX07 法律咨询", 10), ("ZX08 义诊", 10)),
    *(("ZX09 防汛值守", 15), ("ZX10 矛盾调解", 15), ("ZX11 课后辅导", 15), ("ZX12 河道巡护", 15)),
    *(("ZX13 结对困难家庭", 20), ("ZX14 组织一场公益活动", 20), ("ZX15 包联楼栋", 20)),
)
RECOMMENDED = (
    *(("TJ01 免费维修水电", 10), ("TJ02 家电清洗", 10), ("TJ03 书法教学", 10), ("TJ04 理发服务", 10)),
    *(("TJ05 农技指导", 10), ("TJ06 手机使用辅导", 5)),
)
_FIRST_DAY = dt.date(YEAR, 1, 5)
_DAYS = (LAST_CLAIM - _FIRST_DAY).days
_Days = dict[tuple[str, str], dt.date]
"""The days on which an organization does a required item, or goes out to serve, together."""
_OUTINGS = 10
"""Days a year on which an organization's members serve."""


class Claim(msgspec.Struct, frozen=True):
    """A row of the sheet 认领."""

    member: str
    day: dt.date
    item: str
    kind: str
    worth: int
    stage: str


class Adjustment(msgspec.Struct, frozen=True):
    """A row of the sheet 奖惩."""

    member: str
    day: dt.date
    kind: str
    worth: int


class Deeds(msgspec.Struct):
    """A tenant's facts for the points scheme; `exempted` lists members with the day of the decision."""

    claims: list[Claim] = []
    adjustments: list[Adjustment] = []
    exempted: list[tuple[str, dt.date]] = []


def deeds(members: list[Member], random: Random) -> Deeds:
    """Facts of the year for all who still belong."""
    made = Deeds()
    together: _Days = {}
    for member in members:
        if member.until is not None:
            continue
        exempt = member.category == "特殊群体" and random.random() < 0.9
        if exempt:
            made.exempted.append((member.number, dt.date(YEAR, random.randint(2, 4), random.randint(1, 28))))
            continue
        _required(member, made, together, random)
        _adjust(member, made, random)
    return made


def _required(member: Member, made: Deeds, together: _Days, random: Random) -> None:
    """One member's year: `luck` decides how much of it is done."""
    luck = random.random()
    missing = 0 if luck < 0.94 else random.randint(1, 3) if luck < 0.985 else 4
    for place, item in enumerate(REQUIRED[member.category]):
        day = together.setdefault((member.organization, item), _day(random))
        stage = "已核验"
        if place < missing:
            stage = random.choice(("未完成", "未完成", "待核验", "未通过", "已撤回"))
        made.claims.append(Claim(member.number, day, item, "必选", 10, stage))
    if luck <= 0.985:
        _chosen(member, made, luck, together, random)


def _chosen(member: Member, made: Deeds, luck: float, together: _Days, random: Random) -> None:
    """Items of one's own choice up to just 60, 70, 80, 85 or 90 points in all."""
    outings = [
        together.setdefault((member.organization, f"outing {number}"), _day(random))
        for number in range(_OUTINGS)
    ]
    left = 10 if luck < 0.02 else 20 if luck < 0.05 else random.choice((30, 30, 35, 40))
    if random.random() < 0.12:
        item, worth = random.choice(RECOMMENDED)
        made.claims.append(Claim(member.number, random.choice(outings), item, "推荐", worth, "已核验"))
        left -= worth
    while left > 0:
        item, worth = random.choice([chosen for chosen in CHOSEN if chosen[1] <= left][-3:])
        made.claims.append(Claim(member.number, random.choice(outings), item, "自选", worth, "已核验"))
        left -= worth
    if random.random() < 0.03:
        item, worth = random.choice(CHOSEN)
        stage = random.choice(("待核验", "未通过", "未完成", "已撤回"))
        made.claims.append(Claim(member.number, random.choice(outings), item, "自选", worth, stage))


def _day(random: Random) -> dt.date:
    return _FIRST_DAY + dt.timedelta(days=random.randrange(_DAYS + 1))


def _adjust(member: Member, made: Deeds, random: Random) -> None:
    luck = random.random()
    if luck < 0.015:
        made.adjustments.append(
            Adjustment(member.number, _day(random), "奖励加分", random.choice((2, 3, 5, 10)))
        )
    elif luck < 0.019:
        made.adjustments.append(
            Adjustment(member.number, _day(random), "处分扣分", random.choice((5, 10, 20, 30)))
        )
