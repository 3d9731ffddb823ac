"""Where organizations stand in a year, and what changed since the year before."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from uuid import UUID

AIM = Decimal(95)
"""Percent of last year's weak organizations that should be turned round (第十一条)."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One organization in a year: its grade and programme, the grade of the year before ("" for none).

    One that has a plan and was not classified has neither grade nor programme.
    """

    organization: UUID
    number: str
    name: str
    town: str
    grade: str
    before: str
    programme: str
    movement: str
    score: Decimal | None
    final: bool


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """A year: the grades best first, who stands where, how many moved from which grade to which.

    `weak_before` and `turned` count last year's weak organizations and those of them that rose.
    """

    year: int
    grades: tuple[str, ...]
    rows: tuple[Standing, ...]
    matrix: dict[tuple[str, str], int]
    weak_before: int
    turned: int
    final: bool

    def count(self, grade: str) -> int:
        """How many organizations have the grade."""
        return sum(row.grade == grade for row in self.rows)

    def in_programme(self, programme: str) -> list[Standing]:
        """Who belongs to the programme."""
        return [row for row in self.rows if row.programme == programme]

    def moved(self, movement: str) -> int:
        """How many rose (晋位), fell (退位), stayed (保持), are new (首次定级)."""
        return sum(row.movement == movement for row in self.rows)

    @property
    def grades_before(self) -> tuple[str, ...]:
        """The grades of the year before, best first; those that the rules of this year lack come last."""
        return tuple(dict.fromkeys((*self.grades, *sorted(before for before, _ in self.matrix))))

    @property
    def conversion(self) -> Decimal | None:
        """Percent of last year's weak organizations that rose, two places; None when there were none."""
        if not self.weak_before:
            return None
        return (Decimal(self.turned * 100) / self.weak_before).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def reached(self) -> bool:
        """Whether the conversion reached the aim, before it was rounded."""
        return self.weak_before > 0 and self.turned * 100 >= AIM * self.weak_before
