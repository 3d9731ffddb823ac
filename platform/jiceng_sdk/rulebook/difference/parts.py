"""Differences of facts, items and groups."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from jiceng_sdk.rulebook.difference.change import Change, keys, named, table, words
from jiceng_sdk.rulebook.difference.words import WINDOWS, said
from jiceng_sdk.rulebook.parts import Fact, Field, Group, Item, Limit, Row

_FACT = frozenset({"options", "fields"})
_ITEM = frozenset({"choice", "steps", "checks", "line", "keep", "limit"})


def fact(name: str, old: Fact, new: Fact) -> Iterator[Change]:
    """Differences of one fact."""
    path, whose = f"facts.{name}", f"“{named(name, new)}”"
    yield from keys(old, new, path, whose, _FACT)
    yield from words(f"{path}.options", f"{whose}的选项", old.options, new.options)
    for key in dict.fromkeys([*old.fields, *new.fields]):
        yield from _field(f"{path}.fields.{key}", whose, key, old.fields.get(key), new.fields.get(key))


def _field(path: str, whose: str, key: str, old: Field | None, new: Field | None) -> Iterator[Change]:
    if old is None or new is None:
        kind, verb = ("added", "增加") if old is None else ("removed", "去掉")
        title = named(key, new or old)
        yield Change(path=path, kind=kind, zh=f"{whose}{verb}字段“{title}”")  # type: ignore[arg-type]  # one of the two words above
        return
    yield from keys(old, new, path, f"{whose}的“{named(key, new)}”", frozenset({"options"}))
    yield from words(f"{path}.options", f"{whose}的“{named(key, new)}”选项", old.options, new.options)


def item(name: str, old: Item, new: Item) -> Iterator[Change]:
    """Differences of one item."""
    path, whose = f"items.{name}", named(name, new)
    yield from keys(old, new, path, whose, _ITEM)
    yield from table(f"{path}.choice", whose, old.choice, new.choice, " 分")
    yield from rows(f"{path}.steps", f"{whose}的分档", old.steps, new.steps)
    yield from rows(f"{path}.checks", f"{whose}的扣分", old.checks, new.checks)
    if old.line != new.line:
        zh = f"{whose}的折线 {_line(old)} → {_line(new)}"
        yield Change(path=f"{path}.line", kind="changed", zh=zh)
    yield from _windows(f"{path}.keep", whose, "最多计", " 次", old.keep, new.keep)
    yield from _windows(f"{path}.limit", whose, "最多", " 分", _limits(old.limit), _limits(new.limit))


def _line(part: Item) -> str:
    return "、".join(f"{said(x)} 得 {said(y)} 分" for x, y in part.line) or "无"


def _limits(limits: tuple[Limit, ...]) -> dict[str, object]:
    return {limit.per: limit for limit in limits}


def _windows(
    path: str, whose: str, verb: str, unit: str, old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[Change]:
    for per in dict.fromkeys([*old, *new]):
        before, after = old.get(per), new.get(per)
        if before == after:
            continue
        window = WINDOWS.get(per, f"同一“{per}”")
        if before is None:
            zh = f"{whose}{window}{verb} {said(after)}{unit}（新增限制）"
        elif after is None:
            zh = f"{whose}取消{window}{verb} {said(before)}{unit}的限制"
        else:
            zh = f"{whose}{window}{verb} {said(before)} → {said(after)}{unit}"
        yield Change(path=f"{path}.{per}", kind="changed", zh=zh)


def rows(path: str, whose: str, old: tuple[Row, ...], new: tuple[Row, ...]) -> Iterator[Change]:
    """Rows compared by their condition, and those left over by their place."""
    before = {row.when.text: row for row in old}
    after = {row.when.text: row for row in new}
    gone = [row for text, row in before.items() if text not in after]
    fresh = [row for text, row in after.items() if text not in before]
    for n, row in enumerate(new):
        if row.when.text in before:
            label = f"{whose}“{row.title or row.when.text}”"
            yield from keys(before[row.when.text], row, f"{path}[{n}]", label, frozenset({"when"}))
    for was, now in zip_longest(gone, fresh):
        if now is None:
            zh = f"{whose}去掉“{was.title or was.when.text}”（{said(was.points)} 分）"
            yield Change(path=path, kind="removed", zh=zh)
            continue
        where = f"{path}[{new.index(now)}]"
        if was is None:
            zh = f"{whose}增加“{now.title or now.when.text}”（{said(now.points)} 分）"
            yield Change(path=where, kind="added", zh=zh)
        else:
            yield from keys(was, now, where, f"{whose}“{now.title or was.when.text}”")


def group(name: str, old: Group, new: Group, titles: Mapping[str, str]) -> Iterator[Change]:
    """Differences of one group; `titles`: what its members are called."""
    path, whose = f"groups.{name}", named(name, new)
    yield from keys(old, new, path, whose, frozenset({"of"}))
    for member in dict.fromkeys([*old.of, *new.of]):
        before, after, title = old.of.get(member), new.of.get(member), titles.get(member, member)
        where = f"{path}.of.{member}"
        if before is None:
            weight = "" if after == 1 else f"（权重 {said(after)}）"
            yield Change(path=where, kind="added", zh=f"{whose}计入“{title}”{weight}")
        elif after is None:
            yield Change(path=where, kind="removed", zh=f"{whose}不再计入“{title}”")
        elif before != after:
            zh = f"{whose}中“{title}”的权重 {said(before)} → {said(after)}"
            yield Change(path=where, kind="changed", zh=zh)
