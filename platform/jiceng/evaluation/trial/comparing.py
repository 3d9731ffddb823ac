"""The outcome by a draft held against the outcome by the rules in force, over the same subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from jiceng.evaluation.results.areas import is_share
from jiceng.evaluation.schemas import STATUSES
from jiceng.evaluation.trial.causes import Cause, causes
from jiceng.evaluation.trial.schemas import AreaValue, Places, Question, Share

if TYPE_CHECKING:
    from decimal import Decimal

    from jiceng_sdk.engine import Outcome
    from jiceng_sdk.rulebook import Rulebook

MOST_QUESTIONS, MOST_AREAS = 20, 60
SUBJECT = "subject"
_MOVER: dict[str, Any] = {
    "subject": pl.UInt32,
    "score": pl.Decimal(38, 12),
    "before": pl.String,
    "after": pl.String,
    "up": pl.Boolean,
}


class Ruled(msgspec.Struct, frozen=True):
    """A rulebook and what it gives."""

    book: Rulebook
    outcome: Outcome


class Compared(msgspec.Struct, frozen=True):
    """What differs; see `schemas.Trial`."""

    shares: tuple[Share, ...]
    movers: pl.DataFrame
    causes: tuple[Cause, ...]
    rescored: int
    questions: tuple[Question, ...]
    areas: tuple[AreaValue, ...]


def compared(old: Ruled | None, new: Ruled) -> Compared:
    """Both outcomes side by side; without rules in force only what the draft gives.

    Both must be of the same subjects in the same order.
    """
    now = _labels(new)
    was = None if old is None else _labels(old)
    movers, found, rescored = _moved(old, new, was, now)
    return Compared(
        _shares(old, new, was, now), movers, found, rescored, _questions(old, new), _areas(old, new)
    )


def _labels(ruled: Ruled) -> pl.Series:
    """What a list says of a subject: its grade, else its status in words."""
    words = pl.col("status").replace(STATUSES)
    return ruled.outcome.results.select(pl.coalesce("grade", words).alias("label")).to_series()


def _shares(old: Ruled | None, new: Ruled, was: pl.Series | None, now: pl.Series) -> tuple[Share, ...]:
    after = _counted(now)
    before = {} if was is None else _counted(was)
    grades = list(dict.fromkeys([*new.book.grades, *(old.book.grades if old else ())]))
    others = sorted((before.keys() | after.keys()) - set(grades))
    places = _places(new.outcome.cohort)
    return tuple(
        Share(
            label,
            label in grades,
            None if was is None else before.get(label, 0),
            after.get(label, 0),
            places.get(label),
        )
        for label in [*grades, *others]
    )


def _counted(labels: pl.Series) -> dict[str, int]:
    return dict(labels.value_counts().iter_rows())


def _places(cohort: pl.DataFrame) -> dict[str, Places]:
    """By grade; where several quotas limit it, the one that leaves the fewest places."""
    totals = cohort.group_by("where", "grade").agg(
        pl.col("low", "high", "over", "open").sum(),
        pl.len().alias("cohorts"),
        (pl.col("candidates") >= pl.col("high")).sum().alias("full"),
    )
    narrow = totals.sort("high", "where", descending=[True, True])
    columns = ("low", "high", "over", "open", "cohorts", "full")
    return {row["grade"]: Places(*(row[name] for name in columns)) for row in narrow.iter_rows(named=True)}


def _moved(
    old: Ruled | None, new: Ruled, was: pl.Series | None, now: pl.Series
) -> tuple[pl.DataFrame, tuple[Cause, ...], int]:
    if old is None or was is None:
        return pl.DataFrame(schema=_MOVER), (), 0
    moved = was.ne_missing(now)
    scores = old.outcome.results["score"], new.outcome.results["score"]
    rescored = int((scores[0].ne_missing(scores[1]) & ~moved).sum())
    found, flags = causes(old.book, new.book, old.outcome, new.outcome, moved)
    places = {grade: place for place, grade in enumerate(new.book.grades)}
    movers = new.outcome.results.filter(moved).select(
        pl.col(SUBJECT),
        pl.col("score").cast(_MOVER["score"]),
        pl.lit(was.filter(moved)).alias("before"),
        pl.lit(now.filter(moved)).alias("after"),
    )
    after, before = (
        pl.col(name).replace_strict(places, default=None, return_dtype=pl.Int32)
        for name in ("after", "before")
    )
    up = after < before
    return pl.concat([movers.with_columns(up.alias("up")), flags], how="horizontal"), found, rescored


def _questions(old: Ruled | None, new: Ruled) -> tuple[Question, ...]:
    before = {} if old is None else _asked(old)
    after = _asked(new)
    reasons = sorted(before.keys() | after.keys(), key=lambda reason: -after.get(reason, 0))
    return tuple(
        Question(reason, None if old is None else before.get(reason, 0), after.get(reason, 0))
        for reason in reasons[:MOST_QUESTIONS]
    )


def _asked(ruled: Ruled) -> dict[str, int]:
    issues = ruled.outcome.issues
    return dict(issues.group_by("reason").agg(pl.col(SUBJECT).n_unique()).iter_rows())


def _areas(old: Ruled | None, new: Ruled) -> tuple[AreaValue, ...]:
    known = {} if old is None else _valued(old)
    found = []
    for (name, group), (value, met) in list(_valued(new).items())[:MOST_AREAS]:
        title = new.book.area[name].title or name
        before = known.get((name, group), (None, None))[0]
        found.append(AreaValue(title, group, before, value, met, is_share(new.book, name)))
    return tuple(found)


def _valued(ruled: Ruled) -> dict[tuple[str, str], tuple[Decimal | None, bool | None]]:
    rows = ruled.outcome.area.select("name", "group", "value", "met").iter_rows()
    return {(name, group): (value, met) for name, group, value, met in rows}
