"""Chinese words for the keys of a rulebook, and values as people say them."""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook.parts import Field, Limit, Rounding

KEYS: dict[str, str] = {
    "title": "名称",
    "clause": "条款",
    "basis": "依据",
    "for": "适用范围",
    "from": "数据来源",
    "when": "条件",
    "value": "取值",
    "points": "分值",
    "choice": "选项分值",
    "start": "起步分",
    "cap": "封顶",
    "floor": "保底",
    "round": "取整",
    "across": "汇总方式",
    "each": "计算周期",
    "merge": "合并方式",
    "restored": "返还条件",
    "combine": "合计方式",
    "drop": "去掉最低、最高",
    "keep": "只取最高的几项",
    "quorum": "最少票数",
    "gaps": "缺口处理",
    "overlaps": "重叠处理",
    "gate": "门槛",
    "below": "最低档以下",
    "score": "得分",
    "grade": "等次",
    "at_most": "最高等次",
    "at_least": "最低等次",
    "lower": "降几档",
    "higher": "升几档",
    "out": "退出评定",
    "ask": "留待裁定",
    "final": "最终决定",
    "within": "排名范围",
    "base": "名额基数",
    "rank": "排名依据",
    "rounding": "名额取整",
    "ties": "并列处理",
    "hard": "硬性名额",
    "final_uses_places": "直接认定占名额",
    "bottom": "从末位取",
    "carry_down": "余额顺延",
    "least": "至少几名",
    "up": "每次最多升",
    "down": "每次最多降",
    "skip": "可越级的条件",
    "first": "首次最高等次",
    "unit": "单位",
    "of": "统计范围",
    "by": "分组",
    "aim": "目标",
    "kind": "种类",
    "options": "选项",
    "default": "默认值",
    "absent": "未填时视为",
    "places": "小数位数",
    "min": "最小值",
    "max": "最大值",
    "required": "必填",
    "many": "可多选",
    "voters": "应到人数",
    "since": "追溯范围",
    "scheme": "来源方案",
    "source": "来源",
    "subject": "评定对象",
    "period": "考核周期",
    "cohort": "同组范围",
}
IN_POINTS = frozenset({"points", "start", "cap", "floor", "score"})
WINDOWS = {
    "day": "每天",
    "week": "每周",
    "month": "每月",
    "quarter": "每季度",
    "half": "每半年",
    "year": "每年",
    "period": "全期",
}
WORDS = {
    "ask": "留待裁定",
    "refuse": "不允许",
    "down": "舍去",
    "up": "进位",
    "half_up": "四舍五入",
    "half_even": "四舍六入五成双",
    "largest_remainder": "最大余数",
    "in": "都算入",
    "out": "都不算",
    "sum": "合计",
    "mean": "平均",
    "max": "取最高",
    "min": "取最低",
    "last": "取最后",
    "count": "计次数",
    "month": "月",
    "quarter": "季度",
    "half": "半年",
    "year": "年",
    "day": "天",
    "week": "周",
    "period": "本期",
    "always": "不限",
    "none": "不计分",
    "previous": "上期等次",
    "roster": "名册",
    "member": "党员",
    "organization": "组织",
    "enterprise": "企业",
    "project": "项目",
}


def said(value: object, key: str = "") -> str:  # noqa: PLR0911 - one line per kind
    """A value in words: 是/否, 无, numbers plain, formulas as written, lists with 、."""
    match value:
        case None | "" | () | {}:
            return "无"
        case bool():
            return "是" if value else "否"
        case Decimal() | int():
            return _number(Decimal(value))
        case str():
            return WORDS.get(value, value) if key not in ("title", "clause", "basis") else f"“{value}”"
        case Formula():
            return WORDS.get(value.text, value.text)
        case Rounding():
            return f"保留 {value.places} 位小数（{WORDS[value.mode]}）"
        case Limit():
            return _limit(value)
        case Field():
            return "、".join(value.options) or value.kind
        case _:
            return _several(value)


def in_unit(key: str, old: str, new: str) -> str:
    """` 分` when both are numbers of points."""
    numbers = all(text.lstrip("-").replace(".", "", 1).isdigit() for text in (old, new) if text != "无")
    return " 分" if key in IN_POINTS and numbers else ""


def share(value: Decimal) -> str:
    """`0.3` as 30%."""
    return f"{_number(value * 100)}%"


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _limit(limit: Limit) -> str:
    return _number(limit.high) if limit.low is None else f"{_number(limit.low)} 到 {_number(limit.high)}"


def _several(value: object) -> str:
    if isinstance(value, Mapping):
        return "、".join(f"{name} {said(one)}" for name, one in value.items())
    if isinstance(value, tuple):
        return "、".join(said(one) for one in value)
    return type(value).__name__ if isinstance(value, Struct) else str(value)
