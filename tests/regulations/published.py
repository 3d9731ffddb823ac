"""The published examples of the sixteen regulations, read as what a worked case must expect."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from jiceng_sdk.cases.numbers import fraction_of
from jiceng_sdk.cases.shape import Case, Wanted

HERE = Path(__file__).parent
FOLDER = HERE.parents[2] / "shared" / "regulations"
"""The regulations as YAML lie beside the repository; they are not part of it."""
LEDGER = "09-luohe-redemption"
"""A matter of the points ledger, not of scoring."""

WORDS = {
    "award_eligible": "可参评先进", "qualified": "合格", "talk_and_educate": "谈话教育",
    "convert_on_time": "按期转正", "continue_cultivation": "继续培养", "unrated": "不定级", "none": "none",
    "5": "五星", "4": "四星", "3": "三星", "2": "二星", "1": "一星", "0": "无星",
}  # fmt: skip
NAMES = {"recruitment_points": "recruitment", "share_pct": "five_good", "target_met": "five_good"}
AREA = {
    "share_two_star_pct": "two_star_up", "share_unrated_pct": "unrated", "share_pct": "five_good",
    "total": "mean_cut", "secretary": "secretary", "deputies": "deputies",
}  # fmt: skip
CLASSES = {"class1": "一类", "class2": "二类", "class3": "三类"}
ASKED = "needs_ruling"


class Example(Struct, frozen=True):
    """One published example: regulation (the file's stem), id, expected values."""

    regulation: str
    id: str
    expected: Mapping[str, Any]


def examples() -> Iterator[Example]:
    """All scoring examples; nothing when the regulations are not there."""
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.stem != LEDGER:
            document = yaml.safe_load(path.read_text(encoding="utf-8"))
            for one in document["examples"]:
                yield Example(path.stem, one["id"], one["expected"])


def differences(example: Example, case: Case) -> list[str]:
    """Expected values of the example that the case does not demand."""
    wanted = case.wanted.get("", Wanted())
    return [
        f"{key}: {value!r}"
        for key, value in example.expected.items()
        if not _demanded(example, key, value, case, wanted)
    ]


def _demanded(example: Example, key: str, value: Any, case: Case, wanted: Wanted) -> bool:
    if key in AREA and case.area:
        scale = Fraction(1, 100) if key.endswith("_pct") else Fraction(1)
        return fraction_of(case.area[AREA[key]]["value"]) == Fraction(value) * scale
    if key in ("target_met", "targets_met"):
        return bool(case.area) and all(one["met"] for one in case.area.values()) == value
    if key in ("score", "total"):
        return _same(value, wanted.score)
    if key in ("grade", "star", "stars") or (key == "outcome" and example.regulation.startswith("04")):
        return _grade(value, wanted)
    if key == "status":
        return bool(wanted.status == value)
    return _group(key, value, case) or _named(key, value, wanted)


def _grade(value: str, wanted: Wanted) -> bool:
    if value == ASKED:
        return wanted.status == ASKED and wanted.grade == "none"
    return wanted.grade == WORDS.get(value, value)


def _named(key: str, value: Any, wanted: Wanted) -> bool:
    found = {**wanted.nodes, **wanted.outputs}
    return NAMES.get(key, key) in found and _same(value, found[NAMES.get(key, key)])


def _group(key: str, value: Any, case: Case) -> bool:  # noqa: PLR0911 - one answer per key
    over = {name: tuple(one.over) for name, one in case.wanted.items() if name}
    match key:
        case "class1" | "class2" | "class3":
            return bool(list(case.grades[CLASSES[key]]) == value)
        case "five_star_places":
            return bool(str(case.places["五星"]) == value)
        case "within":
            return bool([name for name, grades in over.items() if "五星" not in grades] == value)
        case "over_quota":
            return bool([name for name, grades in over.items() if "五星" in grades] == value)
        case "tied":
            return bool(list(case.asked or ()) == value)
        case "outcome":
            return _outcome(value, case)
    return False


def _outcome(value: str, case: Case) -> bool:
    if value == "ok":
        return case.asked == ()
    reason = value.removeprefix(f"{ASKED}_")
    return bool(case.asked) and all(case.wanted[name].reason == reason for name in case.asked or ())


def _same(value: Any, written: Any) -> bool:
    if value is None or written is msgspec.UNSET:
        return value is None and written == "none"
    if isinstance(value, bool) or isinstance(written, bool):
        return value is written
    exact = fraction_of(written)
    return written == value if exact is None else exact == Fraction(value)
