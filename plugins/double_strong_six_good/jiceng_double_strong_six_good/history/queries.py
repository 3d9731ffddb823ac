"""Reads what was done to a thing."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from jiceng.api.database import current_tenant, fetch
from jiceng.api.pages import accounts_named

if TYPE_CHECKING:
    from uuid import UUID

_MOVES = """
select act, before, after, reason, by, at from six_good_move
where tenant_id = $1 and about = $2 order by at, id
"""


class Move(msgspec.Struct, frozen=True):
    """One act: `by` is the name of an account, empty for a workbook or a job."""

    act: str
    before: str
    after: str
    reason: str
    by: str
    at: datetime


async def moves(about: UUID) -> list[Move]:
    """What was done to a thing, the first first; whoever asks has shown that it may be seen."""
    rows = await fetch(_MOVES, current_tenant(), about)
    people = await accounts_named({row["by"] for row in rows if row["by"]})
    return [
        Move(row["act"], row["before"], row["after"], row["reason"], people.get(row["by"], ""), row["at"])
        for row in rows
    ]
