"""What one row, or one subject, is worth by the scale of an item."""

from fractions import Fraction
from itertools import pairwise

from tests.support.reference.speech import Env, exact, meaning, number
from tests.support.reference.values import No, Value

from jiceng_sdk.rulebook import Fact, Item, Row

Scaled = Fraction | None


def scaled(item: Item, env: Env, fact: Fact | None) -> Scaled:
    """Points of the scale; None when it gives no answer."""
    if item.points is not None:
        return number(item.points, env)
    if item.choice:
        word = _read(item, env, fact)
        return Fraction(item.choice[word]) if isinstance(word, str) and word in item.choice else None
    if item.steps:
        return _one(item.steps, env)
    if item.checks:
        return _every(item.checks, env)
    read = meaning(item.value, env) if item.value else _read(item, env, fact)
    return None if isinstance(read, No) else _line(item, exact(read))


def _read(item: Item, env: Env, fact: Fact | None) -> Value:
    """What `choice` and `line` read: `value`, the single fact of `from`, or the one field of options."""
    if item.value is not None:
        return meaning(item.value, env)
    if fact is None or not fact.rows or fact.many:
        return env.read(item.from_ or "")
    if fact.kind == "result":
        return env.read("result.grade")
    field = next(
        name
        for name, shape in fact.fields.items()
        if shape.kind == "choice" and set(item.choice) <= set(shape.options)
    )
    return env.read(field)


def _one(rows: tuple[Row, ...], env: Env) -> Scaled:
    """`steps`: exactly one row must match."""
    hits = [meaning(row.when, env) for row in rows]
    if any(isinstance(hit, No) for hit in hits) or sum(hit is True for hit in hits) != 1:
        return None
    return number(rows[hits.index(True)].points, env)


def _every(rows: tuple[Row, ...], env: Env) -> Scaled:
    """`checks`: every matching row counts."""
    total = Fraction(0)
    for row in rows:
        hit = meaning(row.when, env)
        if isinstance(hit, No):
            return None
        worth = number(row.points, env) if hit else Fraction(0)
        if worth is None:
            return None
        total += worth
    return total


def _line(item: Item, x: Fraction) -> Fraction:
    """Straight between knots, flat outside."""
    knots = [(Fraction(a), Fraction(b)) for a, b in item.line]
    if x <= knots[0][0]:
        return knots[0][1]
    for (x0, y0), (x1, y1) in pairwise(knots):
        if x <= x1:
            return y0 + (x - x0) * (y1 - y0) / (x1 - x0)
    return knots[-1][1]
