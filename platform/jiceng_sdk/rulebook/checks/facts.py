"""Facts: which keys belong to which kind, and values that agree with each other."""

from collections.abc import Iterator
from decimal import Decimal

from jiceng_sdk.faults import Fault
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.parts import MONTHS, Fact, Field

MOST_PLACES = 12
_ONLY = {
    "options": ("choice", "result"),
    "fields": ("event", "ballot"),
    "default": ("number", "flag"),
    "absent": ("choice",),
    "min": ("number", "result"),
    "max": ("number", "result"),
    "each": ("number", "flag", "choice", "date"),
    "many": ("choice",),
    "scheme": ("result",),
    "voters": ("ballot",),
}
KINDS = {
    "number": "数",
    "flag": "是否",
    "choice": "选项",
    "date": "日期",
    "event": "事件",
    "ballot": "评议票",
    "result": "评定结果",
}


def facts(found: Analysis) -> Iterator[Fault]:
    """Faults of facts."""
    book = found.book
    for name, fact in book.facts.items():
        path = f"facts.{name}"
        yield from _keys(fact, path)
        yield from _values(fact, path)
        if fact.each and MONTHS[fact.each] > MONTHS.get(book.period, 0):
            zh = f"each = '{fact.each}' 比考核周期（{book.period}）还长"
            en = f"each = {fact.each!r} is longer than the period ({book.period})"
            yield Fault(zh=zh, en=en, path=f"{path}.each", code="shape")
        for field, shape in fact.fields.items():
            yield from _field(shape, f"{path}.fields.{field}")


def _keys(fact: Fact, path: str) -> Iterator[Fault]:
    for key, kinds in _ONLY.items():
        value = getattr(fact, key)
        if value not in (None, (), {}, "", False) and fact.kind not in kinds:
            words = "、".join(KINDS[kind] for kind in kinds)
            zh = f"{key} 只用于{words}，这里是{KINDS[fact.kind]}"
            en = f"{key!r} belongs to {', '.join(kinds)}, this is a {fact.kind}"
            yield Fault(zh=zh, en=en, path=f"{path}.{key}", code="shape")
    if fact.many and (fact.each or fact.absent):
        zh, en = "many 不能与 each、absent 同用", "`many` cannot be used with `each` or `absent`"
        yield Fault(zh=zh, en=en, path=f"{path}.many", code="shape")
    if fact.required and (fact.default is not None or fact.absent is not None):
        zh = "required 与 default、absent 矛盾：有默认值就不必填报"
        en = "`required` contradicts a default"
        yield Fault(zh=zh, en=en, path=f"{path}.required", code="shape")


def _values(fact: Fact, path: str) -> Iterator[Fault]:
    yield from _range(fact.min, fact.max, fact.places, path)
    default = fact.default
    if default is None or fact.kind not in ("number", "flag"):
        return
    if (fact.kind == "flag") != isinstance(default, bool):
        zh, en = "default 与种类不符", "the default is of another kind"
        yield Fault(zh=zh, en=en, path=f"{path}.default", code="type")
    elif fact.kind == "number" and not _within(Decimal(default), fact):
        zh, en = "default 不在 min 到 max 之间", "the default is not between min and max"
        yield Fault(zh=zh, en=en, path=f"{path}.default", code="range")


def _within(value: Decimal, fact: Fact) -> bool:
    return (fact.min is None or value >= fact.min) and (fact.max is None or value <= fact.max)


def _range(low: Decimal | None, high: Decimal | None, places: int, path: str) -> Iterator[Fault]:
    if low is not None and high is not None and low > high:
        zh, en = f"min {low} 大于 max {high}", f"min {low} is above max {high}"
        yield Fault(zh=zh, en=en, path=f"{path}.min", code="range")
    if not 0 <= places <= MOST_PLACES:
        zh, en = f"places 要在 0 到 {MOST_PLACES} 之间", f"places must be from 0 to {MOST_PLACES}"
        yield Fault(zh=zh, en=en, path=f"{path}.places", code="range")


def _field(field: Field, path: str) -> Iterator[Fault]:
    yield from _range(field.min, field.max, field.places, path)
    if (field.kind == "choice") != bool(field.options):
        zh = "选项字段要写 options，别的字段不能写"
        en = "options belong to a choice field, and to no other"
        yield Fault(zh=zh, en=en, path=f"{path}.options", code="shape")
    if field.kind != "number" and (field.min is not None or field.max is not None):
        zh, en = "min、max 只用于数", "min and max belong to a number"
        yield Fault(zh=zh, en=en, path=path, code="shape")
