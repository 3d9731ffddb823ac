"""What the form that opens a campaign proposes: schemes with something to rate, days, a title."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from jiceng.facts.campaigns.rubric import Line, lines_of, rateable
from jiceng.facts.campaigns.stages import Dates
from jiceng.kernel.clock import today
from jiceng.schemes.periods import span_around
from jiceng.schemes.queries import book_of, in_force, rulebook_for, scheme, schemes

if TYPE_CHECKING:
    from jiceng.schemes.schemas import SchemeInfo

SELF_DAYS, SUPERIOR_DAYS, DEPARTMENT_DAYS = 10, 31, 45
"""Days from today to the proposed end of each stage."""


class Proposed(msgspec.Struct, frozen=True):
    """What a form begins with."""

    scheme: SchemeInfo
    day: date
    period: str
    title: str
    dates: Dates
    lines: tuple[Line, ...]

    def form(self) -> dict[str, str]:
        """The same as a form would send it, every line ticked."""
        days = {name: getattr(self.dates, name) for name in Dates.__struct_fields__}
        return {
            "title": self.title,
            "day": self.day.isoformat(),
            **{name: day.isoformat() if day else "" for name, day in days.items()},
            **{f"line.{line.name}": "on" for line in self.lines},
        }


async def offered() -> list[SchemeInfo]:
    """The schemes in force today that have something to rate."""
    found = []
    for one in await schemes():
        version = await in_force(one.key, today())  # none yet while a scheme is a draft only
        if one.available and one.subject != "project" and version is not None:
            found += [one] if rateable(await book_of(version.id)) else []
    return found


async def proposed(key: str) -> Proposed:
    """What to propose for a scheme; raises NotFound."""
    found, day = await scheme(key), today()
    book = (await rulebook_for(key, day)).book
    span = span_around(book.period, day)
    dates = Dates(
        day,
        day + timedelta(days=SELF_DAYS),
        day + timedelta(days=SUPERIOR_DAYS),
        day + timedelta(days=DEPARTMENT_DAYS),
    )
    lines = lines_of(book, rateable(book))
    return Proposed(found, day, span.title, f"{span.title}{found.title}", dates, lines)
