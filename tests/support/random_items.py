"""Random items of every scale, written as TOML data."""

import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

T = TypeVar("T")
WINDOWS = ["day", "week", "month", "quarter", "half", "year", "period"]
OPTIONS = ["甲", "乙", "丙"]
Raw = dict[str, Any]


class Draw:
    """Choices from one source of randomness."""

    def __init__(self, source: random.Random) -> None:
        self._source = source

    def some(self, share: float) -> bool:
        """True so often."""
        return self._source.random() < share

    def pick(self, options: Sequence[T]) -> T:
        """One of them."""
        return self._source.choice(options)

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._source.randint(low, high)

    def number(self, low: int, high: int, places: int) -> Fraction:
        """A number with so many decimals."""
        return Fraction(self._source.randint(low * 10**places, high * 10**places), 10**places)

    def decimal(self, low: int, high: int, places: int = 2) -> Decimal:
        """The same as a Decimal."""
        return Decimal(self._source.randint(low * 10**places, high * 10**places)).scaleb(-places)

    def among(self, options: Sequence[T], least: int = 1) -> list[T]:
        """Some of them, each once."""
        return self._source.sample(list(options), self.whole(least, min(len(options), 4)))

    def several(self, options: Sequence[T], least: int, most: int) -> list[T]:
        """So many of them, in random order."""
        return self._source.sample(list(options), self.whole(least, min(most, len(options))))


def an_item(draw: Draw, number: int) -> Raw:
    """One item of a random kind; the first one always reads single facts."""
    kind = draw.pick([*EVENT_KINDS, *OTHER_KINDS]) if number else draw.pick([*OTHER_KINDS])
    item = (EVENT_KINDS | OTHER_KINDS)[kind](draw)
    if kind in EVENT_KINDS:
        item |= _rows(draw, kind)
    for key, share, value in (
        ("cap", 0.3, draw.decimal(1, 30)),
        ("floor", 0.3, draw.pick([0, 0, -5])),
        ("start", 0.2, draw.whole(-5, 20)),
        ("for", 0.15, draw.pick(["cls == 'x'", "big", "b > 4"])),
    ):
        if draw.some(share):
            item[key] = value
    if draw.some(0.25):
        item["round"] = {
            "places": draw.whole(0, 2),
            "mode": draw.pick(["half_up", "half_even", "down", "up"]),
        }
    return item


def _rows(draw: Draw, kind: str) -> Raw:
    """When, keep, restored, limit, combine of an item that reads events."""
    found: Raw = {}
    if draw.some(0.4):
        found["when"] = draw.pick(
            [
                "won",
                "level == '甲'",
                "q >= 3",
                "level in ['甲', '乙'] and not won",
                "missing(due) or date <= due",
                "days(date, due) > 3",
                "level not in ['乙'] and date >= '2024-03-01'",
                "due < '2024-06-01'",
                "workdays_late(due, date) > 2",
                "date == workdays_after(date, 0) or date == workdays_before(due, 0)",
            ]
        )
    if kind in ("count", "merge"):
        return found
    if draw.some(0.15):
        found["restored"] = draw.pick(["won and f", "date > due", "missing(due)"])
    if draw.some(0.3):
        found["keep"] = {draw.pick([*WINDOWS, "level"]): draw.whole(1, 3)}
    combine = draw.pick(["sum", "sum", "sum", "mean", "median", "max", "min"])
    if combine != "sum":
        found["combine"] = combine
        if draw.some(0.3):
            found["quorum"] = draw.pick([2, "a / 4", "1 + a * 10%"])
        if combine == "mean" and draw.some(0.3):
            found["drop"] = [1, 1]
    elif draw.some(0.5):
        windows = [window for window in ("day", "month", "quarter", "year") if draw.some(0.4)]
        limit = {w: draw.whole(1, 8) if draw.some(0.6) else [-4, draw.whole(0, 6)] for w in windows}
        found |= {"limit": limit} if limit else {}
    return found


EVENT_KINDS: dict[str, Callable[[Draw], Raw]] = {
    "constant": lambda draw: {"from": "ev", "points": draw.decimal(-3, 5)},
    "formula": lambda draw: {
        "from": "ev",
        "points": draw.pick([
            "if(won, 6, 3)", "q * 0.25", "min(q, 4) - a * 10%", "-q", "q / 3", "q * b", "if(nth <= 2, 2, 1)",
            "if(nth(level) == 1, 2, -1)", "nth(what) * q", "min(nth(q), 3) + nth / 4", "months(date, due)",
            "months(due, period.end) * 0.5", "q * huge", "huge + q", "if(level not in ['甲'], q, 0.125)",
            "month_of(date) / 4 + year_of(date) - year_of(period.start)", "workdays_late(date, due)",
            "if(due <= workdays_after(date, 3), 1, -1)", "workdays_in(date, due) / 4",
            "days(workdays_before(date, 5), workdays_after(date, q)) * 0.5",
            "days(date, workdays_after(date, q * 20 - 9)) + workdays_in(due, period.end)",
        ]),
    },
    "choice": lambda draw: {
        "from": "ev", "value": "level", "choice": {word: draw.decimal(-2, 6) for word in OPTIONS},
    },
    "steps": lambda draw: {
        "from": "ev", "gaps": "ask",
        "steps": [
            {"when": "q < 2", "points": 1}, {"when": "2 <= q < 5", "points": Decimal("2.5")},
            {"when": draw.pick(["q >= 5", "q > 5.5"]), "points": "q"},
        ],
    },
    "merge": lambda draw: {
        "from": "ev", "value": "q", "merge": draw.pick(["day", "week", "month", "level"]),
        "points": draw.pick(["units(value, 2)", "value * 0.5", "if(value >= a, 2, b)", "min(value, 7)",
                                "if(nth == 1, value, 1)", "value / nth", "nth(value)", "value * huge"]),
    },
    "count": lambda _: {"from": "ev", "combine": "count"},
}  # fmt: skip
OTHER_KINDS: dict[str, Callable[[Draw], Raw]] = {
    "ballot": lambda draw: {
        "from": "vote", "value": "option", "choice": {"甲": 100, "乙": 85, "丙": Decimal("60.5")},
        "combine": draw.pick(["mean", "median", "max", "sum"]), "quorum": draw.pick([1, 1, 4, "a"]),
    },
    "marks": lambda draw: {
        "from": "vote", "points": "mark", "combine": "mean",
        "drop": draw.pick([[0, 0], [1, 1], [0, 2], ["if(a > 10, 1, 0)", "floor(b / 7)"],
                          ["floor(a - 5)", 1]]),
    },
    "votes": lambda draw: {
        "from": "vote", "when": "option == '甲'", "points": 2, "keep": {"month": draw.whole(1, 4)},
    },
    "results": lambda draw: {
        "from": "quarter", "quorum": draw.pick([1, 2]),
        "combine": draw.pick(["mean", "median", "max", "sum", "min"]),
        "points": draw.pick(["result.score", "result.score", "result.score * month_of(date) / 10"]),
    },
    "posts": lambda draw: {
        "from": "posts", "choice": {"甲": 3, "乙": 2, "丙": 1}, "combine": draw.pick(["max", "sum"]),
    },
    "checks": lambda _: {
        "checks": [
            {"when": "f", "points": -5}, {"when": "a > 3", "points": Decimal("-2.5")},
            {"when": "pick == '甲'", "points": "a"}, {"when": "b > 4", "points": 1},
        ],
    },
    "single": lambda _: {"from": "pick", "choice": {"甲": 20, "乙": Decimal("12.5"), "丙": 0}},
    "line": lambda draw: {"value": draw.pick(["a", "b", "a / 7"]), "line": [[0, 0], [3, 10], [10, 20]]},
    "plain": lambda draw: {
        "points": draw.pick([
            "a * 20%", "b * 0.333", "if(f, a, b)", "max(a, 2) + abs(b)", "floor(a / 3)", "a / b",
            "count(f, a > 1, b > 1)", "20 * min(1, a / 7)", "a / 3 + b / 3 + b / 3", "round(a / 7, 2)",
            "if(b > 3 and f, 1, 0)", "cohort_rank(a)", "cohort_mean(a)", "cohort_median(a)",
            "cohort_sum(a) - a", "cohort_count(f)", "a - cohort_min(a)", "cohort_max(a) - a",
            "cohort_dense(a)", "cohort_dense(a / 3, [])", "cohort_dense(huge, ['cls'])", "huge / 7",
            "huge * 0.000001 + a", "cohort_sum(huge) - huge", "cohort_mean(huge, ['f'])", "huge * a",
            "huge - b",
            "round(huge / 3, 4) + a / 9", "if(pick not in ['甲', '丙'], 1, b)", "min(huge, a / 7)",
            "months(period.start, months_before(period.end, 3))", "if(huge > 0, a / huge, 0)",
            "if(abs(huge) > 1, 1 / huge, a / 7)", "cohort_deviation(huge, 2)", "floor(huge / 1.1)",
            "if(previous.previous.score > 50, huge, previous.score)", "units(huge, 7) + units(a, 0.7)",
            "cohort_rank(a, [])", "cohort_mean(a, ['cls'])", "cohort_deviation(a, 2)",
            "if(cohort_deviation(a, 3, ['f']) > 0, (a - cohort_mean(a)) / cohort_deviation(a, 3, ['f']), 0)",
            "if(previous.score > 60, previous.score * 10%, 0)",
            "days(period.start, months_before(period.end, 3))",
            "days(days_before(period.end, a), period.end)",
            "days(period.start, months_before(period.end, b - 10))", "if(previous.grade >= '良', 3, 1)",
            "workdays_in(period.start, months_before(period.end, 3)) - a",
            "days(workdays_after(period.start, a), workdays_before(period.end, b))",
            "if(missing(b), 1, 2)", "if(a > 5 or b > 5, 4, 0)",
        ]),
    },
}  # fmt: skip


def monthly_parts(draw: Draw) -> tuple[dict[str, Raw], dict[str, Raw]]:
    """Items per month, and groups of them: brought to the period by the item or by the group above."""
    item = _monthly(draw)
    if draw.some(0.4):
        below: Raw = {
            "from": "ev",
            "points": draw.pick(["q", "2", "q * a"]),
            "each": "month",
            "cap": draw.whole(2, 12),
        }
        if draw.some(0.3):
            below |= {"keep": {"day": 1}}
        return {"m": item | {"points": "if(m_cell > 3, m_cell, plan)"}, "m_cell": below}, {}
    if draw.some(0.5):
        return {"m": item}, {}
    if draw.some(0.4):
        more = {
            "each": "month",
            "across": "sum",
            "points": draw.pick(["if(plan > m_in, 1, m_in)", "plan - m_in"]),
        }
        return {"m_in": item, "m_more": more}, {"m": {"of": ["m_in", "m_more"]}}
    across = item.pop("across")
    other = _monthly(draw)
    other.pop("across")
    group: Raw = {"of": ["m_one", "m_two"], "cap": draw.whole(1, 20), "across": across}
    if draw.some(0.4):
        group["combine"] = draw.pick(["max", "min", "mean"])
    elif draw.some(0.3):
        group["keep"] = 1
    if draw.some(0.3):
        group["gate"] = draw.pick(["f", "live", "plan > 2"])
    return {"m_one": item, "m_two": other}, {"m": group}


def _monthly(draw: Draw) -> Raw:
    item: Raw = {
        "each": draw.pick(["month", "month", "month"]),
        "across": draw.pick(["sum", "mean", "max", "min", "last"]),
        "points": draw.pick([
            "min(1, plan / 4)", "if(plan > 3, 2, -1)", "streak(live)", "if(live, 1, 0) * a",
            "if(next(live), 1, 0)", "if(prior(live) and not live, 3, 0)", "plan * b", "a - plan / 3",
            "cohort_rank(plan, [])", "cohort_deviation(plan, 1, ['cls'])", "streak(cohort_rank(plan) == 1)",
            "if(prior(cohort_max(plan, ['f']) == plan), 1, 0)",
            "days(period.start, workdays_after(period.start, plan))",
        ]),
    }  # fmt: skip
    if draw.some(0.5):
        item["for"] = draw.pick(["live", "plan > 0", "cls == 'x'"])
    if draw.some(0.3):
        item["restored"] = draw.pick(["next(live)", "f"])
    if draw.some(0.3):
        item["round"] = draw.whole(0, 2)
    return item
