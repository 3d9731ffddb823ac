"""Who rates whom: where a subject belongs, and at which stages the person at work may rate it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.accounts.scope import reach_here
from jiceng.facts.campaigns.stages import DEPARTMENT, SELF, SUPERIOR
from jiceng.roster.queries import subject_frame, subject_numbers, whole_tree
from jiceng.roster.sight import sight

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    import polars as pl

    from jiceng.accounts.scope import Reach
    from jiceng.roster.queries import SubjectKind

SUBJECT = "subject"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A subject and where it belongs: `home` is the organization it is or belongs to.

    `above` are the organizations over `home`, the nearest first; `town` names the one just below the root.
    """

    subject: str
    number: str
    name: str
    town: str
    home: str | None
    above: tuple[str, ...] = ()


async def places(kind: SubjectKind, at: date) -> dict[str, Place]:
    """Every subject of the kind that may be seen here on the day, by id, in the roster's order."""
    frame = await subject_frame(kind, at)
    parents = await _parents(kind, frame, at)
    seen = set((await subject_numbers(kind, at)).values())
    found: dict[str, Place] = {}
    columns = (SUBJECT, "number", "name", "town", "organization")
    for subject, number, name, town, organization in frame.select(columns).iter_rows():
        home = subject if kind == "organization" else organization
        if subject in seen:
            found[subject] = Place(
                subject=subject,
                number=number,
                name=name,
                town=town or "",
                home=home,
                above=_above(home, parents),
            )
    return found


def stages_of(reach: Reach, place: Place, *, person: UUID | None = None) -> tuple[str, ...]:
    """The stages at which somebody with this reach may rate the subject; `person` is his own member's id.

    Oneself or one's own organization: self-rating. An organization above: as its superior. Who sees all: as
    the department, and as the superior of what lies directly below the topmost organization.
    """
    if reach.everything:
        return (
            *((SELF,) if not place.above and place.home == place.subject else ()),
            *((SUPERIOR,) if len(place.above) <= 1 else ()),
            DEPARTMENT,
        )
    if reach.kind == "self":
        return (SELF,) if person is not None and str(person) == place.subject else ()
    own = str(reach.organization)
    if place.home == own:
        return (SELF,)
    return (SUPERIOR,) if reach.kind == "subtree" and own in place.above else ()


async def stages_here(place: Place, at: date) -> tuple[str, ...]:
    """The stages at which the person at work may rate the subject."""
    reach = reach_here()
    seen = await sight(at) if reach.kind == "self" else None
    return stages_of(reach, place, person=seen.member if seen else None)


async def _parents(kind: SubjectKind, frame: pl.DataFrame, at: date) -> dict[str, str | None]:
    """The organization right above each; a frame of organizations tells it by itself."""
    if kind == "organization":
        return dict(frame.select(SUBJECT, "organization").iter_rows())
    return {str(row.id): str(row.parent) if row.parent else None for row in await whole_tree(at)}


def _above(home: str | None, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    found: list[str] = []
    above = parents.get(home) if home else None
    while above is not None and above not in found:
        found.append(above)
        above = parents.get(above)
    return tuple(found)
