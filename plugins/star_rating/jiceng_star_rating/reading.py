"""What the pages show: stars of the organizations that may be seen here, worked out or in effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api import NotFound, today
from jiceng.api.facts import rulebook_for
from jiceng.api.results import final_results, latest_results
from jiceng.api.roster import subject_frame, subject_numbers
from jiceng_star_rating.history import Line, Organization, lines, periods

if TYPE_CHECKING:
    from uuid import UUID

SCHEME = "star_rating"


class Stars(msgspec.Struct, frozen=True):
    """Lines of organizations, the periods newest first, the grades of today's rulebook best first."""

    lines: list[Line]
    periods: list[str]
    grades: tuple[str, ...]

    def settled(self, title: str) -> bool:
        """Whether a period's results are in effect."""
        return any(line.results[title].final for line in self.lines if title in line.results)


async def stars(*, in_effect: bool = False) -> Stars:
    """The stars of all years; `in_effect`: only those that took effect, for lists with consequences."""
    found = await (final_results(SCHEME) if in_effect else latest_results(SCHEME))
    shown = lines(await _organizations(), found)
    return Stars(shown, periods([one for line in shown for one in line.results.values()]), await _grades())


async def of_organization(subject: UUID) -> Line:
    """One organization's line; raises NotFound for one without a star or that may not be seen here."""
    for line in (await stars()).lines:
        if line.place.id == str(subject):
            return line
    raise NotFound("这个组织还没有星级")


async def _organizations() -> list[Organization]:
    seen = set((await subject_numbers("organization", today())).values())
    frame = await subject_frame("organization", today())
    rows = frame.select("subject", "number", "name", "town").iter_rows()
    return [Organization(id_, number, name, town or "") for id_, number, name, town in rows if id_ in seen]


async def _grades() -> tuple[str, ...]:
    try:
        return (await rulebook_for(SCHEME, today())).book.grades
    except NotFound:
        return ()
