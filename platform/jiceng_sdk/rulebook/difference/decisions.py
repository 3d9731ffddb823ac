"""Differences of the decisions: their order is content, so a move is a change of its own."""

from collections.abc import Iterator
from decimal import Decimal

from jiceng_sdk.rulebook.difference.change import Change, change, keys, table
from jiceng_sdk.rulebook.difference.words import share
from jiceng_sdk.rulebook.parts import Band, Bands, Decision, Override, Quota, Rulebook
from jiceng_sdk.told import Told, listed, same, told

_DO = {
    "Bands": Told("等次表", "table of grades"),
    "Override": Told("特别规定", "special rule"),
    "Quota": Told("名额", "quota"),
    "Step": Told("逐级晋升", "step by step"),
}
_PLACES = Told(" 个", " places")
_OWN = frozenset({"rows", "share", "places", "ratio"})


def decisions(old: Rulebook, new: Rulebook) -> Iterator[Change]:
    """Decisions added, removed, changed, moved."""
    pairs, gone, fresh = matched(old, new)
    for n in gone:
        gone_one = told("去掉决定“{name}”", "decision “{name}” removed", name=called(old.decide[n]))
        yield change(f"decide[{n}]", "removed", gone_one)
    for n in fresh:
        zh, en = "增加决定“{name}”{place}", "decision “{name}” added{place}"
        added = told(zh, en, name=called(new.decide[n]), place=_place(new, n))
        yield change(f"decide[{n}]", "added", added)
    for before, after in pairs:
        yield from _decision(old.decide[before], new.decide[after], f"decide[{after}]")
    order = [before for before, _ in pairs]
    if order != sorted(order):
        was = listed([called(old.decide[n]) for n in sorted(order)], " → ", " → ")
        now = listed([called(new.decide[n]) for _, n in pairs], " → ", " → ")
        zh, en = "决定的先后改变：原为 {was}，现为 {now}", "order of the decisions: was {was}, is now {now}"
        yield change("decide", "moved", told(zh, en, was=was, now=now))


def called(rule: Decision) -> Told:
    """What people call a decision: its title, else what it does."""
    return same(rule.title) if rule.title else _DO[type(rule).__name__]


def _place(book: Rulebook, n: int) -> Told:
    if n == 0:
        return Told("，排在最先", ", the first of all")
    return told("，排在“{name}”之后", ", after “{name}”", name=called(book.decide[n - 1]))


def _key(rule: Decision) -> str:
    word = rule.title
    if not word and isinstance(rule, Override):
        word = rule.when.text
    return f"{type(rule).__name__}:{word}"


def matched(old: Rulebook, new: Rulebook) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Pairs of the same decision in the order of the new book; first by title, then by kind and place."""
    left = list(range(len(old.decide)))
    pairs: dict[int, int] = {}
    for alike in (_key, lambda rule: type(rule).__name__):
        for n, rule in enumerate(new.decide):
            if n in pairs:
                continue
            found = next((m for m in left if alike(old.decide[m]) == alike(rule)), None)
            if found is not None:
                pairs[n] = found
                left.remove(found)
    fresh = [n for n in range(len(new.decide)) if n not in pairs]
    return [(pairs[n], n) for n in sorted(pairs)], left, fresh


def _decision(old: Decision, new: Decision, path: str) -> Iterator[Change]:
    whose = told("“{name}”", "“{name}”", name=called(new))
    yield from keys(old, new, path, whose, _OWN)
    if isinstance(old, Bands) and isinstance(new, Bands):
        yield from _bands(old.rows, new.rows, f"{path}.rows")
    if isinstance(old, Quota) and isinstance(new, Quota):
        yield from table(f"{path}.share", whose, _percent(old.share), _percent(new.share))
        yield from table(f"{path}.places", whose, old.places, new.places, _PLACES)
        yield from table(
            f"{path}.ratio", told("{whose}比例中", "{whose}, ratio", whose=whose), old.ratio, new.ratio
        )


def _percent(shares: dict[str, Decimal]) -> dict[str, object]:
    return {grade: share(value) for grade, value in shares.items()}


def _bands(old: tuple[Band, ...], new: tuple[Band, ...], path: str) -> Iterator[Change]:
    before, after = _by_grade(old), _by_grade(new)
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key), after.get(key)
        if was is None and now is not None:
            zh, en = "增加等次行：{when} 为{grade}", "row of the table of grades added: {when} is {grade}"
            where = f"{path}[{new.index(now)}]"
            yield change(where, "added", told(zh, en, when=now.when.text, grade=now.grade))
        elif now is None and was is not None:
            zh, en = "去掉等次行：{when} 为{grade}", "row of the table of grades removed: {when} is {grade}"
            yield change(path, "removed", told(zh, en, when=was.when.text, grade=was.grade))
        elif was is not None and now is not None:
            where = f"{path}[{new.index(now)}]"
            if was.when != now.when:
                zh, en = "{grade}的界限 {old} → {new}", "boundary of {grade} {old} → {new}"
                words = told(zh, en, grade=now.grade, old=was.when.text, new=now.when.text)
                yield change(where, "changed", words)
            label = told("{grade}一行", "row of {grade}", grade=now.grade)
            yield from keys(was, now, where, label, frozenset({"when", "grade"}))


def _by_grade(rows: tuple[Band, ...]) -> dict[tuple[str, int], Band]:
    found: dict[tuple[str, int], Band] = {}
    for row in rows:
        count = sum(grade == row.grade for grade, _ in found)
        found[row.grade, count] = row
    return found
