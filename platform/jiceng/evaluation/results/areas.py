"""What a run says of the whole area, of towns, of categories: its aims and the places of every quota."""

from __future__ import annotations

import asyncio
from decimal import Decimal  # noqa: TC003 - msgspec looks it up
from typing import TYPE_CHECKING

import msgspec

from jiceng.accounts.scope import reach_here
from jiceng.evaluation import queries
from jiceng.evaluation.runs.computing import analysis_of
from jiceng.evaluation.stored.blocks import OUTCOME
from jiceng_sdk.engine import unpack
from jiceng_sdk.expressions.tree import Call
from jiceng_sdk.rulebook import Quota

if TYPE_CHECKING:
    from jiceng.evaluation.schemas import RunInfo
    from jiceng_sdk.engine import Outcome
    from jiceng_sdk.rulebook import Rulebook


class AreaFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A value over many subjects: `group` is the town or category it is of, "" for the whole area.

    `value` is None while questions leave it between `low` and `high`; `met` is None without an aim, or while
    it is not settled. A `share` is told in percent.
    """

    name: str
    title: str
    clause: str
    group: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    met: bool | None
    share: bool = False


class PlacesFigure(msgspec.Struct, frozen=True, kw_only=True):
    """The places for a grade in one cohort: how many there are, how many are candidates, how many too many.

    `low` and `high` differ while the rounding waits for a ruling; `open` subjects wait for one themselves.
    """

    title: str
    grade: str
    cohort: str
    base: int
    low: int
    high: int
    candidates: int
    over: int
    open: int


class AreaFigures(msgspec.Struct, frozen=True):
    """Both, in the order of the rulebook."""

    values: tuple[AreaFigure, ...] = ()
    places: tuple[PlacesFigure, ...] = ()


async def area_figures(run: RunInfo) -> AreaFigures:
    """What a computed run says of many subjects at once; nothing for those who may not see all of them.

    Raises NotFound until it is computed.
    """
    analysis = await analysis_of(run.rulebook)
    book = analysis.book
    if not reach_here().everything or not (book.area or any(isinstance(one, Quota) for one in book.decide)):
        return AreaFigures()
    packed = await queries.content(run.id, OUTCOME)  # the first block holds what is of nobody
    outcome = await asyncio.to_thread(unpack, packed)
    return AreaFigures(_values(book, outcome), _places(book, outcome))


def _values(book: Rulebook, outcome: Outcome) -> tuple[AreaFigure, ...]:
    return tuple(
        AreaFigure(
            name=row["name"],
            title=book.area[row["name"]].title or row["name"],
            clause=book.area[row["name"]].clause,
            group=row["group"],
            value=row["value"],
            low=row["low"],
            high=row["high"],
            met=row["met"],
            share=is_share(book, row["name"]),
        )
        for row in outcome.area.rows(named=True)
    )


def is_share(book: Rulebook, name: str) -> bool:
    """Whether a value over many is the share of those for whom something holds."""
    tree = book.area[name].value.tree
    return isinstance(tree, Call) and tree.function == "share"


def _places(book: Rulebook, outcome: Outcome) -> tuple[PlacesFigure, ...]:
    titles = {f"decide[{place}]": one.title for place, one in enumerate(book.decide)}
    columns = ("grade", "cohort", "base", "low", "high", "candidates", "over", "open")
    return tuple(
        PlacesFigure(title=titles.get(row["where"]) or "名额", **{name: row[name] for name in columns})
        for row in outcome.cohort.rows(named=True)
    )
