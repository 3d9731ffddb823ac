"""What the rows of a fact offer to an item that reads them by `from`: fields, dates, votes, results."""

from decimal import Decimal

from jiceng_sdk.expressions.symbols import Kind, Origin, Range, Symbol
from jiceng_sdk.rulebook.parts import DEFAULT_MAX, Fact, Field

STORED_PLACES = 12
"""Results are stored with quotients snapped to 12 places."""
MOST_ROWS = Decimal(5_000)
"""Rows of one fact for one subject in one period, for overflow bounds."""
MOST_IN_WINDOW = Decimal(100)
"""Rows that `merge` adds up, likewise."""
RESERVED = frozenset(
    {"value", "date", "votes", "nth", "grade", "status", "previous", "period", "result", "none"}
)
_KINDS: dict[str, Kind] = {
    "number": "number",
    "flag": "flag",
    "choice": "text",
    "date": "date",
    "text": "text",
}


def bounds(low: Decimal | None, high: Decimal | None) -> Range:
    """Bounds as declared, or the default ones (`assumed`)."""
    return Range(
        -DEFAULT_MAX if low is None else low,
        DEFAULT_MAX if high is None else high,
        low is None or high is None,
    )


def single(name: str, fact: Fact) -> Symbol:
    """A fact with one value per subject (or per sub-period) as a named value."""
    return Symbol(
        name=name,
        kind=_KINDS[fact.kind],
        origin="fact",
        places=fact.places if fact.kind == "number" else 0,
        options=with_absent(fact),
        range=bounds(fact.min, fact.max),
        unit=fact.each,
    )


def with_absent(fact: Fact) -> tuple[str, ...]:
    """The words a choice can be; none when it is open."""
    if not fact.options or fact.absent is None or fact.absent in fact.options:
        return fact.options
    return (*fact.options, fact.absent)


def dated(fact: Fact) -> bool:
    """Whether its rows have an order (`nth`), months and quarters; the day of a result (its period's last) is
    only read.
    """
    return fact.kind in ("event", "ballot")


def of_rows(name: str, fact: Fact) -> dict[str, Symbol]:
    """The names an event formula can read from the row itself."""
    if fact.many:
        return {name: Symbol(name=name, kind="text", origin="field", options=fact.options)}
    known = dated(fact) or fact.kind == "result"
    own = {"date": Symbol(name="date", kind="date", origin="field")} if known else {}
    own |= {field: _field(field, shape) for field, shape in fact.fields.items()}
    if fact.kind == "ballot":
        own["votes"] = _counted("votes", "votes")
    if fact.kind == "result":
        own |= _result(fact)
    return own


def nth() -> Symbol:
    """The number of the row within the period, by date, from 1."""
    return _counted("nth", "nth", 1)


def _counted(name: str, origin: Origin, least: int = 0) -> Symbol:
    most = Range(Decimal(least), MOST_ROWS, assumed=True)
    return Symbol(name=name, kind="number", origin=origin, range=most)


def _field(name: str, shape: Field) -> Symbol:
    return Symbol(
        name=name,
        kind=_KINDS[shape.kind],
        origin="field",
        places=shape.places if shape.kind == "number" else 0,
        options=shape.options,
        range=bounds(shape.min, shape.max),
    )


def _result(fact: Fact) -> dict[str, Symbol]:
    return {
        "result.score": Symbol(
            name="result.score",
            kind="number",
            origin="field",
            places=STORED_PLACES,
            range=bounds(fact.min, fact.max),
        ),
        "result.grade": Symbol(name="result.grade", kind="text", origin="field", options=fact.options),
        "result.role": Symbol(name="result.role", kind="text", origin="field"),
    }
