"""Differences of the decisions: their order is content, so a move is a change of its own."""

from collections.abc import Iterator
from decimal import Decimal

from jiceng_sdk.rulebook.difference.change import Change, keys, table
from jiceng_sdk.rulebook.difference.words import share
from jiceng_sdk.rulebook.parts import Band, Bands, Decision, Override, Quota, Rulebook

_DO = {"Bands": "等次表", "Override": "特别规定", "Quota": "名额", "Step": "逐级晋升"}
_OWN = frozenset({"rows", "share", "places", "ratio"})


def decisions(old: Rulebook, new: Rulebook) -> Iterator[Change]:
    """Decisions added, removed, changed, moved."""
    pairs, gone, fresh = matched(old, new)
    for n in gone:
        yield Change(path=f"decide[{n}]", kind="removed", zh=f"去掉决定“{called(old.decide[n])}”")
    for n in fresh:
        yield Change(
            path=f"decide[{n}]", kind="added", zh=f"增加决定“{called(new.decide[n])}”{_place(new, n)}"
        )
    for before, after in pairs:
        yield from _decision(old.decide[before], new.decide[after], f"decide[{after}]")
    order = [before for before, _ in pairs]
    if order != sorted(order):
        was = " → ".join(called(old.decide[n]) for n in sorted(order))
        now = " → ".join(called(new.decide[n]) for _, n in pairs)
        yield Change(path="decide", kind="moved", zh=f"决定的先后改变：原为 {was}，现为 {now}")


def called(rule: Decision) -> str:
    """What people call a decision: its title, else what it does."""
    return rule.title or _DO[type(rule).__name__]


def _place(book: Rulebook, n: int) -> str:
    return "，排在最先" if n == 0 else f"，排在“{called(book.decide[n - 1])}”之后"


def _key(rule: Decision) -> str:
    word = rule.title
    if not word and isinstance(rule, Override):
        word = rule.when.text
    return f"{type(rule).__name__}:{word}"


def matched(old: Rulebook, new: Rulebook) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Pairs of the same decision in the order of the new book; first by title, then by kind and place."""
    left = list(range(len(old.decide)))
    pairs: dict[int, int] = {}
    for same in (_key, lambda rule: type(rule).__name__):
        for n, rule in enumerate(new.decide):
            if n in pairs:
                continue
            found = next((m for m in left if same(old.decide[m]) == same(rule)), None)
            if found is not None:
                pairs[n] = found
                left.remove(found)
    fresh = [n for n in range(len(new.decide)) if n not in pairs]
    return [(pairs[n], n) for n in sorted(pairs)], left, fresh


def _decision(old: Decision, new: Decision, path: str) -> Iterator[Change]:
    whose = f"“{called(new)}”"
    yield from keys(old, new, path, whose, _OWN)
    if isinstance(old, Bands) and isinstance(new, Bands):
        yield from _bands(old.rows, new.rows, f"{path}.rows")
    if isinstance(old, Quota) and isinstance(new, Quota):
        yield from table(f"{path}.share", whose, _percent(old.share), _percent(new.share))
        yield from table(f"{path}.places", whose, old.places, new.places, " 个")
        yield from table(f"{path}.ratio", f"{whose}比例中", old.ratio, new.ratio)


def _percent(shares: dict[str, Decimal]) -> dict[str, object]:
    return {grade: share(value) for grade, value in shares.items()}


def _bands(old: tuple[Band, ...], new: tuple[Band, ...], path: str) -> Iterator[Change]:
    before, after = _by_grade(old), _by_grade(new)
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key), after.get(key)
        if was is None and now is not None:
            where = f"{path}[{new.index(now)}]"
            yield Change(path=where, kind="added", zh=f"增加等次行：{now.when.text} 为{now.grade}")
        elif now is None and was is not None:
            yield Change(path=path, kind="removed", zh=f"去掉等次行：{was.when.text} 为{was.grade}")
        elif was is not None and now is not None:
            where = f"{path}[{new.index(now)}]"
            if was.when != now.when:
                zh = f"{now.grade}的界限 {was.when.text} → {now.when.text}"
                yield Change(path=where, kind="changed", zh=zh)
            yield from keys(was, now, where, f"{now.grade}一行", frozenset({"when", "grade"}))


def _by_grade(rows: tuple[Band, ...]) -> dict[tuple[str, int], Band]:
    found: dict[tuple[str, int], Band] = {}
    for row in rows:
        count = sum(grade == row.grade for grade, _ in found)
        found[row.grade, count] = row
    return found
