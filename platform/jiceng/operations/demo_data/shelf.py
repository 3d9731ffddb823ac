"""The district's year as the sheets of the points plugin: the shelf, every claim, who did and verified it."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook
from jiceng.operations.demo_data.claims import CHOSEN, RECOMMENDED, REQUIRED, Claim, Deeds
from jiceng.operations.demo_data.shapes import ROSTER_DAY, YEAR, Member, Roster
from jiceng.operations.demo_data.witnesses import EVIDENCE, REASONS, Witnesses

_DATE = Column("day", "日期", kind="date", required=True)
_NUMBER = Column("subject", "编号", required=True)
_ITEM = (
    Column("number", "编号", required=True),
    Column("title", "事项", required=True, width=24),
    Column("kind", "类别", kind="choice", options=("必选", "自选", "推荐"), width=8),
    Column("source", "来源", kind="choice", options=("计划", "需求", "单位", "党员"), width=8),
    Column("side", "认领方", kind="choice", options=("党员", "组织", "都可"), width=8),
    Column("categories", "适用类别", width=20),
    Column("worth", "分值", kind="integer", required=True, width=6),
    Column("capacity", "名额", kind="integer", width=8),
    Column("times", "每年次数", kind="integer", width=8),
    Column("opens", "开始日期", kind="date", required=True),
    Column("deadline", "截止日期", kind="date", required=True),
    Column("proof", "核验方式", width=20),
    Column("online", "可线上完成", kind="flag", width=10),
    Column("offered_by", "自荐党员编号"),
)
_CLAIM = (
    _NUMBER,
    Column("item", "事项编号", required=True),
    Column("claimed_on", "认领日期", kind="date", required=True),
    Column("done_on", "完成日期", kind="date"),
    Column("state", "状态", width=8),
    Column("proof", "证明", width=14),
    Column("entered", "录入人"),
    Column("verified", "核验人"),
    Column("reason", "退回理由", width=16),
)
_OWN_LIST = (
    _NUMBER,
    Column("day", "备案日期", kind="date", required=True),
    Column("tasks", "约定事项", width=24),
    Column("opinion", "支部意见", width=16),
    Column("ruling", "党委意见", width=16),
)
_ADJUSTMENT = (
    _NUMBER,
    _DATE,
    Column("kind", "类别", kind="choice", options=("奖励加分", "处分扣分")),
    Column("worth", "分值", kind="integer", width=6),
    Column("reason", "依据", width=20),
)
_FIRST, _LAST = dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 20)
_CHOSEN_LAST = dt.date(YEAR, 11, 20)
_PLACES, _TIMES, _AHEAD = 400, 12, 7
_ONLINE = ("BX51", "BX52", "TJ06")
_STAGES = {"未完成": "已认领"}
"""A claim that was not done is still open when the year is not over."""
_DONE = ("已核验", "待核验", "未通过")


def write_points(folder: Path, deeds: Deeds, roster: Roster) -> list[Path]:
    """Write shelf.xlsx and claims.xlsx into the folder; return them."""
    folder.mkdir(exist_ok=True)
    shelf, claims = folder / "shelf.xlsx", folder / "claims.xlsx"
    shelf.write_bytes(write_workbook([SheetOut("事项", _ITEM, _items(roster.members))], made=ROSTER_DAY))
    witnesses = Witnesses(roster)
    sheets = (
        SheetOut("认领", _CLAIM, [_claim(claim, witnesses) for claim in deeds.claims]),
        SheetOut(
            "一事一议",
            _OWN_LIST,
            [(member, day, "在家学习，电话联系支部", "同意", "准予备案") for member, day in deeds.exempted],
        ),
        SheetOut(
            "奖惩",
            _ADJUSTMENT,
            [(a.member, a.day, a.kind, a.worth, REASONS[a.kind]) for a in deeds.adjustments],
        ),
    )
    claims.write_bytes(write_workbook(sheets, made=ROSTER_DAY))
    return [shelf, claims]


def _items(members: Sequence[Member]) -> list[tuple[Any, ...]]:
    """Required items with the categories they are for, self-chosen ones, and members' own offers."""
    meant: dict[str, list[str]] = {}
    for category, items in REQUIRED.items():
        for item in items:
            meant.setdefault(item, []).append(category)
    rows = [
        _item(item, "必选", 10, "计划", "" if len(meant[item]) == len(REQUIRED) else "、".join(meant[item]))
        for item in sorted(meant)
    ]
    rows += [_item(item, "自选", worth, "计划", "") for item, worth in CHOSEN]
    able = [one for one in members if one.until is None and one.category == "社区"]
    rows += [
        _item(item, "推荐", worth, "党员", "", able[place * 7].number)
        for place, (item, worth) in enumerate(RECOMMENDED)
    ]
    return rows


def _item(text: str, kind: str, worth: int, source: str, meant: str, by: str = "") -> tuple[Any, ...]:
    number, title = text.split(" ", 1)
    offered = kind == "推荐"
    return (
        *(number, title, kind, source, "党员", meant or None, worth, _PLACES if offered else None),
        *(1 if kind == "必选" else _TIMES, _FIRST, _CHOSEN_LAST if kind == "自选" else _LAST),
        *("支部核验" if kind == "必选" else "社区电话回访", number in _ONLINE or None, by or None),
    )


def _claim(claim: Claim, witnesses: Witnesses) -> tuple[Any, ...]:
    """Claimed a week before it was done; somebody else of the organization verified it."""
    entered, verified = witnesses.of(claim.member)
    done = claim.stage in _DONE
    return (
        *(claim.member, claim.item.split(" ", 1)[0], max(claim.day - dt.timedelta(days=_AHEAD), _FIRST)),
        *(claim.day if done else None, _STAGES.get(claim.stage, claim.stage)),
        EVIDENCE.get(claim.item) if claim.stage == "已核验" else None,
        entered,
        verified if claim.stage == "已核验" else None,
        "证明写得不清楚" if claim.stage == "未通过" else None,
    )
