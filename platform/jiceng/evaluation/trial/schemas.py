"""What a trial tells: the distribution, quotas, who moves, questions, area values, burden, faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    import polars as pl

    from jiceng.evaluation.trial.causes import Cause
    from jiceng_sdk.rulebook.burden import Finding


class Places(msgspec.Struct, frozen=True):
    """The places of one grade, over all cohorts of the quota that gives it; `over` have no place.

    `low` and `high` differ while the rounding is not settled; `full` cohorts have no place left.
    """

    low: int
    high: int
    over: int
    open: int
    cohorts: int
    full: int


class Share(msgspec.Struct, frozen=True):
    """How many have a grade, or a status without one: in force (None: no version is) and by the draft."""

    label: str
    graded: bool
    before: int | None
    after: int
    places: Places | None = None


class Question(msgspec.Struct, frozen=True):
    """An open question and how many subjects wait for its answer."""

    reason: str
    before: int | None
    after: int


class AreaValue(msgspec.Struct, frozen=True):
    """An area value by the draft and in force; `met` is None without an aim or while it is open.

    A `share` is told in percent.
    """

    title: str
    group: str
    before: Decimal | None
    after: Decimal | None
    met: bool | None
    share: bool = False


class Mover(msgspec.Struct, frozen=True):
    """Somebody whose grade or status changes: from, to, up (True), down (False) or neither (None)."""

    subject: UUID
    score: Decimal | None
    before: str
    after: str
    up: bool | None
    causes: tuple[Cause, ...]
    name: str = ""
    place: str = ""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A draft tried on current data. `base` is the number of the version it was held against.

    `movers`: subject, score, before, after, up and one column of flags per cause; nobody's name.
    `ruled`: rulings made that count here too; `unruled`: those whose part of the rules is no longer the same.
    """

    scheme: str
    period: str
    roster_at: date
    watermark: int
    base: int | None
    subjects: int
    shares: tuple[Share, ...]
    movers: pl.DataFrame
    causes: tuple[Cause, ...]
    rescored: int
    questions: tuple[Question, ...]
    areas: tuple[AreaValue, ...]
    findings: tuple[Finding, ...]
    passed: int
    score_places: int
    ruled: int
    unruled: int
    milliseconds: int = 0

    @property
    def up(self) -> int:
        """How many rise."""
        return int(self.movers["up"].sum())

    @property
    def down(self) -> int:
        """How many fall."""
        return int((~self.movers["up"]).sum())

    @property
    def largest(self) -> int:
        """The total of the distribution, for its picture."""
        return max(1, self.subjects)
