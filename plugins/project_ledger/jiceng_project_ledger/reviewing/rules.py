"""What reviewers score, how much each criterion weighs and how many must have scored; set by the tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Invalid, Refusal, set_setting, setting, today

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTING = "project_ledger_review"
WHOLE, MOST_CRITERIA, MOST_REVIEWERS = 100, 12, 20
LONGEST_CRITERION = 20


class Criterion(msgspec.Struct, frozen=True):
    """What is scored, and its highest score, which is its weight; the lowest is 0."""

    title: str
    most: int


class Rules(msgspec.Struct, frozen=True):
    """How a tenant reviews: the criteria, their highest scores together 100; how many reviewers at least."""

    criteria: tuple[Criterion, ...] = (
        Criterion("必要性", 25),
        Criterion("可行性", 25),
        Criterion("预期成效", 25),
        Criterion("创新性", 15),
        Criterion("经费合理性", 10),
    )
    least: int = 2

    def faults(self) -> list[str]:
        """What is wrong with them, in plain Chinese; empty when they can be used."""
        found = [*_of_titles([one.title for one in self.criteria])]
        wrong = [*_of_weights(self.criteria)]
        total = sum(one.most for one in self.criteria)
        if self.criteria and not wrong and total != WHOLE:
            wrong = [f"各项满分合计应是 {WHOLE}，现在是 {total}"]
        if not 1 <= self.least <= MOST_REVIEWERS:
            wrong.append(f"至少几人评分应是 1 到 {MOST_REVIEWERS} 的整数")
        return found + wrong


async def rules() -> Rules:
    """The tenant's rules in force today (its setting `project_ledger_review`), or the delivered ones.

    Raises Refusal when the setting is written wrongly.
    """
    value = await setting(SETTING, today())
    try:
        found = Rules() if value is None else msgspec.convert(value, Rules)
    except msgspec.ValidationError as error:
        raise _wrong("格式不对") from error
    if faults := found.faults():
        raise _wrong("；".join(faults))
    return found


async def change(wanted: Rules) -> None:
    """Put rules into force from today on; scores that were given stay. Raises Invalid with every fault."""
    if faults := wanted.faults():
        raise Invalid(faults, "没有保存", where="论证规则")
    await set_setting(SETTING, msgspec.to_builtins(wanted), today())


def _of_titles(titles: list[str]) -> Iterator[str]:
    if not titles:
        yield "请至少写一个评分内容"
    if len(titles) > MOST_CRITERIA:
        yield f"评分内容最多 {MOST_CRITERIA} 个"
    for number, title in enumerate(titles, 1):
        if not title.strip() or len(title) > LONGEST_CRITERION:
            yield f"第 {number} 项：请写名称，最多 {LONGEST_CRITERION} 字"
    yield from (f"“{one}”写了两次" for one in dict.fromkeys(titles) if one and titles.count(one) > 1)


def _of_weights(criteria: tuple[Criterion, ...]) -> Iterator[str]:
    for number, one in enumerate(criteria, 1):
        if not 1 <= one.most <= WHOLE:
            yield f"第 {number} 项：满分应是 1 到 {WHOLE} 的整数"


def _wrong(what: str) -> Refusal:
    return Refusal(
        "论证规则的设置不能用",
        where=f"{SETTING}：{what}",
        todo_zh="请管理员在“论证规则”页面重新保存",
        what_en="the setting of review rules cannot be used",
    )
