"""Differences of facts, items and groups."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from jiceng_sdk.rulebook.difference.change import Change, change, keys, named, table, words
from jiceng_sdk.rulebook.difference.words import NOTHING, POINTS, WINDOWS, said
from jiceng_sdk.rulebook.parts import Fact, Field, Group, Item, Limit, Row
from jiceng_sdk.told import Told, listed, same, told

_FACT = frozenset({"options", "fields"})
_ITEM = frozenset({"choice", "steps", "checks", "line", "keep", "limit"})
_OPTIONS = ("{whose}的选项", "{whose}, options")
_OWN_OPTIONS = ("{whose}选项", "{whose}, options")
_STEPS = ("{whose}的分档", "{whose}, steps")
_CHECKS = ("{whose}的扣分", "{whose}, deductions")
_FIELD = ("{whose}的“{field}”", "{whose}, “{field}”")
_COUNTED = Told("最多计", "at most"), Told(" 次", " counted")
_LIMITED = Told("最多", "at most"), POINTS


def fact(name: str, old: Fact, new: Fact) -> Iterator[Change]:
    """Differences of one fact."""
    path, whose = f"facts.{name}", same(f"“{named(name, new)}”")
    yield from keys(old, new, path, whose, _FACT)
    yield from words(f"{path}.options", told(*_OPTIONS, whose=whose), old.options, new.options)
    for key in dict.fromkeys([*old.fields, *new.fields]):
        yield from _field(f"{path}.fields.{key}", whose, key, old.fields.get(key), new.fields.get(key))


def _field(path: str, whose: Told, key: str, old: Field | None, new: Field | None) -> Iterator[Change]:
    if old is None:
        zh, en = "{whose}增加字段“{field}”", "{whose}: field “{field}” added"
        yield change(path, "added", told(zh, en, whose=whose, field=named(key, new)))
    elif new is None:
        zh, en = "{whose}去掉字段“{field}”", "{whose}: field “{field}” removed"
        yield change(path, "removed", told(zh, en, whose=whose, field=named(key, old)))
    else:
        own = told(*_FIELD, whose=whose, field=named(key, new))
        yield from keys(old, new, path, own, frozenset({"options"}))
        yield from words(f"{path}.options", told(*_OWN_OPTIONS, whose=own), old.options, new.options)


def item(name: str, old: Item, new: Item) -> Iterator[Change]:
    """Differences of one item."""
    path, whose = f"items.{name}", same(named(name, new))
    yield from keys(old, new, path, whose, _ITEM)
    yield from table(f"{path}.choice", whose, old.choice, new.choice, POINTS)
    yield from rows(f"{path}.steps", told(*_STEPS, whose=whose), old.steps, new.steps)
    yield from rows(f"{path}.checks", told(*_CHECKS, whose=whose), old.checks, new.checks)
    if old.line != new.line:
        zh, en = "{whose}的折线 {old} → {new}", "{whose}: line {old} → {new}"
        yield change(f"{path}.line", "changed", told(zh, en, whose=whose, old=_line(old), new=_line(new)))
    yield from _windows(f"{path}.keep", whose, _COUNTED, old.keep, new.keep)
    yield from _windows(f"{path}.limit", whose, _LIMITED, _limits(old.limit), _limits(new.limit))


def _line(part: Item) -> Told:
    points = [told("{x} 得 {y} 分", "{x} gives {y} points", x=said(x), y=said(y)) for x, y in part.line]
    return listed(points) if points else NOTHING


def _limits(limits: tuple[Limit, ...]) -> dict[str, object]:
    return {limit.per: limit for limit in limits}


def _windows(
    path: str, whose: Told, verb: tuple[Told, Told], old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[Change]:
    for per in dict.fromkeys([*old, *new]):
        before, after = old.get(per), new.get(per)
        if before == after:
            continue
        if before is None:
            zh = "{whose}{window}{verb} {new}{unit}（新增限制）"
            en = "{whose}: {verb} {new}{unit} {window} (new limit)"
        elif after is None:
            zh = "{whose}取消{window}{verb} {old}{unit}的限制"
            en = "{whose}: the limit of {verb} {old}{unit} {window} is gone"
        else:
            zh = "{whose}{window}{verb} {old} → {new}{unit}"
            en = "{whose}: {verb} {old} → {new}{unit} {window}"
        window = WINDOWS.get(per, Told(f"同一“{per}”", f"for one “{per}”"))
        parts = {"whose": whose, "window": window, "verb": verb[0], "unit": verb[1]}
        yield change(f"{path}.{per}", "changed", told(zh, en, **parts, old=said(before), new=said(after)))


def rows(path: str, whose: Told, old: tuple[Row, ...], new: tuple[Row, ...]) -> Iterator[Change]:
    """Rows compared by their condition, and those left over by their place."""
    before = {row.when.text: row for row in old}
    after = {row.when.text: row for row in new}
    gone = [row for text, row in before.items() if text not in after]
    fresh = [row for text, row in after.items() if text not in before]
    for n, row in enumerate(new):
        if row.when.text in before:
            label = _row(whose, row.title or row.when.text)
            yield from keys(before[row.when.text], row, f"{path}[{n}]", label, frozenset({"when"}))
    for was, now in zip_longest(gone, fresh):
        if now is None:
            zh, en = "{whose}去掉“{row}”（{points} 分）", "{whose}: “{row}” removed ({points} points)"
            words = told(zh, en, whose=whose, row=was.title or was.when.text, points=said(was.points))
            yield change(path, "removed", words)
            continue
        where = f"{path}[{new.index(now)}]"
        if was is None:
            zh, en = "{whose}增加“{row}”（{points} 分）", "{whose}: “{row}” added ({points} points)"
            words = told(zh, en, whose=whose, row=now.title or now.when.text, points=said(now.points))
            yield change(where, "added", words)
        else:
            yield from keys(was, now, where, _row(whose, now.title or was.when.text))


def _row(whose: Told, title: str) -> Told:
    return told("{whose}“{row}”", "{whose}, “{row}”", whose=whose, row=title)


def group(name: str, old: Group, new: Group, titles: Mapping[str, str]) -> Iterator[Change]:
    """Differences of one group; `titles`: what its members are called."""
    path, whose = f"groups.{name}", same(named(name, new))
    yield from keys(old, new, path, whose, frozenset({"of"}))
    for member in dict.fromkeys([*old.of, *new.of]):
        before, after, title = old.of.get(member), new.of.get(member), titles.get(member, member)
        where, parts = f"{path}.of.{member}", {"whose": whose, "member": same(title)}
        if before is None:
            zh, en = "{whose}计入“{member}”{weight}", "{whose}: “{member}” counts{weight}"
            weight = told("（权重 {n}）", " (weight {n})", n=said(after)) if after != 1 else same("")
            yield change(where, "added", told(zh, en, **parts, weight=weight))
        elif after is None:
            zh, en = "{whose}不再计入“{member}”", "{whose}: “{member}” counts no longer"
            yield change(where, "removed", told(zh, en, **parts))
        elif before != after:
            zh, en = "{whose}中“{member}”的权重 {old} → {new}", "{whose}: weight of “{member}” {old} → {new}"
            yield change(where, "changed", told(zh, en, **parts, old=said(before), new=said(after)))
