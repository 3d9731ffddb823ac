"""Items: one scale, keys that make sense together, windows and fields that exist."""

from collections.abc import Iterator
from itertools import pairwise

from jiceng_sdk.expressions.tree import names
from jiceng_sdk.faults import Fault, meant, nearest
from jiceng_sdk.rulebook.formulas import inside as formulas_of
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.parts import MONTHS, WINDOWS, Fact, Item
from jiceng_sdk.rulebook.parts.nodes import SCALES

_OF_ROWS = ("merge", "keep", "limit", "drop", "quorum")
_LEAST_KNOTS = 2
CALLED = {
    f"{each}{said}": window
    for window, words in {
        "day": ("天", "日"),
        "week": ("周",),
        "month": ("月",),
        "quarter": ("季度", "季"),
        "half": ("半年",),
        "year": ("年", "年度"),
        "period": ("期", "全期"),
    }.items()
    for said in words
    for each in ("", "每")
}
"""Windows as people call them."""


def items(found: Analysis) -> Iterator[Fault]:
    """Faults of items."""
    for name, item in found.book.items.items():
        path = f"items.{name}"
        fact = found.book.facts.get(item.from_) if item.from_ else None
        yield from _source(found, item, fact, path)
        yield from _scale(item, path)
        if fact is None or not fact.rows:
            yield from _without_rows(item, path)
        else:
            yield from _windows(item, fact, path)
        yield from _numbers(item, path)
        yield from _value_used(found, item, path)
        if item.each and MONTHS[item.each] > MONTHS.get(found.book.period, 0):
            zh = f"each = '{item.each}' 比考核周期（{found.book.period}）还长"
            yield _shape(f"{path}.each", zh, f"each = {item.each!r} is longer than the period")


def _shape(path: str, zh: str, en: str) -> Fault:
    return Fault(zh=zh, en=en, path=path, code="shape")


def _source(found: Analysis, item: Item, fact: Fact | None, path: str) -> Iterator[Fault]:
    if item.from_ and fact is None:
        near = nearest(item.from_, found.book.facts)
        zh, en = meant(near)
        yield Fault(
            zh=f"没有事实“{item.from_}”{zh}",
            en=f"there is no fact {item.from_!r}{en}",
            path=f"{path}.from",
            nearest=near,
            code="reference",
        )
    if fact is not None and fact.each and fact.each != item.each:
        zh = f"事实“{item.from_}”按 {fact.each} 填报，项目要写 each = '{fact.each}'"
        yield _shape(f"{path}.from", zh, f"the fact has a value per {fact.each}: add each = {fact.each!r}")


_PLAIN_ZH = "；固定的分写 points = 60，value 是几就得几分写 points = 'value'"
_PLAIN_EN = "; write points = 60 for a fixed score, points = 'value' for the value itself"


def _scale(item: Item, path: str) -> Iterator[Fault]:
    scales = item.scales
    if item.combine == "count":
        if scales:
            zh = f"combine = 'count' 只数条数，不要再写 {'、'.join(scales)}"
            yield _shape(path, zh, f"combine = 'count' needs no scale, has {', '.join(scales)}")
    elif len(scales) != 1:
        written = "、".join(scales) or "没有写"
        zh = f"计分方式要且只要一种（{'、'.join(SCALES)}），现在是：{written}"
        en = f"exactly one scale is needed, has {', '.join(scales) or 'none'}"
        yield _shape(path, *((zh, en) if scales else (zh + _PLAIN_ZH, en + _PLAIN_EN)))
    if item.gaps != "refuse" and not (item.steps or item.choice):
        yield _shape(f"{path}.gaps", "gaps 只用于 steps 和 choice", "`gaps` belongs to steps and choice")
    if item.overlaps != "refuse" and not item.steps:
        yield _shape(f"{path}.overlaps", "overlaps 只用于 steps", "`overlaps` belongs to steps")


def _without_rows(item: Item, path: str) -> Iterator[Fault]:
    default = Item()
    extra = [key for key in _OF_ROWS if getattr(item, key) != getattr(default, key)]
    if item.combine != "sum":
        extra.append("combine")
    for key in extra:
        zh = f"{key} 只用于逐条的事实（事件、评议票、评定结果），请写 from"
        yield _shape(f"{path}.{key}", zh, f"{key!r} needs `from` with a fact that comes as rows")


def _windows(item: Item, fact: Fact, path: str) -> Iterator[Fault]:
    fields = ({item.merge} & set(fact.fields)) if item.merge else set(fact.fields)
    words = [("merge", item.merge, set(fact.fields))] if item.merge else []
    words += [(f"keep.{key}", key, fields) for key in item.keep]
    words += [(f"limit.{limit.per}", limit.per, fields) for limit in item.limit]
    windows = ("period",) if fact.kind == "result" else () if fact.many else WINDOWS
    for key, word, known in words:
        if word in known or word in windows:
            continue
        near = CALLED.get(str(word)) or nearest(str(word), [*windows, *known])
        zh, en = meant(near)
        zh, en = f"“{word}”不是时间段，也不是字段{zh}", f"{word!r} is neither a window nor a field{en}"
        if word in WINDOWS:
            zh = f"“{item.from_}”的每一条没有日期，不能按 {word} 分"
            en = f"rows of {item.from_!r} have no date: {word!r} cannot split them"
        yield Fault(
            zh=zh,
            en=en,
            path=f"{path}.{key}",
            nearest=near,
            code="reference",
        )
    if item.merge and item.value is None:
        zh = "merge 要先写 value：合并哪个数"
        yield _shape(f"{path}.merge", zh, "`merge` needs `value`: the number to add up")
    if item.limit and item.combine != "sum":
        zh, en = "limit 只用于 combine = 'sum'", "`limit` belongs to combine = 'sum'"
        yield _shape(f"{path}.limit", zh, en)
    if item.drop and item.combine != "mean":
        zh, en = "drop（去掉最低、最高）只用于 combine = 'mean'", "`drop` belongs to combine = 'mean'"
        if item.combine == "median":
            zh, en = f"{zh}；中位数本来就不受最高最低影响", f"{en}; a median needs none"
        yield _shape(f"{path}.drop", zh, en)
    yield from _weeks(item, path)


def _weeks(item: Item, path: str) -> Iterator[Fault]:
    windows = {limit.per for limit in item.limit}
    if "week" in windows and windows & {"month", "quarter", "half", "year"}:
        zh = "周会跨月：每周上限按落在同一月（季、年）的部分分别计算"
        en = "weeks cross months: the weekly limit counts per part of a week within the larger window"
        yield Fault(zh=zh, en=en, path=f"{path}.limit", code="windows", severity="warning")


def _numbers(item: Item, path: str) -> Iterator[Fault]:
    for key, count in item.keep.items():
        if count < 1:
            yield _shape(f"{path}.keep.{key}", "keep 至少为 1", "`keep` is at least 1")
    for limit in item.limit:
        if limit.low is not None and limit.low > limit.high:
            zh, en = "下限大于上限", "the lower limit is above the upper"
            yield Fault(zh=zh, en=en, path=f"{path}.limit.{limit.per}", code="range")
    yield from _dropped(item, path)
    knots = [x for x, _ in item.line]
    if item.line and (len(knots) < _LEAST_KNOTS or any(a >= b for a, b in pairwise(knots))):
        zh = "line 至少两个折点，且左边的数要从小到大"
        yield _shape(f"{path}.line", zh, "`line` needs two or more knots in rising order")


def _dropped(item: Item, path: str) -> Iterator[Fault]:
    if len(item.drop) not in (0, 2):
        zh = "drop 要写两个数：去掉几个最低、几个最高，如 [1, 1]"
        yield _shape(f"{path}.drop", zh, "`drop` has two numbers: how many of the lowest, of the highest")


def _value_used(found: Analysis, item: Item, path: str) -> Iterator[Fault]:
    if item.value is None or item.choice or item.line:
        return
    inside = [found.formulas[where] for where, _ in formulas_of(item, path) if where in found.formulas]
    if not any("value" in names(typed.tree) for typed in inside):
        zh, en = "写了 value 却没有用到", "`value` is written but never read"
        yield Fault(zh=zh, en=en, path=f"{path}.value", code="unused", severity="warning")
