"""The organizations of each demo tenant, with how many members each has."""
# ruff: noqa: PLR2004  the numbers are sizes of an invented district

import datetime as dt
from random import Random

from jiceng.operations.demo_data import names
from jiceng.operations.demo_data.shapes import DISTRICT_ORGANIZATIONS, ROSTER_DAY, Organization

TOWN_VILLAGES = (48, 46, 44, 43, 42, 40, 38)
"""Members of the seven village branches of 青石镇: 301."""
TOWN_OTHERS = (("机关党支部", "机关", 22), ("中心学校党支部", "学校", 18), ("企业联合支部", "非公企业", 12))

PLACES = (
    "北渡镇党委",
    "白石镇党委",
    "云岭镇党委",
    "南桥街道党工委",
    "河西街道党工委",
    "东门街道党工委",
    "新城街道党工委",
)
"""Where branches of enterprises stand, beside the working committee for them."""


class Tree:
    """Organizations in the making: gives numbers, founding days and election terms."""

    def __init__(self, prefix: str, random: Random) -> None:
        self.rows: list[Organization] = []
        self._prefix = prefix
        self._random = random

    def add(
        self, name: str, kind: str, field: str, parent: Organization | None, members: int = 0, short: str = ""
    ) -> Organization:
        """Append one organization below `parent`."""
        number = f"{self._prefix}{len(self.rows) + 1:04d}"
        founded = dt.date(
            self._random.randint(1952, 2019), self._random.randint(1, 12), self._random.randint(1, 28)
        )
        row = Organization(number, name, short or name, kind, field, parent.number if parent else "", founded)
        row.members = members
        if kind != "派出党工委":
            years = 5 if kind == "党委" else 3
            row.last_election = dt.date(
                ROSTER_DAY.year - self._random.randint(0, years),
                self._random.randint(1, 10),
                self._random.randint(1, 28),
            )
            row.next_election = row.last_election.replace(year=row.last_election.year + years)
        self.rows.append(row)
        return row


def town(tree: Tree, above: Organization | None) -> None:
    """青石镇: a committee and ten branches, seven of them rural; 353 members, 301 of them rural."""
    root = tree.add("中共青石镇委员会", "党委", "农村", above, short="青石镇党委")
    for village, members in zip(names.VILLAGES, TOWN_VILLAGES, strict=False):
        tree.add(f"中共青石镇{village}村支部委员会", "党支部", "农村", root, members, f"{village}村党支部")
    for name, field, members in TOWN_OTHERS:
        kind = "联合支部" if "联合" in name else "党支部"
        tree.add(f"中共青石镇{name}", kind, field, root, members, f"青石镇{name}")


def district(tree: Tree, random: Random) -> None:
    """澄溪区: 614 organizations from the district committee down to branches."""
    root = tree.add("中共澄溪区委员会", "党委", "机关", None, short="澄溪区委")
    town(tree, root)
    for place, first in (("北渡镇", 7), ("白石镇", 21), ("云岭镇", 35)):
        above = tree.add(f"中共{place}委员会", "党委", "农村", root, short=f"{place}党委")
        for number in range(14):
            village = names.VILLAGES[(first + number) % len(names.VILLAGES)]
            name = f"中共{place}{village}村支部委员会"
            tree.add(name, "党支部", "农村", above, random.randint(20, 36), f"{place}{village}村党支部")
    for street, start in (("南桥街道", 0), ("河西街道", 8), ("东门街道", 16), ("新城街道", 24)):
        above = tree.add(f"中共{street}工作委员会", "派出党工委", "社区", root, short=f"{street}党工委")
        for number in range(start, start + 8):
            _community(tree, above, number)
    _systems(tree, random, root)
    _two_new(tree, random, root)
    office = tree.add("中共澄溪区直属机关工作委员会", "派出党工委", "机关", root, short="区直机关工委")
    for number in range(DISTRICT_ORGANIZATIONS - len(tree.rows)):
        bureau = names.OFFICES[number % len(names.OFFICES)]
        part = ("机关", "离退休", "下属单位")[number // len(names.OFFICES)]
        tree.add(
            f"中共澄溪区{bureau}{part}支部委员会",
            "党支部",
            "机关",
            office,
            random.randint(7, 16),
            f"{bureau}{part}党支部",
        )


def _community(tree: Tree, above: Organization, place: int) -> None:
    """Two communities over 800 members, ten more over 300, the others small."""
    members = 72 + place
    if place in {3, 17}:
        members = 820 + place * 3
    elif place % 3 == 1 and place < 30:
        members = 305 + place
    name = names.COMMUNITIES[place]
    kind = "党委" if members >= 100 else "党总支"
    root = tree.add(f"中共{name}社区{kind}", kind, "社区", above, short=f"{name}社区{kind}")
    branches = max(2, round(members / 58))
    for number in range(branches):
        share = members // branches + (1 if number < members % branches else 0)
        tree.add(
            f"中共{name}社区第{number + 1}支部委员会",
            "党支部",
            "社区",
            root,
            share,
            f"{name}社区第{number + 1}党支部",
        )


def _systems(tree: Tree, random: Random, root: Organization) -> None:
    for system, kind, field, word, branches in (
        ("教育", "党委", "学校", "学校", 45),
        ("卫生健康", "党委", "系统", "医院", 25),
        ("交通运输", "党总支", "系统", "站所", 8),
        ("国有资产", "党委", "国企", "公司", 30),
    ):
        above = tree.add(f"中共澄溪区{system}系统{kind}", kind, field, root, short=f"{system}系统{kind}")
        for number in range(1, branches + 1):
            name = f"{system}系统第{number}{word}党支部"
            tree.add(f"中共澄溪区{name}", "党支部", field, above, random.randint(8, 17), name)


def _two_new(tree: Tree, random: Random, root: Organization) -> None:
    above = tree.add("中共澄溪区两新组织工作委员会", "派出党工委", "非公企业", root, short="两新工委")
    places = [*(row for row in tree.rows if row.short_name in PLACES), above]
    for number in range(1, 96):
        name, place = f"第{number}非公企业联合支部", places[number % len(places)]
        tree.add(f"中共澄溪区{name}", "联合支部", "非公企业", place, random.randint(3, 8), name)
    for number in range(1, 16):
        name, place = f"第{number}非公企业党支部", places[number % len(places)]
        tree.add(f"中共澄溪区{name}", "党支部", "非公企业", place, random.randint(4, 12), name)
    for number in range(1, 26):
        kind = "联合支部" if number > 5 else "党支部"
        name = f"第{number}社会组织{kind}"
        tree.add(f"中共澄溪区{name}", kind, "社会组织", above, random.randint(3, 7), name)
    park = tree.add("中共澄溪产业园工作委员会", "派出党工委", "园区", root, short="产业园工委")
    for number in range(1, 21):
        name = f"产业园第{number}联合支部"
        tree.add(f"中共澄溪区{name}", "联合支部", "园区", park, random.randint(5, 11), name)


def province(tree: Tree, random: Random) -> None:
    """临江省: the small roster of one provincial organ."""
    root = tree.add("中共临江省委组织部机关委员会", "党委", "机关", None, short="省委组织部机关党委")
    for office in ("办公室", "组织处", "干部处", "人才处", "基层处", "党员教育处", "研究室", "离退休"):
        tree.add(
            f"中共临江省委组织部{office}支部委员会",
            "党支部",
            "机关",
            root,
            random.randint(9, 15),
            f"{office}党支部",
        )


def enterprise(tree: Tree, random: Random) -> None:
    """恒远集团: a group with general branches in its companies."""
    root = tree.add("中共恒远集团委员会", "党委", "非公企业", None, short="恒远集团党委")
    for company, branches in (
        ("总部", 3),
        ("恒远机械", 6),
        ("恒远纺织", 5),
        ("恒远物流", 5),
        ("恒远食品", 5),
    ):
        above = tree.add(f"中共{company}总支部委员会", "党总支", "非公企业", root, short=f"{company}党总支")
        for number in range(1, branches + 1):
            name = f"{company}第{number}党支部"
            tree.add(f"中共{name}", "党支部", "非公企业", above, random.randint(12, 21), name)
