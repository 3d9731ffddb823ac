"""Names: readable in expressions, not reserved, used once across all sections."""

import re
from collections.abc import Iterator

from jiceng_sdk.expressions.parse import RESERVED
from jiceng_sdk.faults import Fault
from jiceng_sdk.rulebook import sources
from jiceng_sdk.rulebook.meaning import Analysis

SECTIONS = ("classes", "facts", "items", "groups", "outputs", "area")
_NAME = re.compile(r"[^\W\d]\w*")
_TAKEN = RESERVED | sources.RESERVED | {"subject"}


def names(found: Analysis) -> Iterator[Fault]:
    """Faults of names of parts and of event fields."""
    book = found.book
    seen: dict[str, str] = {}
    for section in SECTIONS:
        for name in getattr(book, section):
            path = f"{section}.{name}"
            yield from _readable(name, path)
            if name in seen:
                zh = f"名称“{name}”已在 {seen[name]} 用过，所有名称不能重复"
                yield Fault(zh=zh, en=f"{name!r} is already in {seen[name]}", path=path, code="duplicate")
            seen.setdefault(name, section)
    for name, fact in book.facts.items():
        for field in fact.fields:
            path = f"facts.{name}.fields.{field}"
            yield from _readable(field, path)
            if field in seen:
                zh = f"字段“{field}”与 {seen[field]}.{field} 同名，算式里分不清，请改名"
                en = f"the field is called like {seen[field]}.{field}"
                yield Fault(zh=zh, en=en, path=path, code="duplicate")


def _readable(name: str, path: str) -> Iterator[Fault]:
    if name in _TAKEN:
        zh = f"“{name}”是保留的词，请换一个名称"
        yield Fault(zh=zh, en=f"{name!r} is a reserved word", path=path, code="name")
    elif not _NAME.fullmatch(name):
        zh = f"名称“{name}”只能由文字、数字和下划线组成，不能以数字开头"
        en = f"the name {name!r} may only have letters, digits and _, and not begin with a digit"
        yield Fault(zh=zh, en=en, path=path, code="name")
