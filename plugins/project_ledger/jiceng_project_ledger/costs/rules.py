"""How dear a purchase must be before quotes or a tender are demanded; set by the tenant, said in words."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Invalid, Refusal, set_setting, setting, today
from jiceng_project_ledger.money import LARGEST, yuan

if TYPE_CHECKING:
    from datetime import date

SETTING = "project_ledger_costs"
_FEWEST, _MOST = 2, 10
_LONGEST_WINDOW = 730


class Route(StrEnum):
    """How something is bought."""

    DIRECT = "direct"
    QUOTES = "quotes"
    TENDER = "tender"


ROUTE_WORDS: dict[Route, str] = {
    Route.DIRECT: "直接采购",
    Route.QUOTES: "比价",
    Route.TENDER: "招标",
}


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In fen: from `quotes_from` on, `quotes` suppliers are compared; above `tender_above`, a tender.

    Purchases of one owner for the same thing or from the same supplier within `window_days` are looked at
    together; 0: they are not.
    """

    quotes_from: int = 10_000_00
    tender_above: int = 200_000_00
    quotes: int = 3
    window_days: int = 180

    def route(self, amount: int) -> Route:
        """How something of this amount is bought."""
        if amount < self.quotes_from:
            return Route.DIRECT
        return Route.QUOTES if amount <= self.tender_above else Route.TENDER

    def needed(self, route: Route) -> int:
        """How many suppliers must have made a quote that counts."""
        return 1 if route is Route.DIRECT else self.quotes

    @property
    def low(self) -> str:
        """The lower threshold in yuan, as it is shown."""
        return f"{yuan(self.quotes_from):,.2f}"

    @property
    def high(self) -> str:
        """The upper threshold in yuan, as it is shown."""
        return f"{yuan(self.tender_above):,.2f}"

    def faults(self) -> list[str]:
        """What is wrong with them, in Chinese; empty when they can be used."""
        found = []
        if not 0 < self.quotes_from <= self.tender_above <= LARGEST:
            found.append("比价起点应大于 0，招标起点应不低于比价起点")
        if not _FEWEST <= self.quotes <= _MOST:
            found.append(f"报价家数应在 {_FEWEST} 到 {_MOST} 之间")
        if not 0 <= self.window_days <= _LONGEST_WINDOW:
            found.append(f"拆分采购的核对天数应在 0 到 {_LONGEST_WINDOW} 之间，0 表示不核对")
        return found


async def thresholds(at: date | None = None) -> Thresholds:
    """The tenant's thresholds in force on a day (its setting `project_ledger_costs`), or the usual ones.

    Raises Refusal when the setting is written wrongly.
    """
    value = await setting(SETTING, at or today())
    try:
        found = Thresholds() if value is None else msgspec.convert(value, Thresholds)
    except msgspec.ValidationError as error:
        raise _wrong("格式不对") from error
    if faults := found.faults():
        raise _wrong("；".join(faults))
    return found


async def shown(at: date | None = None) -> Thresholds:
    """As `thresholds`, to look at costs by: the usual ones while the setting cannot be used.

    Nothing is bought by them: acts and gates ask `thresholds`.
    """
    try:
        return await thresholds(at)
    except Refusal:
        return Thresholds()


async def change(wanted: Thresholds) -> None:
    """Put thresholds into force from today on; what was awarded before stays. Raises Invalid."""
    faults = wanted.faults()
    if faults:
        raise Invalid(faults, "没有保存", where="费用规则")
    await set_setting(SETTING, msgspec.to_builtins(wanted), today())


def _wrong(what: str) -> Refusal:
    return Refusal(
        "费用规则的设置不能用",
        where=f"{SETTING}：{what}",
        todo_zh="请管理员在“费用规则”页面重新保存",
        what_en="the setting of cost rules cannot be used",
    )
