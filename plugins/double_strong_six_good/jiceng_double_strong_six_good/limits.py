"""The tenant's settings of this plugin: members for a branch of its own, number of sites, deadlines."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from jiceng.api import Invalid, set_setting, setting, today

SETTING = "double_strong_six_good"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits in force; `declare_until` is a month and a day of the year that is declared for, as 12-20.

    `visit_days`: an instructor goes there at least once in so many days.
    """

    own_branch_from: int = 3
    employees_from: int = 30
    aim: int = 100
    sites_low: int = 2
    sites_high: int = 3
    visit_days: int = 92
    declare_until: str = "12-20"

    def last_day(self, year: int) -> date:
        """The last day on which a declaration of the year may be handed in."""
        month, day = self.declare_until.split("-")
        return date(year, int(month), int(day))


NUMBERS: dict[str, tuple[str, int, int]] = {
    "own_branch_from": ("党员几名起单独组建", 1, 50),
    "employees_from": ("职工几人起单列统计", 1, 1000),
    "aim": ("单列企业覆盖率目标 %", 1, 100),
    "sites_low": ("每个镇街示范点至少", 0, 50),
    "sites_high": ("每个镇街示范点至多", 0, 50),
    "visit_days": ("指导员至少每几天走访一次", 7, 366),
}
"""Each whole number with its words, the least and the most it may be."""
UNTIL = "申报截止（月-日）"


async def limits() -> Limits:
    """The limits in force today."""
    kept = await setting(SETTING)
    return msgspec.convert(kept, Limits) if isinstance(kept, dict) else Limits()


async def set_limits(typed: dict[str, str]) -> None:
    """Let the limits be what was typed from today on; raises Invalid with every fault."""
    faults: list[str] = []
    read: dict[str, Any] = {name: _number(name, typed.get(name, ""), faults) for name in NUMBERS}
    read["declare_until"] = _day(typed.get("declare_until", ""), faults)
    if not faults and read["sites_low"] > read["sites_high"]:
        faults.append("每个镇街示范点至少的个数不能大于至多的个数")
    if faults:
        raise Invalid(faults, "没有保存", where="双强六好的设置")
    await set_setting(SETTING, read, today())


def _number(name: str, text: str, faults: list[str]) -> int:
    title, low, high = NUMBERS[name]
    said = text.strip()
    if not said.isdecimal() or not said.isascii() or len(said) > len("1000") or not low <= int(said) <= high:
        faults.append(f"{title}“{said[:10]}”应是 {low} 到 {high} 的整数")
        return low
    return int(said)


def _day(text: str, faults: list[str]) -> str:
    try:
        return date.fromisoformat(f"2001-{text.strip()}").strftime("%m-%d")
    except ValueError:
        faults.append(f"{UNTIL}“{text.strip()[:10]}”应写成 12-20 这样，2 月 29 日不行")
        return ""
