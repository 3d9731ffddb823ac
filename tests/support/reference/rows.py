"""From the rows of a fact to a number: when, merge, scale, restored, keep, limit, combine, in this order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

from tests.support.reference.scale import Scaled, scaled
from tests.support.reference.speech import Env, exact, meaning, number
from tests.support.reference.values import OPEN, No, Value
from tests.support.reference.world import World

from jiceng_sdk.expressions.tree import Call
from jiceng_sdk.rulebook import Fact, Item, Rulebook

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
Row = dict[str, Any]
Total = Fraction | None


def window(unit: str, row: Row, world: World) -> Any:
    """In which day, week, month … of the period (or under which word of a field) a row falls."""
    if unit == "period":
        return 0
    if unit == "day":
        return row["date"]
    if unit == "week":
        return row["date"] - timedelta(days=row["date"].weekday())
    if unit not in MONTHS:
        return row.get(unit)
    months = (row["date"].year - world.start.year) * 12 + row["date"].month - world.start.month
    return months // MONTHS[unit]


def from_rows(book: Rulebook, item: Item, rows: Sequence[Row], env: Env, world: World) -> Total:
    """Points of an item that reads rows, before start, cap, floor and round. None: no answer."""
    fact = book.facts[item.from_ or ""]
    asked = [(row, meaning(item.when, _of(row, fact, env)) if item.when else True) for row in rows]
    if any(isinstance(hit, No) for _, hit in asked):
        return None
    hits = _numbered([row for row, hit in asked if hit], fact)
    taken = [row for row in hits for _ in range(int(row.get("votes", 1)))]
    if _too_few(item, len(taken), env):
        return None
    if item.combine == "count" and not item.keep:
        return Fraction(len(taken))
    points = _points(item, _merged(item, taken, fact, env, world), fact, env)
    if points is None:
        return None
    for unit, most in item.keep.items():
        points = _best(points, unit, most, world)
    if item.combine == "count":
        return Fraction(len(points))
    drop = [number(formula, env) for formula in item.drop] or [Fraction(0), Fraction(0)]
    ends = [max(int(many), 0) for many in drop if many is not None]
    return _combined(item, points, world, (ends[0], ends[1])) if len(ends) == len(drop) else None


def _of(row: Row, fact: Fact, env: Env) -> Env:
    own: dict[str, Value] = {"date": row.get("date", OPEN), "votes": Fraction(int(row.get("votes", 1)))}
    for name, shape in fact.fields.items():
        own[name] = row.get(name, False if shape.kind == "flag" else OPEN)
    for word in ("score", "grade", "role"):
        if fact.kind == "result":
            own[f"result.{word}"] = row.get(word, OPEN)
    own |= {name: row[name] for name in ("nth", "value") if name in row}
    if fact.many:
        own |= {name: word for name, word in row.items() if name not in ("date", "votes")}
    return env.over(own)


def _counted(env: Env, row: Row, rows: list[Row], fact: Fact) -> Env:
    """With `nth(x)`: how many rows up to this one have the same x."""

    def nth(call: Call, own: Env) -> Value:
        mine = meaning(call.args[0], own)
        if isinstance(mine, No):
            return OPEN
        before = {one["nth"]: one for one in rows if one["nth"] <= row["nth"]}
        return Fraction(sum(meaning(call.args[0], _of(one, fact, own)) == mine for one in before.values()))

    return replace(env, calls={**env.calls, "nth": nth})


def _numbered(rows: Sequence[Row], fact: Fact) -> list[Row]:
    """Rows by date and content, each with its number `nth` within the period."""
    order = sorted(rows, key=lambda row: (str(row.get("date")), *_content(row, fact), str(sorted(row))))
    return [{**row, "nth": Fraction(n)} for n, row in enumerate(order, 1)]


def _content(row: Row, fact: Fact) -> list[tuple[bool, Any]]:
    """The fields in the order of the rulebook, words in that of their options; what is missing comes last."""
    found = []
    for name, shape in fact.fields.items():
        value = row.get(name, False if shape.kind == "flag" else None)
        word = shape.options.index(value) if value is not None and shape.options else value
        found.append((value is None, 0 if value is None else word))
    return found


def _too_few(item: Item, cast: int, env: Env) -> bool:
    least = number(item.quorum, env) if item.quorum else Fraction(item.combine in ("mean", "median"))
    return least is None or cast < least


def _merged(item: Item, rows: list[Row], fact: Fact, env: Env, world: World) -> list[Row] | None:
    """One row per window (or word of a field) with the sum of `value`."""
    if not item.merge:
        return rows
    found: dict[Any, Row] = {}
    for row in rows:
        value = number(item.value, _of(row, fact, env)) if item.value else Fraction(0)
        if value is None:
            return None
        key = window(item.merge, row, world)
        into = found.setdefault(key, {"date": row["date"], "value": Fraction(0), item.merge: key})
        into["date"] = min(into["date"], row["date"])
        into["value"] += value
    return _numbered(list(found.values()), fact)


def _points(item: Item, rows: list[Row] | None, fact: Fact, env: Env) -> list[tuple[Fraction, Row]] | None:
    if rows is None:
        return None
    found = []
    for row in rows:
        own = _counted(_of(row, fact, env), row, rows, fact)
        if item.merge:
            kept = ("date", "value", item.merge, "nth")
            own = _counted(env.over({name: row[name] for name in kept}), row, rows, fact)
        mended = meaning(item.restored, own) if item.restored else False
        worth: Scaled = Fraction(0) if item.combine == "count" else scaled(item, own, fact)
        if worth is None or isinstance(mended, No):
            return None
        found.append((Fraction(0) if mended else worth, row))
    return found


def _best(
    points: list[tuple[Fraction, Row]], unit: str, most: int, world: World
) -> list[tuple[Fraction, Row]]:
    """The `most` highest per window or word; equal ones are taken by date, then by content."""
    order = sorted(
        points, key=lambda one: (-one[0], str(one[1].get("date")), str(sorted(map(str, one[1].items()))))
    )
    seen: dict[Any, int] = {}
    kept = []
    for one in order:
        key = window(unit, one[1], world)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= most:
            kept.append(one)
    return kept


def _combined(item: Item, points: list[tuple[Fraction, Row]], world: World, drop: tuple[int, int]) -> Total:
    if item.limit:
        return _limited(item, points, world)
    marks = sorted(worth for worth, _ in points)
    marks = marks[drop[0] : max(len(marks) - drop[1], 0)]
    match item.combine:
        case "mean":
            return sum(marks, Fraction(0)) / len(marks) if marks else None
        case "median":
            middle = len(marks) // 2
            return (marks[middle] + marks[-middle - 1]) / 2 if marks else None
        case "max":
            return max(marks, default=Fraction(0))
        case "min":
            return min(marks, default=Fraction(0))
        case _:
            return sum(marks, Fraction(0))


def _limited(item: Item, points: list[tuple[Fraction, Row]], world: World) -> Fraction:
    """Sums held between low and high per window, window after window as `limit` lists them."""
    units = [limit.per for limit in item.limit]
    parts = [(tuple(window(unit, row, world) for unit in units), worth) for worth, row in points]
    for limit in item.limit:
        sums: dict[tuple[Any, ...], Fraction] = {}
        for key, worth in parts:
            sums[key] = sums.get(key, Fraction(0)) + worth
        low = limit.low
        parts = [
            (
                key[1:],
                max(Fraction(low), min(worth, Fraction(limit.high)))
                if low is not None
                else min(worth, Fraction(limit.high)),
            )
            for key, worth in sums.items()
        ]
    return sum((worth for _, worth in parts), Fraction(0))


def plain(value: Value) -> Fraction:
    """A number of a row."""
    return exact(value)
