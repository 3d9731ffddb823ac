"""Which rules facts are checked by: those their period is scored by, not those of the day they come in.

In January the new year's rules are in force, and December's facts are still handed in and corrected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.kernel.clock import today
from jiceng.schemes.periods import span_around
from jiceng.schemes.queries import book_of, in_force, rulebook_for

if TYPE_CHECKING:
    from datetime import date

    from jiceng_sdk.rulebook import Rulebook


async def rules_for(scheme: str, newest: date | None) -> Rulebook:
    """The rules for facts of which the newest is of a day (None: of today).

    Kinds of facts that the period's own rules do not have, and those that count in every period, are as the
    rules of today have them. Raises NotFound when no rules are in force today.
    """
    current = await rulebook_for(scheme, today())
    if newest is None:
        return current.book
    ends = span_around(current.book.period, newest).last_day
    version = await in_force(scheme, ends) if ends < today() else None
    if version is None or version.id == current.version.id:
        return current.book
    then = await book_of(version.id)
    lasting = {name for name, fact in current.book.facts.items() if fact.since == "always"}
    own = {name: fact for name, fact in then.facts.items() if name not in lasting}
    return msgspec.structs.replace(then, facts={**current.book.facts, **own})
