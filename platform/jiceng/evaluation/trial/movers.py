"""The list of those who move: narrowed to one cause, page by page, by their place in the roster's order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import polars as pl

from jiceng.evaluation.results.listing import NOBODY, WITHHELD
from jiceng.evaluation.trial.schemas import Mover
from jiceng.roster.queries import labelled_above, names

if TYPE_CHECKING:
    from jiceng.evaluation.trial.causes import Cause
    from jiceng.evaluation.trial.schemas import Trial

PAGE = 20


class MoverPage(msgspec.Struct, frozen=True):
    """One page of movers: `total` of all pages, `page` from 1; `cause` is the key it is narrowed to."""

    rows: list[Mover]
    total: int
    page: int
    size: int
    cause: str = ""

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def left(self) -> int:
        """How many come after this page."""
        return max(0, self.total - self.page * self.size)


async def movers(trial: Trial, cause: str = "", page: int = 1, size: int = 0) -> MoverPage:
    """One page of those who move; an unknown cause narrows nothing."""
    size = size or PAGE
    said = {one.key: one for one in trial.causes}
    found = trial.movers.filter(pl.col(cause)) if cause in said else trial.movers
    page = min(max(1, page), max(1, -(-found.height // size)))
    part = found.slice((page - 1) * size, size)
    who = await names({UUID(one) for column in ("subject", "organization") for one in part[column] if one})
    who |= dict.fromkeys(await labelled_above(list(map(UUID, part["subject"]))), WITHHELD)
    rows = [_mover(row, said, who) for row in part.iter_rows(named=True)]
    return MoverPage(rows, found.height, page, size, cause if cause in said else "")


def _mover(row: dict[str, Any], said: dict[str, Cause], who: dict[UUID, str]) -> Mover:
    subject, home = UUID(row["subject"]), row["organization"]
    return Mover(
        subject,
        row["score"],
        row["before"],
        row["after"],
        row["up"],
        tuple(one for key, one in said.items() if row[key]),
        who.get(subject, NOBODY),
        who.get(UUID(home), "") if home and home != row["subject"] else "",
    )
