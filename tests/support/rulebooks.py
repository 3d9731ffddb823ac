"""Random valid rulebooks with random facts, for laws that must hold of all of them.

A trial is drawn from one seed, which a failing test names beside the rulebook as TOML.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from tests.support.random_items import Draw, an_item, monthly_parts
from tests.support.reference.world import Subject, World

from jiceng_sdk.faults import errors
from jiceng_sdk.rulebook import Analysis
from jiceng_sdk.rulebook.reading import examine_raw

START, END = date(2023, 12, 1), date(2024, 11, 30)
GRADES = ["优", "良", "中", "差"]
OPTIONS = ["甲", "乙", "丙"]
FACTS: dict[str, Any] = {
    "ev": {
        "kind": "event",
        "fields": {
            "q": {"kind": "number", "min": 0, "max": 9, "places": 1},
            "level": OPTIONS,
            "won": "flag",
            "due": "date",
            "what": "text",
        },
    },
    "vote": {
        "kind": "ballot",
        "fields": {"option": OPTIONS, "mark": {"kind": "number", "min": 0, "max": 100}},
    },
    "quarter": {"kind": "result", "scheme": "quarter", "min": 0, "max": 100, "options": ["好", "差"]},
    "posts": {"kind": "choice", "options": OPTIONS, "source": "roster", "many": True},
    "a": {"kind": "number", "default": 0, "min": 0, "max": 20},
    "b": {"kind": "number", "min": 0, "max": 20},
    "huge": {"kind": "number", "default": 0, "min": -1_000_000_000, "max": 1_000_000_000, "places": 6},
    "pick": {"kind": "choice", "options": OPTIONS, "absent": "丙"},
    "f": {"kind": "flag"},
    "cls": {"kind": "choice", "options": ["x", "y"], "source": "roster"},
    "town": {"kind": "choice", "options": ["东", "西"], "source": "roster"},
    "plan": {"kind": "number", "each": "month", "default": 0, "min": 0, "max": 20},
    "live": {"kind": "flag", "each": "month"},
}
"""`b` may be missing (incomplete), `level`, `due`, `mark` too (a row without an answer)."""


@dataclass(frozen=True)
class Trial:
    """A rulebook and the facts to evaluate it on."""

    seed: int
    raw: dict[str, Any]
    analysis: Analysis
    world: World


SEEDS = st.integers(0, 2**40)
"""A trial is drawn from one seed, which a failing test names."""


def a_trial(seed: int, subjects: int, *, decisions: bool = True) -> Trial:
    """The rulebook and facts of a seed; with `assume`, seeds whose rulebook has faults are left out."""
    draw = Draw(random.Random(seed))  # noqa: S311 - tests
    raw = a_rulebook(draw, decisions=decisions)
    reading = examine_raw(raw, {})
    assert reading.analysis is not None, [str(fault) for fault in reading.faults]
    assume(not errors(reading.faults))
    return Trial(seed, raw, reading.analysis, a_world(draw, subjects))


def a_rulebook(draw: Draw, *, decisions: bool) -> dict[str, Any]:
    """Facts, items, groups up to `score`, decisions, outputs, area values."""
    items = {f"i{n}": an_item(draw, n) for n in range(draw.whole(2, 6))}
    monthly, above = monthly_parts(draw) if draw.some(0.5) else ({}, {})
    groups = above | _groups(draw, [*items, *(["m"] if monthly else [])])
    items |= monthly
    raw: dict[str, Any] = {
        "title": "试验", "subject": "member", "grades": GRADES, "cohort": ["town"], "facts": FACTS,
        "classes": {"big": "a > 10"}, "items": items, "groups": groups,
    }  # fmt: skip
    if decisions:
        raw |= {"decide": _decisions(draw), "outputs": _outputs(draw), "area": _areas()}
    used = str({key: raw.get(key) for key in ("items", "groups", "decide", "outputs", "area")})
    if "workdays" in used:
        raw["calendar"] = {
            year: _a_year(draw) for year in draw.pick([["2023", "2024"], ["2022", "2023", "2024"]])
        }
    raw["facts"] = {
        name: fact for name, fact in FACTS.items() if name in used or name in ("town", "cls", "a", "b")
    }
    return raw


def _a_year(draw: Draw) -> dict[str, list[str]]:
    """Days off and days made up for, each month its own."""
    off = [
        f"{month:02}-{(day := draw.whole(1, 20)):02}..{month:02}-{day + draw.whole(0, 7):02}"
        for month in range(1, 12)
    ]
    work = [f"{month:02}-{draw.whole(1, 28):02}" for month in range(1, 13) if draw.some(0.5)]
    return {"off": draw.several(off, 1, len(off)), "work": [day for day in work if not _covers(off, day)]}


def _covers(spans: list[str], day: str) -> bool:
    return any(span.split("..")[0] <= day <= span.split("..")[-1] for span in spans)


def _groups(draw: Draw, names: list[str]) -> dict[str, Any]:
    groups: dict[str, Any] = {}
    for n in range(draw.whole(1, 2)):
        mine = draw.among(names)
        group: dict[str, Any] = (
            {"of": {name: draw.pick([0.3, 0.5, 0.333, 1]) for name in mine}}
            if draw.some(0.5)
            else {"of": mine}
        )
        group["of"] = _exact(group["of"])
        group["combine"] = draw.pick(["sum", "sum", "sum", "mean", "max", "min"])
        if len(mine) > 1 and group["combine"] in ("sum", "mean") and draw.some(0.3):
            group |= {
                "keep": draw.whole(1, len(mine) - 1),
                "of": mine if group["combine"] == "mean" else group["of"],
            }
        if draw.some(0.3):
            group["cap"] = draw.whole(5, 60)
        if draw.some(0.3):
            group["floor"] = 0
        if draw.some(0.2):
            group["gate"] = draw.pick(["f", "a >= 3", "b < 5", "not big"])
        elif draw.some(0.2):
            group["start"] = draw.whole(-5, 20)
        if draw.some(0.3):
            group["round"] = {
                "places": draw.whole(0, 2),
                "mode": draw.pick(["half_up", "half_even", "down", "up"]),
            }
        if draw.some(0.1):
            group["for"] = "cls == 'x'"
        groups[f"g{n}"] = group
        names = [name for name in names if name not in mine] + [f"g{n}"]
    groups["score"] = {"of": names}
    return groups


def _exact(of: Any) -> Any:
    return {name: Decimal(str(weight)) for name, weight in of.items()} if isinstance(of, dict) else of


def _decisions(draw: Draw) -> list[dict[str, Any]]:
    low, high = draw.whole(-5, 10), draw.whole(11, 40)
    top = draw.pick([f"score >= {high}", f"score >= {high} and f"])
    bands: dict[str, Any] = {
        "do": "bands", "gaps": "ask", "overlaps": "ask",
        "rows": [
            {"when": top, "grade": "优"}, {"when": f"{low} <= score < {high}", "grade": "良"},
            {"when": f"score < {low}", "grade": "差"},
        ],
    }  # fmt: skip
    if draw.some(0.6):
        bands |= {"rows": [{"when": f"score >= {high}", "grade": "优"}, *bands["rows"][1:]]}
        del bands["gaps"], bands["overlaps"]
    found = [bands]
    for rule in draw.several([_override, _override, _step], 0, 3):
        found.insert(draw.whole(0, len(found)), rule(draw))
    return found


def _override(draw: Draw) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "do": "override",
        "when": draw.pick(
            [
                "f",
                "a > 12",
                "b < 3",
                "cls == 'x'",
                "score < 3",
                "big",
                "cohort_rank(a) <= 2",
                "cohort_rank(score, []) <= 2",
                "cohort_dense(-score) == 1 and a > 3",
                "score > cohort_mean(score)",
                "workdays_after(period.start, score) > months_before(period.end, 9)",
                "workdays_in(period.start, period.end) > 240 and f",
                "cohort_count(score >= 10) >= 3 and f",
                "cohort_count(f, ['cls']) >= 2 and a > cohort_mean(a, [])",
            ]
        ),
    }
    effects: list[dict[str, Any]] = [
        {"score": 0}, {"grade": "优"}, {"at_most": "中"}, {"at_least": "良"}, {"lower": 1}, {"higher": 1},
        {"out": "exempt"},
        {"score": 0, "grade": "差", "final": True}, {"ask": "请裁定"}, {"score": "none", "grade": "良"},
        {"score": "a / 3", "out": "vetoed"}, {"at_most": "差", "final": True},
    ]  # fmt: skip
    return rule | draw.pick(effects)


def _step(draw: Draw) -> dict[str, Any]:
    rule: dict[str, Any] = {"do": "step", "up": draw.whole(1, 2)}
    if draw.some(0.5):
        rule["down"] = draw.whole(1, 2)
    if draw.some(0.4):
        rule["skip"] = draw.pick(["f", "a > 5", "b > 5"])
    if draw.some(0.5):
        rule["first"] = draw.pick(GRADES[1:])
    return rule


def _outputs(draw: Draw) -> dict[str, Any]:
    values = [
        "if(grade == '优', 1000, 200) * 1.3", "score / 7", "grade >= '良' and a > 2", "missing(grade)",
        "streak(grade == '优')", "times(grade == '差', 3)", "if(grade < previous.grade, '降', '平')",
        "status == 'rated'", "if(missing(previous.score), 0, previous.score + a)",
        "if(missing(previous.previous.score), b, previous.previous.score - a)",
        "times(grade < previous.grade)", "streak(score > previous.score)",
        "if(grade < previous.previous.grade, '降', '平')", "cohort_dense(score + a)", "huge * 3",
        "cohort_mean(score, [])", "cohort_count(grade >= '良')", "period.end > '2024-06-30' and f",
        "cohort_rank(a, [])", "cohort_rank(a) + cohort_deviation(a, 2, ['cls'])", "cohort_median(a) - b",
    ]  # fmt: skip
    found: dict[str, Any] = {f"o{n}": {"value": value} for n, value in enumerate(draw.several(values, 1, 3))}
    if "1.3" in found["o0"]["value"] or "/" in found["o0"]["value"]:
        found["o0"]["round"] = draw.whole(0, 2)
    return found


def _areas() -> dict[str, Any]:
    return {
        "good": {"value": "share(grade >= '良')", "by": ["town"], "aim": "value >= 30%"},
        "all": {"value": "count(status == 'rated')"},
    }


def a_world(draw: Draw, subjects: int) -> World:
    """Subjects with random facts, some of them missing."""
    return World(tuple(_subject(draw, f"p{n}") for n in range(subjects)), START, END)


def _subject(draw: Draw, name: str) -> Subject:
    values: dict[str, Any] = {
        "b": None if draw.some(0.12) else draw.number(0, 20, draw.pick([0, 1, 2])),
        "a": None if draw.some(0.2) else draw.number(0, 20, draw.pick([0, 1])),
        "huge": draw.pick([None, Fraction(0), draw.number(-9, 9, 6), draw.number(-10**9, 10**9, 6)]),
        "pick": draw.pick([*OPTIONS, None]), "f": draw.pick([True, False, None]),
        "cls": draw.pick(["x", "y"]), "town": draw.pick(["东", "西"]),
    }  # fmt: skip
    cells: dict[str, dict[int, Any]] = {
        "plan": {k: draw.number(0, 20, 0) for k in range(12) if draw.some(0.6)},
        "live": {k: draw.some(0.7) for k in range(12) if draw.some(0.8)},
    }
    rows: dict[str, list[dict[str, Any]]] = {
        "ev": [_event(draw) for _ in range(draw.whole(0, 9))],
        "vote": [a_ballot(draw) for _ in range(draw.pick([0, 1, 3, 5]))],
        "quarter": [
            {"score": draw.number(40, 100, 1), "grade": draw.pick(["好", "差"]), "date": a_day(draw)}
            for _ in range(draw.whole(0, 4))
        ],
        "posts": [{"posts": word} for word in draw.among(OPTIONS, least=0)],
    }
    previous = tuple(
        {"back": back, "grade": draw.pick(GRADES), "score": draw.number(0, 100, 1)}
        for back in range(1, 4)
        if draw.some(0.7)
    )
    return Subject(
        name, {key: value for key, value in values.items() if value is not None}, cells, rows, previous
    )


def _event(draw: Draw) -> dict[str, Any]:
    day = START + timedelta(days=draw.pick([draw.whole(0, 365), draw.whole(0, 20)]))
    row = {"date": day, "q": draw.number(0, 9, 1), "won": draw.some(0.5), "level": draw.pick(OPTIONS)}
    if draw.some(0.05):
        del row["level"]
    if draw.some(0.95):
        row["what"] = draw.pick("ABC")
    if draw.some(0.7):
        row["due"] = day + timedelta(days=draw.whole(-20, 20))
    return row


def a_day(draw: Draw) -> date:
    """A day of the period."""
    return START + timedelta(days=draw.whole(0, 365))


def a_ballot(draw: Draw) -> dict[str, Any]:
    """A tally of one paper."""
    row = {
        "date": a_day(draw),
        "option": draw.pick(OPTIONS),
        "mark": draw.number(50, 100, 0),
        "votes": draw.whole(1, 4),
    }
    if draw.some(0.05):
        del row["mark"]
    return row
