"""One difference between two rulebooks, and the plain comparison of one key."""

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from jiceng_sdk.rulebook.difference.words import KEYS, NO_UNIT, in_unit, said
from jiceng_sdk.told import Told, listed, same, told

ChangeKind = Literal["added", "removed", "changed", "moved"]


class Change(Struct, frozen=True, kw_only=True):
    """`zh` and `en` are sentences without a full stop; what the rulebook calls by name stands in both.

    `path`: the place in the new rulebook (the old, if removed).
    """

    path: str
    kind: ChangeKind
    zh: str
    en: str


def change(path: str, kind: ChangeKind, words: Told) -> Change:
    """A change said in both languages."""
    return Change(path=path, kind=kind, zh=words.zh, en=words.en)


def named(name: str, part: object) -> str:
    """What people call a part: its title, else its name."""
    return getattr(part, "title", "") or name


def keys(
    old: Struct, new: Struct, path: str, whose: Told, but: frozenset[str] = frozenset()
) -> Iterator[Change]:
    """Every key of two parts of one kind that differs, except those in `but`."""
    for name, key in zip(new.__struct_fields__, new.__struct_encode_fields__, strict=True):
        before, after = getattr(old, name), getattr(new, name)
        if key not in but and before != after:
            yield one(f"{path}.{key}" if path else key, key, whose, before, after)


def one(path: str, key: str, whose: Told, before: object, after: object) -> Change:
    """`学习封顶 12 → 15 分`; in English `学习: cap 12 → 15 points`."""
    old, new = said(before, key), said(after, key)
    if key == "title" and before and after:
        words = told("“{old}”改称“{new}”", "“{old}” is now called “{new}”", old=str(before), new=str(after))
    elif key == "title":
        words = told(
            "{whose}名称 {old} → {new}", "{whose}: name {old} → {new}", whose=whose, old=old, new=new
        )
    else:
        words = told(
            "{whose}{key} {old} → {new}{unit}",
            "{whose}: {key} {old} → {new}{unit}",
            whose=whose,
            key=KEYS.get(key, same(key)),
            old=old,
            new=new,
            unit=in_unit(key, old, new),
        )
    return change(path, "changed", words)


def table(
    path: str,
    whose: Told,
    before: Mapping[str, object],
    after: Mapping[str, object],
    unit: Told = NO_UNIT,
) -> Iterator[Change]:
    """Two tables from words to values: what was added, dropped, changed."""
    for word in dict.fromkeys([*before, *after]):
        where, parts = f"{path}.{word}", {"whose": whose, "word": same(word), "unit": unit}
        if word not in after:
            zh, en = "{whose}去掉“{word}”（原 {old}{unit}）", "{whose}: “{word}” removed (was {old}{unit})"
            yield change(where, "removed", told(zh, en, **parts, old=said(before[word])))
        elif word not in before:
            zh, en = "{whose}增加“{word}”（{new}{unit}）", "{whose}: “{word}” added ({new}{unit})"
            yield change(where, "added", told(zh, en, **parts, new=said(after[word])))
        elif before[word] != after[word]:
            zh, en = "{whose}“{word}” {old} → {new}{unit}", "{whose}: “{word}” {old} → {new}{unit}"
            values = {"old": said(before[word]), "new": said(after[word])}
            yield change(where, "changed", told(zh, en, **parts, **values))


def words(path: str, whose: Told, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Change]:
    """Two lists of words: added, dropped, or in another order."""
    for word in before:
        if word not in after:
            gone = told("{whose}去掉“{word}”", "{whose}: “{word}” removed", whose=whose, word=word)
            yield change(path, "removed", gone)
    for word in after:
        if word not in before:
            new = told("{whose}增加“{word}”", "{whose}: “{word}” added", whose=whose, word=word)
            yield change(path, "added", new)
    kept_before, kept_after = [w for w in before if w in after], [w for w in after if w in before]
    if kept_before != kept_after:
        old, now = (listed([same(word) for word in kept]) for kept in (kept_before, kept_after))
        zh, en = "{whose}的顺序 {old} → {now}", "{whose}: order {old} → {now}"
        yield change(path, "moved", told(zh, en, whose=whose, old=old, now=now))
