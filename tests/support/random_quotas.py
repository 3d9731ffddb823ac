"""Random books whose quotas stand among other decisions, on subjects of whom everything is known."""

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume
from tests.support.random_items import Draw
from tests.support.reference.evaluating import evaluate
from tests.support.reference.world import Subject
from tests.support.rulebooks import Trial, a_ballot, a_day, a_rulebook, a_world

from jiceng_sdk.faults import errors
from jiceng_sdk.rulebook.reading import examine_raw

WAITING = ("needs_ruling", "incomplete")
_KNOWN: dict[str, Any] = {"b": Fraction(4), "a": Fraction(6), "pick": "乙", "f": False, "huge": Fraction(3)}
_KINDS: list[dict[str, Any]] = [
    {"share": {"优": Decimal("0.3"), "良": Decimal("0.4")}},
    {"share": {"优": Decimal("0.25"), "良": Decimal("0.33")}},
    {"places": {"优": 1}},
    {"places": {"优": 2, "良": 3}},
    {"share": {"差": Decimal("0.3")}, "bottom": True},
    {"places": {"差": 2}, "bottom": True},
]


def a_settled_trial(seed: int, subjects: int) -> Trial:
    """With `assume`: nobody waits for a ruling, at the quotas or after; all who are ranked have totals."""
    draw = Draw(random.Random(seed))  # noqa: S311 - tests
    raw = a_rulebook(draw, decisions=True)
    rules = raw["decide"]
    assume(not any(rule.get("score") == "none" for rule in rules))
    first = next(n for n, rule in enumerate(rules) if rule["do"] == "bands")
    for _ in range(draw.whole(1, 2)):
        rules.insert(draw.whole(first + 1, len(rules)), a_quota(draw))
    reading = examine_raw(raw, {})
    assert reading.analysis is not None, [str(fault) for fault in reading.faults]
    assume(not errors(reading.faults))
    world = a_world(draw, subjects)
    world = replace(world, subjects=tuple(_completed(draw, one) for one in world.subjects))
    book = reading.analysis.book
    results = evaluate(book, world).results.values()
    assume(all(result.status not in WAITING for result in results))
    assume(all(isinstance(result.nodes[book.score], Fraction) for result in results))
    return Trial(seed, raw, reading.analysis, world)


def a_quota(draw: Draw) -> dict[str, Any]:
    """From the top or the bottom, with or without places used by direct grades."""
    rule: dict[str, Any] = {"do": "quota", "ties": draw.pick(["in", "out"]), **draw.pick(_KINDS)}
    rule["within"] = draw.pick([[], ["town"], ["cls"], ["town", "cls"], ["big"]])
    if "share" in rule:
        rule["rounding"] = draw.pick(["down", "up", "half_up", "half_even"])
        rule["least"] = draw.whole(0, 2)
    for key, share, values in (
        (
            "rank",
            0.4,
            [["score", "a"], ["a"], ["-score"], ["score / 3", "cohort_rank(a)"], ["round(score, 0)"]],
        ),
        ("for", 0.3, ["cls == 'x'", "a > 3", "not big", "score >= 5"]),
        ("base", 0.2, ["f", "true", "a > 2"]),
        ("final_uses_places", 0.4, [True]),
    ):
        if draw.some(share):
            rule[key] = draw.pick(values)
    return rule if rule.get("bottom") or draw.some(0.7) else rule | {"carry_down": True}


def _completed(draw: Draw, one: Subject) -> Subject:
    """The same with everything handed in."""
    rows = {name: [dict(row) for row in found] for name, found in one.rows.items()}
    for row in rows["ev"]:
        row.update({"level": "甲", "what": "A", "due": row["date"]} | row)
    rows["vote"] += [a_ballot(draw) for _ in range(6)]
    for row in rows["vote"]:
        row.setdefault("mark", Fraction(70))
    rows["quarter"] += [{"score": Fraction(80), "grade": "好", "date": a_day(draw)} for _ in range(3)]
    return replace(one, values=_KNOWN | dict(one.values), rows=rows)
