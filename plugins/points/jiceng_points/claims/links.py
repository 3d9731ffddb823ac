"""One-time links: a member without an account opens his own page, and nothing else, on one device.

The link works once; opening it starts a visit that ends by itself. Both secrets are kept as digests only.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from jiceng.api import NotFound, now
from jiceng.api.database import current_tenant, execute, fetch_value, joined, new_id
from jiceng.api.pages import Event, Limit, allow, record
from jiceng_points.people import claimers
from jiceng_points.shelf.service import PLUGIN

if TYPE_CHECKING:
    from uuid import UUID

LINK_DAYS = 7
VISIT_HOURS = 12
OPENING = Limit("points_link", burst=120, every=5.0)
"""Tries of one address: a token has 256 bits, so this only bounds the noise."""
_ADD = """
insert into points_link (tenant_id, id, member, digest, made_by, made_at, expires, ended)
values ($1, $2, $3, $4, $5, $6, $7, false)
"""
_END_OTHERS = "update points_link set ended = true where tenant_id = $1 and member = $2 and not ended"
_OPEN = """
update points_link set opened_at = $3, visit = $4, visit_until = $5
where tenant_id = $1 and digest = $2 and opened_at is null and not ended and expires > $3
returning member
"""
_WAITS = """
select member from points_link
where tenant_id = $1 and digest = $2 and opened_at is null and not ended and expires > $3
"""
_VISITOR = """
select member from points_link where tenant_id = $1 and visit = $2 and not ended and visit_until > $3
"""


async def make_link(member: UUID, *, by: UUID) -> str:
    """Make a member's link and return its token, shown once; his earlier links end. Raises NotFound."""
    await claimers.member(member)
    token = secrets.token_urlsafe(32)
    async with joined():
        await execute(_END_OTHERS, current_tenant(), member)
        made, moment = new_id(), now()
        until = moment + timedelta(days=LINK_DAYS)
        await execute(_ADD, current_tenant(), made, member, _digest(token), by, moment, until)
        record(Event.WORK_MOVED, ("points_link", made), plugin=PLUGIN, state="made")
    return token


async def waits(token: str, *, caller: str) -> None:
    """Look whether a link can still be opened; NotFound for a used, ended, expired or unknown one alike."""
    await allow(OPENING, caller)
    if await fetch_value(_WAITS, current_tenant(), _digest(token), now()) is None:
        raise _gone()


async def open_link(token: str, *, caller: str) -> str:
    """Use a link up and start its visit; returns the visit's token. Of two at once one succeeds."""
    await allow(OPENING, caller)
    visit, moment = secrets.token_urlsafe(32), now()
    async with joined():
        member = await fetch_value(
            _OPEN,
            *(current_tenant(), _digest(token), moment, _digest(visit)),
            moment + timedelta(hours=VISIT_HOURS),
        )
        if member is None:
            raise _gone()
        record(Event.WORK_MOVED, ("member", member), plugin=PLUGIN, state="link_opened")
    return visit


async def visitor(visit: str) -> UUID:
    """The member whose page this device has open; NotFound when the visit is over or never was."""
    member: UUID | None = await fetch_value(_VISITOR, current_tenant(), _digest(visit), now())
    if member is None:
        raise NotFound("页面已经过期", todo_zh="请向支部书记再要一个链接")
    return member


async def is_visiting(visit: str) -> bool:
    """Whether this device has a member's page open."""
    return await fetch_value(_VISITOR, current_tenant(), _digest(visit), now()) is not None


async def end_visit(visit: str) -> None:
    """Close the page on this device."""
    await execute(
        "update points_link set ended = true where tenant_id = $1 and visit = $2",
        *(current_tenant(), _digest(visit)),
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _gone() -> NotFound:
    return NotFound("链接不能用了：只能打开一次，或者已经过期", todo_zh="请向支部书记再要一个链接")
