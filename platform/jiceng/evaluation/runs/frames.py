"""Frames that go into the engine: subjects with their attributes, facts up to the watermark, the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jiceng.facts import queries as facts
from jiceng.facts.rows.checking import VALUE
from jiceng.facts.service import handed_in
from jiceng.kernel.errors import Refusal
from jiceng.roster.queries import organizations, subject_frame
from jiceng.schemes.wording.subjects import on_the_roster
from jiceng_sdk.rulebook.parts import MONTHS

if TYPE_CHECKING:
    from datetime import date

    from jiceng.facts.schemas import KindInfo
    from jiceng_sdk.rulebook import Fact, Rulebook

SUBJECT, ORGANIZATION, DATE, CELL = "subject", "organization", "date", "k"


async def subjects_on(book: Rulebook, at: date) -> pl.DataFrame:
    """Subjects of the roster on a day: subject, organization (both text) and the attributes the book reads.

    They stand in the order of lists: by the tree of organizations, then by number.

    Raises Refusal when nobody is on the roster, or the roster does not have an attribute.
    """
    roster = await subject_frame(on_the_roster(book), at)
    wanted = [name for name, fact in book.facts.items() if fact.source == "roster"]
    lacking = [f"{book.facts[name].title or name}（{name}）" for name in wanted if name not in roster.columns]
    if lacking:
        raise Refusal(
            "名册没有规则要读的属性", where="、".join(lacking), todo_zh="请修改规则，或改由事实提供"
        )
    if roster.is_empty():
        raise Refusal("名册里没有评定对象，不能开始评定", where=f"{at}", todo_zh="请先导入名册")
    tree = [str(place.id) for place in await organizations(at)]
    own = SUBJECT if book.subject == "organization" else ORGANIZATION
    order = pl.col(own).replace_strict(tree, list(range(len(tree))), default=None, return_dtype=pl.Int64)
    others = [name for name in wanted if name not in (SUBJECT, ORGANIZATION)]
    return roster.sort(order, "number", nulls_last=False).select(SUBJECT, ORGANIZATION, *others)


def for_engine(book: Rulebook, subjects: pl.DataFrame) -> pl.DataFrame:
    """The subjects without their organization, unless the rulebook reads it."""
    return subjects if ORGANIZATION in book.facts else subjects.drop(ORGANIZATION)


async def facts_for(
    scheme: str, book: Rulebook, subjects: pl.DataFrame, days: tuple[date, date], upto: int
) -> dict[str, pl.DataFrame]:
    """Facts of these days numbered up to `upto`, of these subjects, as the engine takes them by kind."""
    found: dict[str, pl.DataFrame] = {}
    known = {info.name: info for info in await facts.kinds(scheme)}
    for name, fact in handed_in(book).items():
        if name not in known:
            continue
        rows = await _rows(known[name], fact, subjects, days, upto)
        if fact.rows:
            found[name] = rows
        elif fact.each is not None:
            found[name] = rows.select(SUBJECT, _cell(fact, days[0]), VALUE)
        else:
            found[name] = rows.select(SUBJECT, VALUE)
    return found


async def _rows(
    info: KindInfo, fact: Fact, subjects: pl.DataFrame, days: tuple[date, date], upto: int
) -> pl.DataFrame:
    first = None if fact.since == "always" else days[0]
    rows = await facts.frame(info, first_day=first, last_day=days[1], upto=upto)
    fields = (
        [VALUE]
        if not fact.rows
        else [name for name in rows.columns if name in fact.fields or name == "votes"]
    )
    return rows.select(SUBJECT, DATE, *fields).join(subjects, on=SUBJECT, how="semi")


def _cell(fact: Fact, start: date) -> pl.Expr:
    """The number of the sub-period a date lies in, from 0 at the period's first day."""
    months = (pl.col(DATE).dt.year() - start.year) * 12 + pl.col(DATE).dt.month().cast(pl.Int32) - start.month
    return (months // MONTHS[fact.each or "month"]).cast(pl.Int32).alias(CELL)
