"""Expressions in plain Chinese: names become titles, signs become words where a layman needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng_sdk.expressions.tree import (
    Among,
    Arithmetic,
    Call,
    Compare,
    Flag,
    Logic,
    Name,
    Number,
    Text,
    Tree,
    Unary,
)
from jiceng_sdk.rulebook.history import EARLIER, depth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jiceng_sdk.expressions.formula import Formula

_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠"}
_KNOWN = {
    "score": "总分",
    "grade": "等次",
    "status": "状态",
    "value": "数值",
    "votes": "票数",
    "date": "日期",
    "nth": "本期第几次",
    "period.start": "期初",
    "period.end": "期末",
    "previous.score": "上期得分",
    "previous.grade": "上期等次",
    "previous.status": "上期状态",
    "result.score": "得分",
    "result.grade": "等次",
}
_STATUS = {"exempt": "免评", "rated": "已评定", "needs_ruling": "待裁定", "incomplete": "缺资料"}
_CALLS = {
    "missing": "没有{0}",
    "min": "（{all}）中较小的",
    "max": "（{all}）中较大的",
    "abs": "{0}的绝对值",
    "floor": "{0}取整",
    "round": "{0}保留 {1} 位小数",
    "units": "{0}每满 {1}",
    "days": "{0}到{1}的天数",
    "months": "{0}到{1}满几个月",
    "nth": "同一{0}的第几次",
    "month_of": "{0}的月份",
    "year_of": "{0}的年份",
    "years_before": "{0}前 {1} 年",
    "months_before": "{0}前 {1} 个月",
    "days_before": "{0}前 {1} 天",
    "workdays_after": "{0}后第 {1} 个工作日",
    "workdays_before": "{0}前第 {1} 个工作日",
    "workdays_in": "{0}到{1}的工作日数",
    "workdays_late": "{1}比{0}晚几个工作日",
    "count": "下列成立的个数（{all}）",
    "if": "如果{0}，则{1}，否则{2}",
    "streak": "连续{0}的期数",
    "times": "近 {1} 期{0}的次数",
    "next": "下一期{0}",
    "prior": "上一期{0}",
    "cohort_max": "{among}最高的{0}",
    "cohort_min": "{among}最低的{0}",
    "cohort_mean": "{among}平均的{0}",
    "cohort_median": "{among}{0}的中位数",
    "cohort_sum": "{among}{0}的合计",
    "cohort_count": "{among}{0}的个数",
    "cohort_rank": "{0}在{among}的名次",
    "cohort_dense": "{0}在{among}的名次（并列不占名次）",
    "cohort_deviation": "{among}{0}的标准差（保留 {1} 位小数）",
    "share": "{0}的占比",
    "mean": "{0}的平均",
    "sum": "{0}的合计",
}
_LISTS = ("min", "max", "count")
_ALONE = {"times": "历次{0}的次数"}
"""How a function is said with one argument only."""


def say(formula: Formula, titles: Mapping[str, str]) -> str:
    """The formula in words; `titles` are the names its rulebook gives, by name."""
    return _say(formula.tree, {**_KNOWN, **titles})


def condition(formula: Formula, titles: Mapping[str, str]) -> str:
    """The formula in words, ready to be followed by 的 or 时: a space stands after a digit."""
    said = say(formula, titles)
    return f"{said} " if said[-1:].isascii() else said


def _say(tree: Tree, titles: Mapping[str, str]) -> str:
    match tree:
        case Number() | Text() | Flag() | Name():
            return _word(tree, titles)
        case Unary():
            return _unary(tree, titles)
        case Compare():
            return _compare(tree, titles)
        case Call():
            return _call(tree, titles)
    return _joined(tree, titles)


def _word(tree: Number | Text | Flag | Name, titles: Mapping[str, str]) -> str:
    match tree:
        case Number():
            return f"{tree.value.normalize():f}"
        case Text():
            return f"“{_STATUS.get(tree.value, tree.value)}”"
        case Flag():
            return "是" if tree.value else "否"
        case Name():
            return titles.get(tree.name) or _earlier(tree.name, titles)


def _earlier(name: str, titles: Mapping[str, str]) -> str:
    """`previous.previous.pay` is 上上期奖金."""
    back = depth(name)
    if not back:
        return name
    plain = name.removeprefix(EARLIER[back - 1])
    said = titles.get(f"{EARLIER[0]}{plain}", "").removeprefix("上期") or titles.get(plain, plain)
    return "上" * back + "期" + said


def _unary(tree: Unary, titles: Mapping[str, str]) -> str:
    if isinstance(tree.arg, Call) and tree.arg.function == "missing":
        return f"有{_say(tree.arg.args[0], titles)}"
    if isinstance(tree.arg, Among):
        return _joined(tree.arg, titles, joint="不是")
    inner = _inner(tree.arg, titles)
    return f"−{inner}" if tree.op == "-" else f"不是{inner}"


def _joined(tree: Arithmetic | Logic | Among, titles: Mapping[str, str], joint: str = "是") -> str:
    match tree:
        case Arithmetic():
            sign = {"*": "×", "/": "÷", "-": "−"}.get(tree.op, tree.op)
            return f"{_inner(tree.left, titles)} {sign} {_inner(tree.right, titles)}"
        case Logic():
            word = "，并且" if tree.op == "and" else "，或者"
            return word.join(_inner(arg, titles) for arg in tree.args)
        case Among():
            options = "、".join(_say(option, titles) for option in tree.options)
            return f"{_say(tree.item, titles)}{joint}{options}之一"


def _compare(tree: Compare, titles: Mapping[str, str]) -> str:
    words = [_say(arg, titles) if isinstance(arg, Arithmetic) else _inner(arg, titles) for arg in tree.args]
    if len(words) == 2 and tree.ops[0] in {"==", "!="}:  # noqa: PLR2004 - one sign between two sides
        return f"{words[0]}{'是' if tree.ops[0] == '==' else '不是'}{words[1]}"
    said = words[0]
    for sign, word in zip(tree.ops, words[1:], strict=True):
        said += f" {_SIGNS[sign]} {word}"
    return said


def _call(tree: Call, titles: Mapping[str, str]) -> str:
    args = [_argument(tree.function, n, arg, titles) for n, arg in enumerate(tree.args)]
    pattern = _ALONE.get(tree.function) if len(args) == 1 else None
    pattern = pattern or _CALLS.get(tree.function)
    if pattern is None or ("{1}" in pattern and len(args) < 2):  # noqa: PLR2004 - patterns with two places
        return f"{tree.function}（{'、'.join(args)}）"
    return pattern.format(*args, "", "", all="、".join(args), among=_among(tree, titles))


def _among(tree: Call, titles: Mapping[str, str]) -> str:
    """Whom a function compares with: as the rulebook says, everybody, or those alike in what it names."""
    if tree.over is None:
        return "同组"
    return "同" + "、".join(titles.get(one.value, one.value) for one in tree.over) if tree.over else "全体"


def _inner(tree: Tree, titles: Mapping[str, str]) -> str:
    said = _say(tree, titles)
    return f"（{said}）" if isinstance(tree, Logic | Arithmetic) or _branches(tree) else said


def _branches(tree: Tree) -> bool:
    return isinstance(tree, Call) and tree.function == "if"


def _argument(function: str, n: int, tree: Tree, titles: Mapping[str, str]) -> str:
    """An argument: as it is in a list, in brackets in a sentence, never read with its neighbour."""
    if function in _LISTS or function not in _CALLS:
        return _say(tree, titles)
    if function == "if":
        return _inner(tree, titles) if n == 1 and _branches(tree) else _say(tree, titles)
    return _inner(tree, titles)
