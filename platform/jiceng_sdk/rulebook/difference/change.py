"""One difference between two rulebooks, and the plain comparison of one key."""

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from jiceng_sdk.rulebook.difference.words import KEYS, in_unit, said

ChangeKind = Literal["added", "removed", "changed", "moved"]


class Change(Struct, frozen=True, kw_only=True):
    """`zh` is a sentence without a full stop; `path`: the place in the new rulebook (the old, if removed)."""

    path: str
    kind: ChangeKind
    zh: str


def named(name: str, part: object) -> str:
    """What people call a part: its title, else its name."""
    return getattr(part, "title", "") or name


def keys(
    old: Struct, new: Struct, path: str, whose: str, but: frozenset[str] = frozenset()
) -> Iterator[Change]:
    """Every key of two parts of one kind that differs, except those in `but`."""
    for name, key in zip(new.__struct_fields__, new.__struct_encode_fields__, strict=True):
        before, after = getattr(old, name), getattr(new, name)
        if key not in but and before != after:
            yield one(f"{path}.{key}" if path else key, key, whose, before, after)


def one(path: str, key: str, whose: str, before: object, after: object) -> Change:
    """`学习封顶 12 → 15 分`."""
    if key == "title":
        zh = f"“{before}”改称“{after}”" if before and after else f"{whose}名称 {said(before)} → {said(after)}"
        return Change(path=path, kind="changed", zh=zh)
    old, new = said(before, key), said(after, key)
    return Change(
        path=path, kind="changed", zh=f"{whose}{KEYS.get(key, key)} {old} → {new}{in_unit(key, old, new)}"
    )


def table(
    path: str, whose: str, before: Mapping[str, object], after: Mapping[str, object], unit: str = ""
) -> Iterator[Change]:
    """Two tables from words to values: what was added, dropped, changed."""
    for word in dict.fromkeys([*before, *after]):
        where = f"{path}.{word}"
        if word not in after:
            zh = f"{whose}去掉“{word}”（原 {said(before[word])}{unit}）"
            yield Change(path=where, kind="removed", zh=zh)
        elif word not in before:
            yield Change(path=where, kind="added", zh=f"{whose}增加“{word}”（{said(after[word])}{unit}）")
        elif before[word] != after[word]:
            zh = f"{whose}“{word}” {said(before[word])} → {said(after[word])}{unit}"
            yield Change(path=where, kind="changed", zh=zh)


def words(path: str, whose: str, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Change]:
    """Two lists of words: added, dropped, or in another order."""
    for word in before:
        if word not in after:
            yield Change(path=path, kind="removed", zh=f"{whose}去掉“{word}”")
    for word in after:
        if word not in before:
            yield Change(path=path, kind="added", zh=f"{whose}增加“{word}”")
    kept_before, kept_after = [w for w in before if w in after], [w for w in after if w in before]
    if kept_before != kept_after:
        zh = f"{whose}的顺序 {'、'.join(kept_before)} → {'、'.join(kept_after)}"
        yield Change(path=path, kind="moved", zh=zh)
