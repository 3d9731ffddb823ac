"""What a worked case is: subjects with their facts, and the outcome a reader of the regulation expects."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

Written = Any
"""Whatever a case file holds at a place: a number, word, flag, date, table or list."""
NOTHING = "none"
"""How a case file writes "no score", "no grade", "no answer" (TOML has no null)."""


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """The period a case is evaluated for: kind as in the rulebook, first and last day."""

    kind: str
    start: date
    end: date


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One subject: single values by name, rows by fact kind, earlier results (newest first), rulings."""

    name: str
    values: Mapping[str, Written] = {}
    facts: Mapping[str, Written] = {}
    previous: tuple[Mapping[str, Written], ...] = ()
    rulings: tuple[Mapping[str, Written], ...] = ()


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is expected of one subject; a key that is not written is not compared."""

    status: str | msgspec.UnsetType = msgspec.UNSET
    score: Written = msgspec.UNSET
    grade: str | msgspec.UnsetType = msgspec.UNSET
    reason: str | msgspec.UnsetType = msgspec.UNSET
    outputs: Mapping[str, Written] = {}
    nodes: Mapping[str, Written] = {}
    over: tuple[str, ...] = ()


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One worked case. `preset`: the variant of a scheme it is evaluated under, none for the plain one."""

    name: str
    file: str
    line: int
    period: Span
    example: str = ""
    preset: str = ""
    people: tuple[Person, ...]
    wanted: Mapping[str, Wanted] = {}
    grades: Mapping[str, tuple[str, ...]] = {}
    asked: tuple[str, ...] | None = None
    places: Mapping[str, Written] = {}
    area: Mapping[str, Mapping[str, Written]] = {}

    @property
    def alone(self) -> bool:
        """Whether the case reads values of the whole area."""
        return bool(self.area)


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A value that must be refused at the door, or taken in (`accepted`): one fact (or `event.field`), one
    value, nothing else given.
    """

    name: str
    file: str
    line: int
    period: Span
    fact: str
    value: Written
    accepted: bool = False


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """All cases of one rulebook."""

    path: str
    rulebook: str
    cases: tuple[Case, ...]
    refusals: tuple[Refusal, ...] = ()


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation not met, with the rule that made the value (its path, file and line)."""

    case: str
    file: str
    line: int
    subject: str
    what: str
    wanted: str
    got: str
    rule: str = ""
    rule_file: str = ""
    rule_line: int = 0
    because: str = ""
