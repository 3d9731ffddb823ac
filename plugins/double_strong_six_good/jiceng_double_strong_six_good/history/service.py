"""Telling of a move: a row for the thing's own page and an entry for the audit log, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import now
from jiceng.api.database import current_tenant, execute, new_id
from jiceng.api.pages import Event, record
from jiceng_double_strong_six_good.vocabulary import LONGEST_TEXT, PLUGIN

if TYPE_CHECKING:
    from uuid import UUID

_ADD = """
insert into six_good_move (tenant_id, id, about, act, before, after, reason, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


async def told(
    about: tuple[str, UUID], act: str, states: tuple[str, str], reason: str, by: UUID | None
) -> None:
    """Keep that `by` did `act` to `about` (what it is, its id), which led from one state to the other."""
    said = (act, *states, reason.strip()[:LONGEST_TEXT], by, now())
    await execute(_ADD, current_tenant(), new_id(), about[1], *said)
    record(Event.WORK_MOVED, about, plugin=PLUGIN, kind=act, state=states[1])
