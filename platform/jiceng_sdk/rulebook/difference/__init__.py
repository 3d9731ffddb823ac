"""The difference of two rulebooks in plain sentences, Chinese and English: 「学习封顶 12 → 15 分」."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from msgspec import Struct

from jiceng_sdk.rulebook.difference import parts
from jiceng_sdk.rulebook.difference.change import Change, change, keys, named, table, words
from jiceng_sdk.rulebook.difference.decisions import decisions
from jiceng_sdk.rulebook.parts import Rulebook
from jiceng_sdk.told import Told, same, told

P = TypeVar("P", bound=Struct)
_BY_PART = frozenset(
    {
        "grades",
        "classes",
        "facts",
        "items",
        "groups",
        "decide",
        "outputs",
        "area",
        "title",
        "cohort",
        "calendar",
    }
)
_BOOK = Told("规则书的", "rulebook")
_COHORT = Told("同组范围", "compared among")
_GRADES = Told("等次", "grades")
_CLASSES = Told("类别", "classes")
_FACTS = Told("填报内容", "fact")
_ITEMS = Told("项目", "item")
_GROUPS = Told("分组", "group")
_OUTPUTS = Told("产出", "output")
_AREA = Told("总体指标", "area figure")


def difference(old: Rulebook, new: Rulebook) -> tuple[Change, ...]:
    """What changed from `old` to `new`, in the order of a rulebook; empty when nothing did."""
    return tuple(_all(old, new))


def _all(old: Rulebook, new: Rulebook) -> Iterator[Change]:
    if old.title != new.title:
        zh, en = "规则书名称“{old}” → “{new}”", "name of the rulebook “{old}” → “{new}”"
        yield change("title", "changed", told(zh, en, old=old.title, new=new.title))
    yield from keys(old, new, "", _BOOK, _BY_PART)
    yield from words("cohort", _COHORT, old.cohort, new.cohort)
    yield from words("grades", _GRADES, old.grades, new.grades)
    yield from table("classes", _CLASSES, old.classes, new.classes)
    yield from _calendar(old, new)
    titles = {name: named(name, part) for name, part in {**new.items, **new.groups}.items()}
    yield from _section("facts", _FACTS, old.facts, new.facts, parts.fact)
    yield from _section("items", _ITEMS, old.items, new.items, parts.item)
    yield from _section(
        "groups", _GROUPS, old.groups, new.groups, lambda n, a, b: parts.group(n, a, b, titles)
    )
    yield from decisions(old, new)
    yield from _section("outputs", _OUTPUTS, old.outputs, new.outputs, _plain("outputs"))
    yield from _section("area", _AREA, old.area, new.area, _plain("area"))


def _calendar(old: Rulebook, new: Rulebook) -> Iterator[Change]:
    """Days off and made up for, year by year."""
    for year in sorted({*old.calendar, *new.calendar}):
        before, after = old.calendar.get(year), new.calendar.get(year)
        whose, path = told("{year} 年日历", "calendar of {year}", year=year), f"calendar.{year}"
        if after is None:
            yield change(
                path, "removed", told("去掉 {year} 年的日历", "calendar of {year} removed", year=year)
            )
        elif before is None:
            yield change(path, "added", told("增加 {year} 年的日历", "calendar of {year} added", year=year))
        else:
            yield from words(
                f"{path}.off", told("{of}的放假", "{of}, days off", of=whose), before.off, after.off
            )
            made_up = told("{of}的调休上班", "{of}, days made up for", of=whose)
            yield from words(f"{path}.work", made_up, before.work, after.work)


def _plain(section: str) -> Callable[[str, Struct, Struct], Iterator[Change]]:
    return lambda name, old, new: keys(old, new, f"{section}.{name}", same(f"“{named(name, new)}”"))


def _section(
    section: str,
    word: Told,
    old: Mapping[str, P],
    new: Mapping[str, P],
    compare: Callable[[str, P, P], Iterator[Change]],
) -> Iterator[Change]:
    for name, part in old.items():
        if name not in new:
            gone = told("去掉{word}“{name}”", "{word} “{name}” removed", word=word, name=named(name, part))
            yield change(f"{section}.{name}", "removed", gone)
    for name, part in new.items():
        if name in old:
            yield from compare(name, old[name], part)
        else:
            added = told("增加{word}“{name}”", "{word} “{name}” added", word=word, name=named(name, part))
            yield change(f"{section}.{name}", "added", added)
