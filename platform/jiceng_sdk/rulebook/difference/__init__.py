"""The difference of two rulebooks in plain Chinese sentences: 「学习封顶 12 → 15 分」."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from msgspec import Struct

from jiceng_sdk.rulebook.difference import parts
from jiceng_sdk.rulebook.difference.change import Change, keys, named, table, words
from jiceng_sdk.rulebook.difference.decisions import decisions
from jiceng_sdk.rulebook.parts import Rulebook

P = TypeVar("P", bound=Struct)
_BY_PART = frozenset(
    {"grades", "classes", "facts", "items", "groups", "decide", "outputs", "area", "title", "cohort"}
)


def difference(old: Rulebook, new: Rulebook) -> tuple[Change, ...]:
    """What changed from `old` to `new`, in the order of a rulebook; empty when nothing did."""
    return tuple(_all(old, new))


def _all(old: Rulebook, new: Rulebook) -> Iterator[Change]:
    if old.title != new.title:
        yield Change(path="title", kind="changed", zh=f"规则书名称“{old.title}” → “{new.title}”")
    yield from keys(old, new, "", "规则书的", _BY_PART)
    yield from words("cohort", "同组范围", old.cohort, new.cohort)
    yield from words("grades", "等次", old.grades, new.grades)
    yield from table("classes", "类别", old.classes, new.classes)
    titles = {name: named(name, part) for name, part in {**new.items, **new.groups}.items()}
    yield from _section("facts", "填报内容", old.facts, new.facts, parts.fact)
    yield from _section("items", "项目", old.items, new.items, parts.item)
    yield from _section(
        "groups", "分组", old.groups, new.groups, lambda n, a, b: parts.group(n, a, b, titles)
    )
    yield from decisions(old, new)
    yield from _section("outputs", "产出", old.outputs, new.outputs, _plain("outputs"))
    yield from _section("area", "全区指标", old.area, new.area, _plain("area"))


def _plain(section: str) -> Callable[[str, Struct, Struct], Iterator[Change]]:
    return lambda name, old, new: keys(old, new, f"{section}.{name}", f"“{named(name, new)}”")


def _section(
    section: str,
    word: str,
    old: Mapping[str, P],
    new: Mapping[str, P],
    compare: Callable[[str, P, P], Iterator[Change]],
) -> Iterator[Change]:
    for name, part in old.items():
        if name not in new:
            yield Change(path=f"{section}.{name}", kind="removed", zh=f"去掉{word}“{named(name, part)}”")
    for name, part in new.items():
        if name in old:
            yield from compare(name, old[name], part)
        else:
            yield Change(path=f"{section}.{name}", kind="added", zh=f"增加{word}“{named(name, part)}”")
