"""Rulings as they are kept: the latest for each question, and the frame the engine takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from jiceng.evaluation.stored.blocks import SUBJECT
from jiceng.evaluation.tables import RULED
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, fetch
from jiceng.schemes.periods.closing import accounts_named

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from decimal import Decimal
    from uuid import UUID

_RULINGS = """
select r.id, r.number, r.rulebook, r.run, r.subject, r.part, r.kind, r.within, r.grade, r.points, r.rank,
  r.places, r.withdrawn, r.by, r.at, coalesce(n.text, '') as reason
from ruling r left join ruling_reason n on n.tenant_id = r.tenant_id and n.ruling = r.id
where r.tenant_id = $1 and r.scheme = $2 and r.period = $3
order by r.number
"""
_SCHEMA: dict[str, Any] = {
    SUBJECT: pl.String(),
    "where": pl.String(),
    "points": pl.Decimal(38, 12),
    "grade": pl.String(),
    "order": pl.Int64(),
    "places": pl.Int64(),
    "within": pl.String(),
}


class RulingInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One ruling; `subject` is None for one on the places of a cohort; `person` is who decided."""

    id: UUID
    number: int
    rulebook: UUID
    run: UUID
    subject: UUID | None
    part: str
    kind: str
    within: str
    grade: str | None
    points: Decimal | None
    rank: int | None
    places: int | None
    withdrawn: bool
    by: UUID
    at: datetime
    reason: str
    person: str

    @property
    def about(self) -> tuple[Any, ...]:
        """What it answers: a later one about the same takes its place."""
        whole = () if self.places is None else (self.within, self.grade)
        return self.subject, self.part, *whole

    @property
    def in_words(self) -> str:
        """The choice as a page says it."""
        if self.places is not None:
            place = f"（{self.within}）" if self.within else ""
            return f"“{self.grade}”{self.places} 个名额{place}"
        if self.rank is not None:
            return f"并列中排第 {self.rank}"
        if self.points is not None:
            return f"计 {self.points.normalize():f} 分"
        return f"定为“{self.grade}”"


async def all_rulings(scheme: UUID, period: UUID) -> list[RulingInfo]:
    """Every ruling of a scheme and period, oldest first, replaced and withdrawn ones included."""
    rows = await fetch(_RULINGS, current_tenant(), scheme, period)
    people, keys = await accounts_named({row["by"] for row in rows}), await keyring()
    return [
        RulingInfo(
            **{**row, "reason": keys.open(RULED, row["id"], row["reason"]) or ""},
            person=people.get(row["by"], ""),
        )
        for row in rows
    ]


def in_force(rulings: Sequence[RulingInfo], rulebook: UUID, subjects: Collection[str]) -> list[RulingInfo]:
    """The latest ruling on each question under this rulebook, of subjects who take part; by number.

    A part of the rulebook means nothing under another version, so rulings never move to it by themselves.
    """
    latest: dict[tuple[Any, ...], RulingInfo] = {}
    for ruling in rulings:
        if ruling.rulebook == rulebook and (ruling.subject is None or str(ruling.subject) in subjects):
            latest[ruling.about] = ruling
    return sorted((one for one in latest.values() if not one.withdrawn), key=lambda one: one.number)


def frame(rulings: Sequence[RulingInfo]) -> pl.DataFrame | None:
    """Rulings as the engine takes them; None when there are none."""
    if not rulings:
        return None
    return pl.DataFrame(
        [
            {
                SUBJECT: None if one.subject is None else str(one.subject),
                "where": one.part,
                "points": one.points,
                "grade": one.grade,
                "order": one.rank,
                "places": one.places,
                "within": one.within,
            }
            for one in rulings
        ],
        schema=_SCHEMA,
    )
