"""Which rules facts are checked by: those their period is scored by, not those of the day they come in.

In January the new year's rules are in force, and December's facts are still handed in and corrected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jiceng.facts.rows.checking import DATE, ROW, ValueFault, handed_in, numbered
from jiceng.kernel.clock import today
from jiceng.schemes.periods import span_around
from jiceng.schemes.queries import book_of, in_force, rulebook_for

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from jiceng.schemes.schemas import InForce
    from jiceng_sdk.rulebook import Fact, Field, Rulebook


class Rules(msgspec.Struct, frozen=True):
    """The rulebooks of facts of several days. `latest`: of the newest day, and of rows without one."""

    latest: Rulebook
    by_day: dict[date, Rulebook]

    def books(self) -> list[Rulebook]:
        """Each rulebook once, that of the newest days last."""
        found = {id(book): book for _, book in sorted(self.by_day.items(), key=lambda one: one[0])}
        found.pop(id(self.latest), None)
        return [*found.values(), self.latest]

    def kinds(self) -> dict[str, Fact]:
        """The kinds of facts that people hand in by any of the rulebooks, each by the newest that has it."""
        return {name: fact for book in self.books() for name, fact in handed_in(book).items()}

    def parts(self, kind: str, rows: pl.DataFrame) -> list[tuple[Rulebook, pl.DataFrame]]:
        """The rows of each rulebook that has such facts, numbered (ROW) as they came, the newest last."""
        counted, found = numbered(rows), []
        for book in self.books():
            days = [day for day, own in self.by_day.items() if self._of(own, kind) is book]
            mine = pl.col(DATE).is_in(days)
            if book is self._newest(kind):  # rows without a day, and of days nobody asked about, too
                mine = mine | pl.col(DATE).is_null() | ~pl.col(DATE).is_in(list(self.by_day))
            if (part := counted.filter(mine)).height:
                found.append((book, part))
        return found

    def strange(self, kind: str, rows: pl.DataFrame) -> list[ValueFault]:
        """Rows of days whose rules have no such facts."""
        days = [day for day, own in self.by_day.items() if self._of(own, kind) is None]
        lost = numbered(rows).filter(pl.col(DATE).is_in(days))[ROW].to_list()
        return [ValueFault(row, DATE, "这一天的规则没有这种事实", "核对日期") for row in lost]

    def united(self, kind: str) -> Fact:
        """The fact with every field and option of any of the rulebooks: what a sheet may hold.

        What a row of a certain day may hold of it is for `checking.faults_in` to say, by its own rulebook.
        """
        *others, fact = [book.facts[kind] for book in self.books() if self._of(book, kind) is book]
        for other in others:
            fact = _united(fact, other)
        return fact

    def _of(self, book: Rulebook, kind: str) -> Rulebook | None:
        """The rulebook itself, or the newest one where the fact has become one of another kind since."""
        if kind not in handed_in(book):
            return None
        newest = self._newest(kind)
        return book if book.facts[kind].kind == newest.facts[kind].kind else newest

    def _newest(self, kind: str) -> Rulebook:
        return next(one for one in reversed(self.books()) if kind in handed_in(one))


async def rules_by_day(scheme: str, days: Iterable[date]) -> Rules:
    """The rules for facts of these days.

    Kinds of facts that a period's own rules do not have, and those that count in every period, are as the
    rules of today have them. Raises NotFound when no rules are in force today.
    """
    current = await rulebook_for(scheme, today())
    versions: dict[UUID, Rulebook] = {current.version.id: current.book}
    ends: dict[date, Rulebook] = {}
    by_day: dict[date, Rulebook] = {}
    for day in sorted(set(days)):
        end = span_around(current.book.period, day).last_day
        if end not in ends:
            ends[end] = await _until(scheme, current, end, versions)
        by_day[day] = ends[end]
    return Rules(by_day[max(by_day)] if by_day else current.book, by_day)


async def rules_for(scheme: str, day: date | None) -> Rulebook:
    """The rules for facts of a day (None: of today); raises as `rules_by_day`."""
    return (await rules_by_day(scheme, [] if day is None else [day])).latest


async def _until(scheme: str, current: InForce, end: date, versions: dict[UUID, Rulebook]) -> Rulebook:
    version = await in_force(scheme, end) if end < today() else None
    if version is None:
        return current.book
    if version.id not in versions:
        then = await book_of(version.id)
        lasting = {name for name, fact in current.book.facts.items() if fact.since == "always"}
        own = {name: fact for name, fact in then.facts.items() if name not in lasting}
        versions[version.id] = msgspec.structs.replace(then, facts={**current.book.facts, **own})
    return versions[version.id]


def _united(fact: Fact, other: Fact) -> Fact:
    own, its = fact.fields, other.fields
    fields = {
        name: _both(own[name], its[name]) if name in own and name in its else _free(field)
        for name, field in {**its, **own}.items()
    }
    options = tuple(dict.fromkeys((*fact.options, *other.options)))
    return msgspec.structs.replace(fact, fields=fields, options=options)


def _both(one: Field, other: Field) -> Field:
    """A field of two years: any option of either, to be filled in where both ask for it."""
    options = tuple(dict.fromkeys((*one.options, *other.options)))
    return msgspec.structs.replace(one, options=options, required=one.required and other.required)


def _free(field: Field) -> Field:
    return msgspec.structs.replace(field, required=False)
