"""Frames that go into the engine: subjects with their attributes, facts up to the watermark, the history."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import polars as pl

from jiceng.facts import queries as facts
from jiceng.facts.rows.checking import VALUE, handed_in
from jiceng.facts.rows.reading import Places
from jiceng.kernel.errors import Refusal
from jiceng.roster.queries import subject_frame, whole_tree
from jiceng_sdk.rulebook.parts import MONTHS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable
    from datetime import date

    from jiceng.facts.schemas import KindInfo
    from jiceng_sdk.rulebook import Fact, Rulebook

    Told = Callable[[int, int], Awaitable[None]]

SUBJECT, ORGANIZATION, DATE, CELL, VOTES = "subject", "organization", "date", "k", "votes"
AT_ONCE = 2
"""Kinds of facts read at once: while one is typed, the server sends the other."""


async def subjects_on(book: Rulebook, at: date) -> pl.DataFrame:
    """Subjects of the roster on a day: subject, organization (both text) and the attributes the book reads.

    They stand in the order of lists: by the tree of organizations, then by number.

    Raises Refusal when nobody is on the roster, or the roster does not have an attribute.
    """
    roster = await subject_frame(book.subject, at)
    wanted = [name for name, fact in book.facts.items() if fact.source == "roster"]
    lacking = [f"{book.facts[name].title or name}（{name}）" for name in wanted if name not in roster.columns]
    if lacking:
        raise Refusal(
            "名册没有规则要读的属性", where="、".join(lacking), todo_zh="请修改规则，或改由事实提供"
        )
    if roster.is_empty():
        raise Refusal("名册里没有评定对象，不能开始评定", where=f"{at}", todo_zh="请先导入名册")
    tree = [str(place.id) for place in await whole_tree(at)]
    own = SUBJECT if book.subject == "organization" else ORGANIZATION
    order = pl.col(own).replace_strict(tree, list(range(len(tree))), default=None, return_dtype=pl.Int64)
    others = [name for name in wanted if name not in (SUBJECT, ORGANIZATION)]
    return roster.sort(order, "number", nulls_last=False).select(SUBJECT, ORGANIZATION, *others)


def for_engine(book: Rulebook, subjects: pl.DataFrame) -> pl.DataFrame:
    """The subjects without their organization, unless the rulebook reads it."""
    return subjects if ORGANIZATION in book.facts else subjects.drop(ORGANIZATION)


async def facts_for(
    scheme: str,
    book: Rulebook,
    ids: pl.Series,
    days: tuple[date, date],
    upto: int,
    told: Told | None = None,
) -> dict[str, pl.DataFrame]:
    """Facts of these days numbered up to `upto`, as the engine takes them by kind.

    Subjects stand by their place in `ids`; facts of others are left out. `told` hears how many kinds of how
    many are read.
    """
    known = {info.name: info for info in await facts.kinds(scheme)}
    wanted = {name: fact for name, fact in handed_in(book).items() if name in known}
    places = await asyncio.to_thread(Places, ids)
    found: dict[str, pl.DataFrame] = {}
    some = asyncio.Semaphore(AT_ONCE)

    async def read(name: str, fact: Fact) -> None:
        async with some:
            rows = await _rows(known[name], fact, places, days, upto)
        found[name] = _shaped(fact, rows, days[0])
        if told is not None:
            await told(len(found), len(wanted))

    await _all(read(name, fact) for name, fact in wanted.items())
    return {name: found[name] for name in wanted}


async def _all(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do all of it; when one fails or the job is cancelled, the others are given up."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


def _shaped(fact: Fact, rows: pl.DataFrame, first_day: date) -> pl.DataFrame:
    """Rows of events as they are; of single values what the engine takes of them."""
    if fact.rows:
        return rows
    cell = () if fact.each is None else (_cell(fact, first_day),)
    return rows.select(SUBJECT, *cell, VALUE)


async def _rows(
    info: KindInfo, fact: Fact, places: Places, days: tuple[date, date], upto: int
) -> pl.DataFrame:
    first = None if fact.since == "always" else days[0]
    wanted = [*fact.fields, VOTES] if fact.rows else [VALUE]
    rows = await facts.frame(info, fact, places, first_day=first, last_day=days[1], upto=upto)
    lacking = [name for name in wanted if name not in rows.columns and name != VOTES]
    return rows.with_columns(pl.lit(None).alias(name) for name in lacking)


def _cell(fact: Fact, start: date) -> pl.Expr:
    """The number of the sub-period a date lies in, from 0 at the period's first day."""
    months = (pl.col(DATE).dt.year() - start.year) * 12 + pl.col(DATE).dt.month().cast(pl.Int32) - start.month
    return (months // MONTHS[fact.each or "month"]).cast(pl.Int32).alias(CELL)
