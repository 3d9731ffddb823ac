"""Checks an item before it is kept: every fault at once, in plain Chinese; no database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jiceng.api.roster import CATEGORIES
from jiceng_points.shelf import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiceng_points.shelf.schemas import NewItem

NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
_LONGEST_TEXT = 2000


def faults_of(item: NewItem) -> list[str]:
    """Everything wrong with the item by itself; empty when it can be kept."""
    return [*_words(item), *_numbers(item), *_days(item)]


def points_fault(worth: int | None) -> str:
    """What is wrong with the points a review gives; empty when nothing is."""
    if worth is None:
        return "请给出分值"
    if worth < 0:
        return "分值不能是负数；扣分请在“奖惩”里办理"
    if worth > words.MOST_POINTS:
        return f"分值最高 {words.MOST_POINTS} 分"
    return ""


def _words(item: NewItem) -> Iterator[str]:
    if not NUMBER.fullmatch(item.number):
        yield "编号用字母、数字和短横，最长 20 个"
    if not item.title.strip():
        yield "请填写事项名称"
    for title, text, longest in (
        ("事项名称", item.title, 100),
        ("地点", item.place, 100),
        ("核验方式", item.proof, 100),
        ("说明", item.details, _LONGEST_TEXT),
    ):
        if len(text) > longest:
            yield f"{title}最长 {longest} 字"
    for title, word, known in (
        ("类别", item.kind, words.KINDS),
        ("来源", item.source, words.SOURCES),
        ("认领方", item.side, words.SIDES),
    ):
        if word not in known:
            yield f"{title}应为：{'、'.join(known)}"
    if unknown := [one for one in item.categories if one not in CATEGORIES]:
        yield f"没有“{'、'.join(unknown)}”这样的党员类别；可选：{'、'.join(CATEGORIES)}"


def _numbers(item: NewItem) -> Iterator[str]:
    if item.worth is not None and (fault := points_fault(item.worth)):
        yield fault
    if item.capacity is not None and item.capacity < 1:
        yield "名额至少 1 个；不限名额请留空"
    if not 1 <= item.times <= 366:  # noqa: PLR2004 - once a day at most
        yield "每个认领方一年可认领 1 到 366 次"


def _days(item: NewItem) -> Iterator[str]:
    if item.deadline < item.opens:
        yield "截止日期早于开始日期"
    if {item.opens.year, item.deadline.year} != {item.year}:
        yield f"开始和截止日期都应在 {item.year} 年内"
