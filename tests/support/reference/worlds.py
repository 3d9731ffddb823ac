"""A worked case as the reference's world."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.support.reference.world import Subject, World

from jiceng_sdk.cases.events import cells_of, rows_of
from jiceng_sdk.cases.shape import Case, Person
from jiceng_sdk.rulebook import Rulebook


def world_of(book: Rulebook, case: Case) -> World:
    """All subjects of a case with their facts as plain values."""
    return World(
        tuple(_subject(book, case, person) for person in case.people), case.period.start, case.period.end
    )


def _subject(book: Rulebook, case: Case, person: Person) -> Subject:
    values: dict[str, Any] = {}
    cells: dict[str, Any] = {}
    rows: dict[str, Any] = {}
    for name, raw in {**person.values, **person.facts}.items():
        fact = book.facts[name]
        if fact.each:
            cells[name] = {k: plain(value) for k, value in cells_of(raw).items()}
        elif fact.rows:
            found = [
                {key: plain(value) for key, value in row.items()} for row in rows_of(fact, raw, case.period)
            ]
            rows[name] = [{name: row["value"]} for row in found] if fact.many else found
        else:
            values[name] = plain(raw)
    previous = tuple(
        {"back": number, **{key: plain(value) for key, value in row.items() if key != "back"}, **_back(row)}
        for number, row in enumerate(person.previous, 1)
    )
    return Subject(person.name, values, cells, rows, previous)


def _back(row: Any) -> dict[str, int]:
    return {"back": int(row["back"])} if "back" in row else {}


def plain(value: Any) -> Any:
    """Numbers as fractions; flags, words and dates as they are."""
    if isinstance(value, bool | str | date):
        return value
    return Fraction(value) if isinstance(value, int | Decimal) else value
