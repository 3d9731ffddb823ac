"""What of the roster the person at work may see on a day: the one seam between data scopes and every read.

Jobs, commands and accounts for the whole tenant see everything (None); what is outside is as if absent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.accounts.scope import Reach, reach_here
from jiceng.kernel.database import current_tenant, fetch, fetch_value
from jiceng.kernel.errors import Forbidden
from jiceng.roster import sql

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

_MEMBER = "select id from member where tenant_id = $1 and number = $2"
_HOMES = """
select organization from membership where tenant_id = $1 and member = $2
and since <= $3 and (until is null or until > $3)
"""


class Sight(msgspec.Struct, frozen=True):
    """`places` may be named; members, units and results of `holding` are seen; `member` is seen alone."""

    places: tuple[UUID, ...] = ()
    holding: tuple[UUID, ...] = ()
    member: UUID | None = None


async def sight(at: date) -> Sight | None:
    """What is seen on the day; None for everything."""
    reach = reach_here()
    match reach.kind:
        case "all":
            return None
        case "subtree" | "own":
            seen = tuple(await _below(reach, at))
            return Sight(seen, seen)
        case "self" if reach.person:
            member = await fetch_value(_MEMBER, current_tenant(), reach.person)
            if member is not None:
                homes = await fetch(_HOMES, current_tenant(), member, at)
                return Sight(places=tuple(row["organization"] for row in homes), member=member)
    return Sight()


async def _below(reach: Reach, at: date) -> list[UUID]:
    rows = await fetch(sql.DESCENDANTS, current_tenant(), at, reach.organization)
    return [row["id"] for row in rows if reach.kind == "subtree" or row["id"] == reach.organization]


async def refuse_oneself(subject: UUID | None, where: str) -> None:
    """Refuse a decision about the person at work himself: another has to take it.

    Raises:
        Forbidden: the subject is the member whose account it is.
    """
    person = reach_here().person
    if person is None or subject is None:
        return
    if await fetch_value(_MEMBER, current_tenant(), person) == subject:
        raise Forbidden(
            "不能办理自己的事",
            where,
            "请由另一位同事办理",
            what_en="nobody decides about himself",
            todo_en="ask a colleague",
        )


async def seen_arguments(at: date) -> tuple[Any, Any]:
    """Two arguments for SQL: `organizations` (None: all) and `member`.

    `($n::uuid[] is null or b.organization = any($n) or m.id = $m)`
    """
    seen = await sight(at)
    return (None, None) if seen is None else (list(seen.holding), seen.member)
