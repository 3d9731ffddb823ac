"""Words for the keys of a rulebook, and values as people say them, in Chinese and in English."""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook.parts import Field, Limit, Rounding
from jiceng_sdk.told import Told, listed, same, told

KEYS: dict[str, Told] = {
    "title": Told("名称", "name"),
    "clause": Told("条款", "clause"),
    "basis": Told("依据", "basis"),
    "for": Told("适用范围", "applies to"),
    "from": Told("数据来源", "source of data"),
    "when": Told("条件", "condition"),
    "value": Told("取值", "value"),
    "points": Told("分值", "points"),
    "choice": Told("选项分值", "points of the options"),
    "start": Told("起步分", "starting points"),
    "cap": Told("封顶", "cap"),
    "floor": Told("保底", "floor"),
    "round": Told("取整", "rounding"),
    "across": Told("汇总方式", "way of adding up"),
    "each": Told("计算周期", "period of counting"),
    "merge": Told("合并方式", "way of merging"),
    "restored": Told("返还条件", "condition of giving back"),
    "combine": Told("合计方式", "way of combining"),
    "drop": Told("去掉最低、最高", "lowest and highest dropped"),
    "keep": Told("只取最高的几项", "only the highest counted"),
    "quorum": Told("最少票数", "fewest votes"),
    "gaps": Told("缺口处理", "gaps"),
    "overlaps": Told("重叠处理", "overlaps"),
    "gate": Told("门槛", "gate"),
    "below": Told("最低档以下", "below the lowest grade"),
    "score": Told("得分", "score"),
    "grade": Told("等次", "grade"),
    "at_most": Told("最高等次", "highest grade"),
    "at_least": Told("最低等次", "lowest grade"),
    "lower": Told("降几档", "grades down"),
    "higher": Told("升几档", "grades up"),
    "out": Told("退出评定", "left out of the evaluation"),
    "ask": Told("留待裁定", "left to a ruling"),
    "final": Told("最终决定", "final decision"),
    "within": Told("排名范围", "ranked among"),
    "base": Told("名额基数", "base of the places"),
    "rank": Told("排名依据", "ranked by"),
    "rounding": Told("名额取整", "rounding of the places"),
    "ties": Told("并列处理", "ties"),
    "hard": Told("硬性名额", "hard quota"),
    "final_uses_places": Told("直接认定占名额", "direct decisions use places"),
    "bottom": Told("从末位取", "taken from the end"),
    "carry_down": Told("余额顺延", "places left go down"),
    "least": Told("至少几名", "at least so many"),
    "up": Told("每次最多升", "up at a time at most"),
    "down": Told("每次最多降", "down at a time at most"),
    "skip": Told("可越级的条件", "condition of skipping grades"),
    "first": Told("首次最高等次", "highest grade the first time"),
    "unit": Told("单位", "unit"),
    "of": Told("统计范围", "counted over"),
    "by": Told("分组", "grouped by"),
    "aim": Told("目标", "aim"),
    "kind": Told("种类", "kind"),
    "options": Told("选项", "options"),
    "default": Told("默认值", "default"),
    "absent": Told("未填时视为", "when not filled in"),
    "places": Told("小数位数", "decimal places"),
    "min": Told("最小值", "least value"),
    "max": Told("最大值", "greatest value"),
    "required": Told("必填", "required"),
    "many": Told("可多选", "several may be chosen"),
    "voters": Told("应到人数", "voters expected"),
    "since": Told("追溯范围", "looks back"),
    "scheme": Told("来源方案", "scheme it comes from"),
    "source": Told("来源", "source"),
    "subject": Told("评定对象", "subject"),
    "period": Told("考核周期", "period"),
    "cohort": Told("同组范围", "compared among"),
}
IN_POINTS = frozenset({"points", "start", "cap", "floor", "score"})
WINDOWS = {
    "day": Told("每天", "a day"),
    "week": Told("每周", "a week"),
    "month": Told("每月", "a month"),
    "quarter": Told("每季度", "a quarter"),
    "half": Told("每半年", "a half year"),
    "year": Told("每年", "a year"),
    "period": Told("全期", "in the whole period"),
}
WORDS = {
    "ask": Told("留待裁定", "left to a ruling"),
    "refuse": Told("不允许", "not allowed"),
    "down": Told("舍去", "rounded down"),
    "up": Told("进位", "rounded up"),
    "half_up": Told("四舍五入", "half up"),
    "half_even": Told("四舍六入五成双", "half to even"),
    "largest_remainder": Told("最大余数", "largest remainder"),
    "in": Told("都算入", "all counted in"),
    "out": Told("都不算", "none counted in"),
    "sum": Told("合计", "sum"),
    "mean": Told("平均", "mean"),
    "median": Told("取中位数", "median"),
    "max": Told("取最高", "the highest"),
    "min": Told("取最低", "the lowest"),
    "last": Told("取最后", "the last"),
    "count": Told("计次数", "number of times"),
    "month": Told("月", "month"),
    "quarter": Told("季度", "quarter"),
    "half": Told("半年", "half year"),
    "year": Told("年", "year"),
    "day": Told("天", "day"),
    "week": Told("周", "week"),
    "period": Told("本期", "this period"),
    "always": Told("不限", "no limit"),
    "none": Told("不计分", "no score"),
    "previous": Told("上期等次", "grade of the last period"),
    "roster": Told("名册", "roster"),
    "member": Told("党员", "members"),
    "organization": Told("组织", "organizations"),
    "enterprise": Told("企业", "enterprises"),
    "project": Told("项目", "projects"),
}
NOTHING = Told("无", "none")
POINTS = Told(" 分", " points")
NO_UNIT = Told("", "")


def said(value: object, key: str = "") -> Told:  # noqa: PLR0911 - one line per kind
    """A value in words: 是/否, 无, numbers plain, formulas as written, lists with 、."""
    match value:
        case None | "" | () | {}:
            return NOTHING
        case bool():
            return Told("是", "yes") if value else Told("否", "no")
        case Decimal() | int():
            return same(_number(Decimal(value)))
        case str():
            own = key in ("title", "clause", "basis")
            return same(f"“{value}”") if own else WORDS.get(value, same(value))
        case Formula():
            return WORDS.get(value.text, same(value.text))
        case Rounding():
            mode = WORDS[value.mode]
            return told(
                "保留 {n} 位小数（{mode}）", "{n} decimal places ({mode})", n=str(value.places), mode=mode
            )
        case Limit():
            return _limit(value)
        case Field():
            return listed([same(one) for one in value.options]) if value.options else same(value.kind)
        case _:
            return _several(value)


def in_unit(key: str, old: Told, new: Told) -> Told:
    """` 分` when both are numbers of points."""
    numbers = all(one.zh.lstrip("-").replace(".", "", 1).isdigit() for one in (old, new) if one != NOTHING)
    return POINTS if key in IN_POINTS and numbers else NO_UNIT


def share(value: Decimal) -> str:
    """`0.3` as 30%."""
    return f"{_number(value * 100)}%"


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _limit(limit: Limit) -> Told:
    if limit.low is None:
        return same(_number(limit.high))
    return told("{low} 到 {high}", "{low} to {high}", low=_number(limit.low), high=_number(limit.high))


def _several(value: object) -> Told:
    if isinstance(value, Mapping):
        return listed(
            [told("{name} {of}", "{name} {of}", name=name, of=said(one)) for name, one in value.items()]
        )
    if isinstance(value, tuple):
        return listed([said(one) for one in value])
    return same(type(value).__name__ if isinstance(value, Struct) else str(value))
