"""Does raw data have the form of a struct? Every unknown key, missing key and wrong kind of value at once."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from msgspec import inspect

from jiceng_sdk.expressions.tokens import DIGITS_AFTER_POINT, DIGITS_BEFORE_POINT
from jiceng_sdk.faults import Fault, meant, nearest

Raw = Any
_LARGEST = Decimal(10) ** DIGITS_BEFORE_POINT
_WORDS = {
    inspect.StrType: ("文字", "text"),
    inspect.IntType: ("整数", "a whole number"),
    inspect.DecimalType: ("数", "a number"),
    inspect.BoolType: ("true 或 false", "true or false"),
    inspect.CustomType: ("数或表达式", "a number or an expression"),
    inspect.DictType: ("表 { … }", "a table"),
    inspect.StructType: ("表 { … }", "a table"),
    inspect.VarTupleType: ("列表 [ … ]", "a list"),
    inspect.TupleType: ("列表 [ … ]", "a list"),
}


_SAMPLES = {
    "keep": "keep = { month = 1 }",
    "limit": "limit = { month = 5 }",
    "line": "line = [[0, 0], [100, 20]]",
    "choice": 'choice = { "优秀" = 20 }',
    "share": 'share = { "优秀" = 0.1 }',
    "fields": 'fields = { hours = "number" }',
    "checks": 'checks = [{ when = "…", points = -5 }]',
    "steps": 'steps = [{ when = "…", points = 5 }]',
    "decide": "[[decide]]",
    "calendar": '[calendar.2026] off = ["10-01..10-07"]',
    "off": 'off = ["10-01..10-07"]',
    "work": 'work = ["10-10"]',
}
"""How it is written that people write otherwise."""
_OTHER_WORDS = {
    "average": "mean", "avg": "mean", "total": "sum", "monthly": "month", "quarterly": "quarter",
    "yearly": "year", "annual": "year", "daily": "day", "veto": "override", "exempt": "override",
    "ranking": "quota", "levels": "bands", "boolean": "flag", "bool": "flag", "string": "text",
    "int": "number", "float": "number", "enum": "choice", "list": "event", "vote": "ballot",
    "holidays": "calendar", "workdays": "calendar", "holiday": "off",
    "rest": "off", "workday": "work", "makeup": "work",
}  # fmt: skip
"""Words of other systems."""
_MEANT = {
    "number": "数", "flag": "是否", "choice": "选项", "date": "日期", "text": "文字", "event": "事件",
    "ballot": "评议票", "result": "评定结果", "member": "党员", "organization": "组织", "enterprise": "企业",
    "project": "项目", "day": "天", "week": "周", "month": "月", "quarter": "季度", "half": "半年",
    "year": "年", "sum": "合计", "mean": "平均", "median": "中位数", "max": "最高", "min": "最低",
    "count": "次数",
    "last": "最后",
    "ask": "留待裁定", "down": "舍去", "up": "进位", "half_up": "四舍五入",
    "half_even": "四舍六入五成双",
    "largest_remainder": "最大余数", "bands": "等次表", "override": "特别规定", "quota": "名额",
    "step": "逐级晋升", "always": "不限", "roster": "名册",
    "province": "省", "city": "市", "district": "区县", "town": "乡镇",
}  # fmt: skip
"""The words of the vocabulary, and of who has a scheme, as people call them."""


@lru_cache
def shape_of(kind: type) -> inspect.Type:
    """The form of a struct."""
    return inspect.type_info(kind)


def mismatches(raw: Raw, kind: inspect.Type, path: str = "") -> Iterator[Fault]:
    """Every way in which `raw` (dicts, lists, text, int, Decimal, bool) is not of this form."""
    match kind:
        case inspect.UnionType():
            yield from _union(raw, kind, path)
        case inspect.StructType() if isinstance(raw, dict):
            yield from _struct(raw, kind, path)
        case inspect.DictType() if isinstance(raw, dict):
            for key, value in raw.items():
                yield from mismatches(value, kind.value_type, _join(path, key))
        case inspect.VarTupleType() if isinstance(raw, list):
            for n, value in enumerate(raw):
                yield from mismatches(value, kind.item_type, f"{path}[{n}]")
        case inspect.TupleType() if isinstance(raw, list):
            yield from _pair(raw, kind, path)
        case inspect.LiteralType():
            if raw not in kind.values or isinstance(raw, bool):
                yield _none_of(raw, [str(value) for value in kind.values], path)
        case _:
            yield from _plain(raw, kind, path)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else str(key)


def _plain(raw: Raw, kind: inspect.Type, path: str) -> Iterator[Fault]:
    number = isinstance(raw, (int, Decimal)) and not isinstance(raw, bool)
    fits = {
        inspect.StrType: isinstance(raw, str),
        inspect.IntType: isinstance(raw, int) and number,
        inspect.DecimalType: number,
        inspect.BoolType: isinstance(raw, bool),
        inspect.CustomType: number or isinstance(raw, str),
    }.get(type(kind), False)
    if not fits:
        zh, en = _WORDS.get(type(kind), ("别的内容", "something else"))
        hint_zh, hint_en = _hint(raw, kind, path)
        space = " " if zh[0].isascii() else ""
        zh, en = f"这里要{space}{zh}，写的是{_shown(raw)}{hint_zh}", f"{en} is needed here{hint_en}"
        yield Fault(zh=zh, en=en, path=path, code="shape")
    elif number:
        yield from _size(raw, path)


def _hint(raw: Raw, kind: inspect.Type, path: str) -> tuple[str, str]:
    if isinstance(kind, inspect.DecimalType) and isinstance(raw, str) and raw.endswith("%"):
        return "；百分数写成小数，如 0.5", "; write a percentage as a decimal, such as 0.5"
    if isinstance(kind, inspect.CustomType) and isinstance(raw, bool):
        return "；算式要加引号", "; an expression is quoted"
    if isinstance(kind, inspect.BoolType) and isinstance(raw, str):
        return "；不要加引号", "; without quotes"
    key = re.sub(r"\[\d+\]$", "", path).rsplit(".", maxsplit=1)[-1]
    key = "calendar" if path.startswith("calendar.") and path.count(".") == 1 else key
    if key in _SAMPLES:
        return f"；如 {_SAMPLES[key]}", f"; as in {_SAMPLES[key]}"
    if isinstance(kind, inspect.VarTupleType) and isinstance(raw, str):
        listed = ", ".join(f'"{one.strip()}"' for one in re.split("[、，,；;]", raw))
        return f"；请写成 [{listed}]", f"; write [{listed}]"
    return "", ""


def _size(raw: int | Decimal, path: str) -> Iterator[Fault]:
    value = Decimal(raw)
    if not value.is_finite() or abs(value) >= _LARGEST:
        zh = f"数太大：小数点前最多 {DIGITS_BEFORE_POINT} 位（不能是 nan、inf）"
        en = f"a number has at most {DIGITS_BEFORE_POINT} digits before the point, and is not nan or inf"
        yield Fault(zh=zh, en=en, path=path, code="number")
    elif -int(value.as_tuple().exponent) > DIGITS_AFTER_POINT:
        zh = f"小数太长：最多 {DIGITS_AFTER_POINT} 位"
        yield Fault(zh=zh, en=f"at most {DIGITS_AFTER_POINT} decimals", path=path, code="number")


def _pair(raw: list[Raw], kind: inspect.TupleType, path: str) -> Iterator[Fault]:
    wanted = len(kind.item_types)
    if len(raw) != wanted:
        zh = f"这里要 {wanted} 个值，写了 {len(raw)} 个"
        yield Fault(zh=zh, en=f"{wanted} values are needed here, {len(raw)} given", path=path, code="shape")
        return
    for n, (value, one) in enumerate(zip(raw, kind.item_types, strict=True)):
        yield from mismatches(value, one, f"{path}[{n}]")


def _union(raw: Raw, kind: inspect.UnionType, path: str) -> Iterator[Fault]:
    structs = [one for one in kind.types if isinstance(one, inspect.StructType)]
    tags = {str(one.tag): one for one in structs if one.tag is not None}
    if tags and isinstance(raw, dict):
        field = str(structs[0].tag_field)
        chosen = tags.get(str(raw.get(field)))
        if chosen is None:
            yield _none_of(raw.get(field, ""), list(tags), _join(path, field))
        else:
            yield from _struct(raw, chosen, path)
        return
    choices = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
    found = [list(mismatches(raw, one, path)) for one in choices]
    if not all(found):
        return
    if len(choices) > 1 and all(type(one) in _WORDS for one in choices) and not _numeric(raw):
        words = [_WORDS[type(one)] for one in choices]
        zh, en = "，或 ".join(zh for zh, _ in words), " or ".join(en for _, en in words)
        yield Fault(zh=f"这里要{zh}，写的是{_shown(raw)}", en=f"{en} is needed here", path=path, code="shape")
        return
    yield from next((faults for faults in found if faults[0].code == "number"), found[0])


def _numeric(raw: Raw) -> bool:
    return isinstance(raw, (int, Decimal)) and not isinstance(raw, bool)


def _struct(raw: dict[str, Raw], kind: inspect.StructType, path: str) -> Iterator[Fault]:
    known = {field.encode_name: field for field in kind.fields}
    for key, value in raw.items():
        if key in known:
            yield from mismatches(value, known[key].type, _join(path, key))
        elif key != kind.tag_field:
            near = _OTHER_WORDS.get(key.lower(), "")
            near = near if near in known else nearest(key, known)
            zh, en = meant(near)
            where = _join(path, key)
            yield Fault(
                zh=f"没有“{key}”这一项{zh}",
                en=f"unknown key {key!r}{en}",
                path=where,
                nearest=near,
                code="unknown-key",
            )
    for name, field in known.items():
        if field.required and name not in raw:
            yield Fault(zh=f"缺少“{name}”", en=f"{name!r} is missing", path=path, code="missing-key")


def _none_of(raw: Raw, words: list[str], path: str) -> Fault:
    called = {_MEANT[word]: word for word in words if word in _MEANT}
    like = nearest(str(raw), called)
    other = _OTHER_WORDS.get(str(raw).lower(), "")
    near = other if other in words else nearest(str(raw), words) or called.get(like, "")
    zh, en = meant(near)
    listed = "、".join(f"{word}（{_MEANT[word]}）" if word in _MEANT else word for word in words)
    return Fault(
        zh=f"“{raw}”不是 {listed} 之一{zh}",
        en=f"{raw!r} is none of {', '.join(words)}{en}",
        path=path,
        nearest=near,
        code="word",
    )


def _shown(raw: Raw) -> str:
    if isinstance(raw, dict):
        return "表"
    if isinstance(raw, list):
        return "列表"
    text = str(raw).lower() if isinstance(raw, bool) else str(raw)
    return f"“{text[:40]}”"
