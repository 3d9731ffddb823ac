"""Every function of the language: arguments, result, decimals of the result, and where it may be used."""

from typing import Literal

from msgspec import Struct

from jiceng_sdk.expressions.symbols import Kind, Where

Argument = Literal["number", "flag", "text", "date", "grade", "any", "literal"]
"""`any`: whatever kind; `literal`: a whole number written out, not computed."""
Places = Literal["whole", "widest", "first", "quotient", "second"]
"""whole: 0 · widest: most of all · first: of the first · quotient: not finite · second: the literal."""
ROWWISE: frozenset[Where] = frozenset({"subject", "cell", "event", "area"})


class Signature(Struct, frozen=True, kw_only=True):
    """A function. `more`: the last argument may repeat. `least`: how many arguments at least.

    `result`: a kind, or `first` (kind of the first argument), `branch` (kind of `if`'s two last arguments).
    `largest`: of a `literal`. `over`: a list of names may follow the arguments, which splits the cohorts.
    """

    args: tuple[Argument, ...]
    result: Kind | Literal["first", "branch"]
    least: int
    places: Places = "whole"
    more: bool = False
    where: frozenset[Where] = ROWWISE
    zh: str = ""
    largest: int = 24
    over: bool = False


_SUBJECT: frozenset[Where] = frozenset({"subject"})
_ABOVE_ROWS: frozenset[Where] = frozenset({"subject", "cell"})
_CELL: frozenset[Where] = frozenset({"cell"})


def _cohort(argument: Argument, places: Places, zh: str) -> Signature:
    """A function of one value over the subjects of a cohort."""
    return Signature(
        args=(argument,), least=1, result="number", places=places, where=_ABOVE_ROWS, zh=zh, over=True
    )


FUNCTIONS: dict[str, Signature] = {
    "if": Signature(
        args=("flag", "any", "any"), least=3, result="branch", places="widest", zh="if(条件, 是则, 否则)"
    ),
    "min": Signature(args=("number",), least=1, more=True, result="number", places="widest", zh="取最小"),
    "max": Signature(args=("number",), least=1, more=True, result="number", places="widest", zh="取最大"),
    "abs": Signature(args=("number",), least=1, result="number", places="first", zh="绝对值"),
    "floor": Signature(args=("number",), least=1, result="number", zh="向下取整"),
    "round": Signature(
        args=("number", "literal"), least=2, result="number", places="second", zh="四舍五入到几位小数"
    ),
    "units": Signature(args=("number", "number"), least=2, result="number", zh="满几个：units(x, 30)"),
    "count": Signature(args=("flag",), least=1, more=True, result="number", zh="成立的条件数"),
    "missing": Signature(args=("any",), least=1, result="flag", zh="没有值"),
    "days": Signature(args=("date", "date"), least=2, result="number", zh="从前一日期到后一日期的天数"),
    "months": Signature(args=("date", "date"), least=2, result="number", zh="从前一日期到后一日期满几个月"),
    "nth": Signature(
        args=("any",),
        least=1,
        result="number",
        where=frozenset({"event"}),
        zh="同一个值的第几条：nth(事项)",
    ),
    "month_of": Signature(args=("date",), least=1, result="number", zh="日期的月份，1 到 12"),
    "year_of": Signature(args=("date",), least=1, result="number", zh="日期的年份"),
    "days_before": Signature(args=("date", "number"), least=2, result="date", zh="几天前的那一天"),
    "workdays_after": Signature(
        args=("date", "number"), least=2, result="date", zh="之后第几个工作日；0 是当天，遇休息日顺延"
    ),
    "workdays_before": Signature(
        args=("date", "number"), least=2, result="date", zh="之前第几个工作日；0 是当天，遇休息日提前"
    ),
    "workdays_in": Signature(
        args=("date", "date"), least=2, result="number", zh="从前一日期到后一日期（含两头）有几个工作日"
    ),
    "workdays_late": Signature(
        args=("date", "date"), least=2, result="number", zh="超过期限几个工作日：workdays_late(期限, 完成)"
    ),
    "years_before": Signature(args=("date", "number"), least=2, result="date", zh="几年前的同一天"),
    "months_before": Signature(args=("date", "number"), least=2, result="date", zh="几个月前的同一天"),
    "streak": Signature(
        args=("flag",), least=1, result="number", where=_ABOVE_ROWS, zh="到现在连续成立的期数"
    ),
    "times": Signature(
        args=("flag", "literal"), least=1, result="number", where=_SUBJECT, zh="近几期（含本期）成立的次数"
    ),
    "next": Signature(
        args=("any",), least=1, result="first", places="first", where=_CELL, zh="下一个月（季）的值"
    ),
    "prior": Signature(
        args=("any",), least=1, result="first", places="first", where=_CELL, zh="上一个月（季）的值"
    ),
    "cohort_max": _cohort("number", "first", "同组最高"),
    "cohort_min": _cohort("number", "first", "同组最低"),
    "cohort_median": _cohort("number", "quotient", "同组中位数"),
    "cohort_sum": _cohort("number", "first", "同组合计"),
    "cohort_count": _cohort("flag", "whole", "同组成立的个数"),
    "cohort_mean": _cohort("number", "quotient", "同组平均"),
    "cohort_rank": _cohort("number", "whole", "同组名次，1 最高"),
    "cohort_dense": _cohort("number", "whole", "同组名次，并列不占名次：1、1、2"),
    "cohort_deviation": Signature(
        args=("number", "literal"),
        least=2,
        result="number",
        places="second",
        where=_ABOVE_ROWS,
        zh="同组标准差，四舍五入到几位小数",
        largest=12,
        over=True,
    ),
}

AGGREGATES: dict[str, Signature] = {
    "share": Signature(args=("flag",), least=1, result="number", places="quotient", zh="占比"),
    "mean": Signature(args=("number",), least=1, result="number", places="quotient", zh="平均"),
    "sum": Signature(args=("number",), least=1, result="number", places="first", zh="合计"),
    "count": Signature(args=("flag",), least=0, result="number", zh="个数"),
}
"""Only in area values, where they replace the function of the same name at the outermost level."""
