"""Words that stand in the roster and are no option of the rules: told before publishing, not at a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jiceng.roster.queries import subject_frame
from jiceng.schemes.wording.subjects import SUBJECTS

if TYPE_CHECKING:
    from datetime import date

    from jiceng_sdk.rulebook import Fact, Rulebook


def choices(book: Rulebook) -> dict[str, Fact]:
    """The facts whose words come from the roster.

    Those that are only asked of some (`for`) are left to the run: who they are is computed there.
    """
    return {
        name: fact
        for name, fact in book.facts.items()
        if fact.source == "roster" and fact.kind == "choice" and fact.for_ is None
    }


async def strangers(book: Rulebook, at: date) -> list[str]:
    """Every word of the roster on a day that a run would refuse, with how many subjects have it."""
    return strangers_in(book, await subject_frame(book.subject, at)) if choices(book) else []


def strangers_in(book: Rulebook, roster: pl.DataFrame) -> list[str]:
    """The same of these subjects, a column for each attribute."""
    return [
        f"填报资料：{fact.title or name}：名册里有 {count} 个{SUBJECTS[book.subject]}是“{word}”，不在选项里；"
        "请加进选项，或先改名册"
        for name, fact in choices(book).items()
        if name in roster.columns
        for word, count in _words(roster, name, fact.options)
    ]


def _words(roster: pl.DataFrame, name: str, options: tuple[str, ...]) -> list[tuple[str, int]]:
    strange = roster.filter(pl.col(name).is_not_null() & ~pl.col(name).is_in(list(options)))
    return list(strange.group_by(name).len().sort(name).iter_rows())
