"""The form that starts an evaluation: which schemes, for which periods."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from jiceng.kernel.clock import today
from jiceng.kernel.typed import needed_day, single
from jiceng.schemes import queries
from jiceng.schemes.periods import Span, span_around


class StartForm(msgspec.Struct, frozen=True):
    """What the form sends: the scheme's key and a day of the period, as 2026-11-22."""

    scheme: str = ""
    day: str = ""

    def chosen_day(self) -> date:
        """The day; raises Invalid when it is none."""
        return single(needed_day, self.day, "期间", "期间没有选对")


class Startable(msgspec.Struct, frozen=True):
    """A scheme that can be evaluated, for the current period and the one before where rules are in force."""

    key: str
    title: str
    periods: tuple[Span, ...]


async def startable() -> list[Startable]:
    """What can be started today; schemes whose plugin is off or whose rules are not in force are left out."""
    offers = []
    for scheme in await queries.schemes():
        version = await queries.in_force(scheme.key, today())
        if not scheme.available or version is None:
            continue
        kind = (await queries.book_of(version.id)).period
        current = span_around(kind, today())
        spans = [current, span_around(kind, current.first_day - timedelta(days=1))]
        ruled = [span for span in spans if await queries.in_force(scheme.key, span.last_day) is not None]
        offers.append(Startable(scheme.key, scheme.title, tuple(ruled)))
    return offers
