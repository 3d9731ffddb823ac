"""A trial as the frames the engine takes, in any order of rows and under any names of subjects."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
from tests.support.rulebooks import Trial

from jiceng_sdk.engine import Outcome, Period, evaluate
from jiceng_sdk.rulebook import Fact

NUMBER = pl.Decimal(38, 12)
KINDS: dict[str, Any] = {
    "number": NUMBER,
    "flag": pl.Boolean,
    "date": pl.Date,
    "choice": pl.String,
    "text": pl.String,
}
Rename = Callable[[str], str]


@dataclass(frozen=True)
class Handed:
    """What an evaluation takes beside the rulebook."""

    people: pl.DataFrame
    facts: dict[str, pl.DataFrame]
    period: Period
    previous: pl.DataFrame


def engine_outcome(trial: Trial, *, shuffle: int | None = None, rename: Rename = str) -> Outcome:
    """What the engine finds; rows in the order of the trial or shuffled by a seed."""
    given = handed(trial, shuffle=shuffle, rename=rename)
    return evaluate(trial.analysis, given.people, given.facts, period=given.period, previous=given.previous)


def handed(trial: Trial, *, shuffle: int | None = None, rename: Rename = str) -> Handed:
    """The facts of a trial as frames."""
    order = random.Random(shuffle) if shuffle is not None else None  # noqa: S311 - tests
    book, world = trial.analysis.book, trial.world
    facts = {
        name: _frame(list(_rows(trial, name, fact, rename)), _schema(fact), order)
        for name, fact in book.facts.items()
        if fact.rows or fact.each
    }
    single = {name: KINDS[fact.kind] for name, fact in book.facts.items() if not fact.rows and not fact.each}
    people = [
        {
            "subject": rename(one.name),
            **{key: plain(value) for key, value in one.values.items() if key in single},
        }
        for one in world.subjects
    ]
    previous = [
        {"subject": rename(one.name), **{key: plain(value) for key, value in row.items()}}
        for one in world.subjects
        for row in one.previous
    ]
    return Handed(
        _frame(people, {"subject": pl.String, **single}, order),
        facts,
        Period("year", world.start, world.end),
        _frame(
            previous, {"subject": pl.String, "back": pl.Int64, "grade": pl.String, "score": NUMBER}, order
        ),
    )


def _rows(trial: Trial, name: str, fact: Fact, rename: Rename) -> Iterator[dict[str, Any]]:
    for one in trial.world.subjects:
        key = {"subject": rename(one.name)}
        if fact.each:
            yield from (
                {**key, "k": k, "value": plain(value)} for k, value in one.cells.get(name, {}).items()
            )
            continue
        for row in one.rows.get(name, []):
            own = {"value": row[name]} if fact.many else {field: plain(value) for field, value in row.items()}
            yield {**key, **own}


def _schema(fact: Fact) -> dict[str, Any]:
    if fact.each:
        return {"subject": pl.String, "k": pl.Int32, "value": KINDS[fact.kind]}
    if fact.many:
        return {"subject": pl.String, "value": pl.String}
    if fact.kind == "result":
        return {"subject": pl.String, "date": pl.Date, "score": NUMBER, "grade": pl.String}
    own = {field: KINDS[shape.kind] for field, shape in fact.fields.items()}
    votes = {"votes": pl.Int64} if fact.kind == "ballot" else {}
    return {"subject": pl.String, "date": pl.Date, **own, **votes}


def _frame(rows: list[dict[str, Any]], schema: dict[str, Any], order: random.Random | None) -> pl.DataFrame:
    if order is not None:
        order.shuffle(rows)
    return pl.DataFrame(rows, schema=schema)


def plain(value: Any) -> Any:
    """Fractions of a trial are finite decimals."""
    return Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else value
