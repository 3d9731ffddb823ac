"""By which rule a subject moves: the changed parts of the rulebook that touch it, each said in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jiceng.evaluation.trial.courses import Side, parting
from jiceng.evaluation.trial.wording import InWords
from jiceng_sdk.rulebook import Bands, Quota
from jiceng_sdk.rulebook.difference import difference
from jiceng_sdk.rulebook.difference.decisions import called, matched
from jiceng_sdk.told import Told, listed, told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jiceng_sdk.engine import Outcome
    from jiceng_sdk.rulebook import Rulebook
    from jiceng_sdk.rulebook.difference.change import Change

_PART = re.compile(r"decide\[\d+\](?:\.rows\[\d+\])?|[^.\[]+(?:\.[^.\[]+)?")
_DECISION = re.compile(r"decide\[(\d+)\](-)?(?:\.rows\[(\d+)\])?")
_SAID_ONLY = (".title", ".clause", ".basis", ".source")
_BETWEEN = ("；", "; ")
_CONTEST = ("“{name}”的名次随他人变动", "places of “{name}” moved by others")
_NODES = ("items.", "groups.")


class Cause(msgspec.Struct, frozen=True):
    """A reason to move: `key` names a column of flags, `zh` and `en` say it, `count` is whom it touches."""

    key: str
    zh: str
    en: str
    count: int


def causes(
    old: Rulebook, new: Rulebook, before: Outcome, after: Outcome, moved: pl.Series
) -> tuple[tuple[Cause, ...], pl.DataFrame]:
    """Every cause that touches somebody, most first, and a frame with one column of flags for each.

    `moved`: one flag per subject, in the order both outcomes have; the frame's rows are those moved.
    """
    sides = Side(old, before, moved), Side(new, after, moved)
    parts = _parts(difference(old, new), InWords(old, new))
    found = _flags(parts, *sides)
    touching = [(words, column) for words, column in found.values() if column.any()]
    touching.sort(key=lambda one: -int(one[1].sum()))
    named = [
        (Cause(f"c{n}", *words, int(column.sum())), column) for n, (words, column) in enumerate(touching)
    ]
    return tuple(cause for cause, _ in named), pl.DataFrame(
        [column.alias(cause.key) for cause, column in named]
    )


def _flags(parts: dict[str, Told], old: Side, new: Side) -> dict[str, tuple[Told, pl.Series]]:
    first = parting(old, new)
    nodes = {part: _by_node(part.partition(".")[2], old, new) for part in parts if part.startswith(_NODES)}
    flags = {part: (parts[part], column) for part, column in nodes.items()}
    for part, words in parts.items():
        if part.startswith("decide["):
            flags[part] = (words, _by_decision(part, old, new, first))
    own_value = _none(new.height) if not nodes else pl.select(pl.any_horizontal(nodes.values())).to_series()
    flags |= _by_contest(parts, own_value, old, new, first)
    rest = [words for part, words in parts.items() if part not in flags]
    if rest:
        known = pl.select(pl.any_horizontal(_none(new.height), *(c for _, c in flags.values()))).to_series()
        flags["rest"] = (listed(rest, *_BETWEEN), ~known)
    return flags


def _parts(changes: Iterable[Change], said: InWords) -> dict[str, Told]:
    """What changed, by the part it is in; what is only called differently moves nobody.

    A row of a table of grades is a part of its own; `decide[1]-` is a decision of the old rulebook.
    """
    parts: dict[str, list[Told]] = {}
    for change in changes:
        found = _PART.match(change.path)
        if found is None or change.path == "title" or change.path.endswith(_SAID_ONLY):
            continue
        key = found.group()
        gone = change.kind == "removed" and change.path == key and key.startswith("decide[")
        parts.setdefault(f"{key}-" if gone else key, []).append(said(change))
    return {part: listed(sentences, *_BETWEEN) for part, sentences in parts.items()}


def _by_node(name: str, old: Side, new: Side) -> pl.Series:
    """Whose item or group has another value; one that only one rulebook has counts from 0."""
    was, now = (side.nodes[name] if name in side.nodes.columns else None for side in (old, new))
    if was is not None and now is not None:
        return was.ne_missing(now)
    one = now if was is None else was
    return _none(new.height) if one is None else (one != 0).fill_null(value=False)


def _by_decision(part: str, old: Side, new: Side, first: pl.Series) -> pl.Series:
    """Whom a changed decision parts from the old course, or one added or removed settles."""
    found = _DECISION.match(part)
    if found is None:
        return _none(new.height)
    n, gone, row = int(found[1]), found[2], found[3]
    if gone:
        return old.acted(n)
    if n not in {after for _, after in matched(old.book, new.book)[0]}:
        return new.acted(n)
    here = (first == n).fill_null(value=False)
    return here & _at_row(n, int(row), old, new) if row is not None else here


def _at_row(n: int, row: int, old: Side, new: Side) -> pl.Series:
    """Whose grade before or after this row gives, and no better one: the line that was crossed."""
    rule = new.book.decide[n]
    if not isinstance(rule, Bands):
        return pl.Series([True] * new.height)
    places = {grade: place for place, grade in enumerate(new.book.grades)}
    was = next((before for before, after in matched(old.book, new.book)[0] if after == n), n)
    best = pl.min_horizontal(
        pl.lit(side.grade(place).replace_strict(places, default=None, return_dtype=pl.Int32))
        for side, place in ((old, was), (new, n))
    )
    return pl.select((best == places[rule.rows[row].grade]).fill_null(value=True)).to_series()


def _by_contest(
    parts: dict[str, Told], own_value: pl.Series, old: Side, new: Side, first: pl.Series
) -> dict[str, tuple[Told, pl.Series]]:
    """Who leaves the old course in a quota that did not change, though no changed item touches him."""
    found = {}
    for _, n in matched(old.book, new.book)[0]:
        rule = new.book.decide[n]
        if isinstance(rule, Quota) and f"decide[{n}]" not in parts:
            words = told(*_CONTEST, name=called(rule))
            found[f"decide[{n}]"] = (words, (first == n).fill_null(value=False) & ~own_value)
    return found


def _none(height: int) -> pl.Series:
    return pl.Series([False] * height, dtype=pl.Boolean)
