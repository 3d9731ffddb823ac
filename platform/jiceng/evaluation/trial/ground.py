"""The ground of a trial: what is known of the subjects before decisions, under the rules in force.

Read once, then kept until facts, roster, rules in force or earlier results change. No raw facts are kept.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from jiceng.evaluation import queries as runs
from jiceng.evaluation.runs.elsewhere import Source, in_effect
from jiceng.evaluation.trial.ruled import Rulings, made
from jiceng.evaluation.trial.shelf import MIB, Key, Shelf
from jiceng.facts.queries import watermark
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, highest
from jiceng.schemes.periods import Span, span_around
from jiceng.schemes.queries import in_force
from jiceng_sdk.engine import ENGINE_VERSION, Aggregates, Outcome, Period

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    import polars as pl

    from jiceng.schemes.schemas import Version
    from jiceng_sdk.rulebook import Analysis, Rulebook
    from jiceng_sdk.rulebook.parts.book import PeriodKind

MOST, MOST_BYTES = 4, 512 * MIB


class Inputs(msgspec.Struct, frozen=True):
    """Everything besides the draft that decides a trial. `rulings`: those made under the rules in force.

    `sources`: every run whose results are in effect, whichever of them the draft reads.
    """

    key: Key
    kind: PeriodKind
    span: Span
    roster_at: date
    watermark: int
    base: Version | None
    previous: tuple[UUID, ...]
    history: str
    rulings: Rulings
    sources: tuple[Source, ...]

    @property
    def first_day(self) -> date:
        """First day of the period."""
        return self.span.first_day

    @property
    def period(self) -> Period:
        """The period as the engine takes it."""
        return Period(self.kind, self.span.first_day, self.span.last_day)


class Known(msgspec.Struct, frozen=True):
    """Aggregates under one rulebook, and what that rulebook gives."""

    analysis: Analysis
    aggregates: Aggregates
    outcome: Outcome


class Ground(msgspec.Struct):
    """`subjects`: id and organization, in the order of lists. `base`: None without rules in force.

    `drafts`: of a draft whose items had to be read from facts, what is known since then.
    """

    subjects: pl.DataFrame
    base: Known | None
    drafts: dict[UUID, Known]

    def all(self) -> Iterable[Known]:
        """Everything known, the base first."""
        return [*([self.base] if self.base else []), *self.drafts.values()]


def size_of(ground: Ground) -> int:
    """Bytes held by frames."""
    return sum(_bytes(known) for known in ground.all())


GROUNDS: Shelf[Ground] = Shelf(most=MOST, most_bytes=MOST_BYTES, size_of=size_of)


async def inputs_for(scheme: str, book: Rulebook) -> Inputs:
    """What a trial of this rulebook stands on today: the period of today, facts and roster as they are."""
    span = span_around(book.period, today())
    roster_at = min(span.last_day, today())
    base = await in_force(scheme, span.last_day)
    history = await runs.history_setting(scheme)
    earlier = await runs.history(scheme, span.first_day, only_final=history == runs.FINAL)
    previous = tuple(run.id for run in earlier)
    mark = await watermark(scheme)
    rulings = await made(scheme, span.kind, span.first_day, base)
    sources = tuple(await in_effect(span.last_day))
    parts = (
        ENGINE_VERSION,
        book.subject,
        span.kind,
        str(span.first_day),
        str(roster_at),
        str(await highest("roster")),
        str(mark),
        base.digest if base else "",
        history,
        *map(str, previous),
        *(str(one.id) for one in rulings),
        *(str(one.run) for one in sources),
    )
    digest = hashlib.sha256("|".join(parts).encode()).hexdigest()
    key = Key(current_tenant(), scheme, digest)
    return Inputs(key, book.period, span, roster_at, mark, base, previous, history, rulings, sources)


def _bytes(known: Known) -> int:
    board, outcome = known.aggregates.board, known.outcome
    frames: list[pl.DataFrame] = [
        board.subjects.frame,
        *(table.frame for table in board.cells.values()),
        board.inputs.single,
        outcome.results,
        outcome.nodes,
        outcome.details,
        *outcome.cells.values(),
        outcome.issues,
    ]
    return int(sum(frame.estimated_size() for frame in frames))
