"""However a rulebook is spoilt, reading says what is wrong and never raises."""

from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.rulebook.test_round_trip import EVERYTHING

from jiceng_sdk.faults import errors
from jiceng_sdk.rulebook import to_raw
from jiceng_sdk.rulebook.burden import burden
from jiceng_sdk.rulebook.reading import examine_raw

RAW = to_raw(EVERYTHING)
NAMES = [
    "town",
    "n",
    "f",
    "e",
    "v",
    "a",
    "b",
    "c",
    "total",
    "side",
    "rural",
    "grade",
    "previous.grade",
    "nth",
    "value",
]
FORMULAS = [
    "0 < 3",
    "a / b",
    "if(f, 1, 2)",
    "total >= 20%",
    "n > 1",
    "streak(f)",
    "count()",
    "-1",
    "a +",
    "'东' == town",
]
VALUES = st.one_of(
    st.sampled_from([*NAMES, *FORMULAS, "month", "none", "ask", "五星", "", "mean"]),
    st.integers(-3, 40),
    st.sampled_from([Decimal("-0.5"), Decimal("1e30"), Decimal("NaN"), Decimal("0.1")]),
    st.booleans(),
    st.sampled_from(
        [
            [],
            {},
            [1, 2],
            ["town"],
            {"month": 1},
            {"places": -1},
            [[0, 1], [1, 2]],
            {"五星": 2},
            [{"when": "f"}],
        ]
    ),
    st.none(),
)


def _places(raw: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key, value in (
        raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    ):
        yield from _places(value, (*path, key))


PLACES = list(_places(RAW))


@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_spoilt_rulebooks_are_told_and_never_raise(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    raw = deepcopy(RAW)
    for path, value in changes:
        _set(raw, path, deepcopy(value))
    found = examine_raw(raw, {})
    if found.analysis is None:
        assert errors(found.faults)
    else:
        assert all(fault.zh and fault.en for fault in found.faults)
        burden(found.analysis)


def _set(raw: Any, path: tuple[Any, ...], value: Any) -> None:
    """Put `value` at `path` (None takes the key away); a path that an earlier change removed is left."""
    *above, last = path
    for key in above:
        if not isinstance(raw, (dict, list)) or (isinstance(raw, list) and not isinstance(key, int)):
            return
        if isinstance(raw, list) and key >= len(raw):
            return
        raw = raw.get(key) if isinstance(raw, dict) else raw[key]
    if isinstance(raw, dict):
        if value is None:
            raw.pop(last, None)
        elif isinstance(last, str):  # where a list was, a table is now: its keys are words
            raw[last] = value
    elif isinstance(raw, list) and isinstance(last, int) and last < len(raw) and value is not None:
        raw[last] = value
