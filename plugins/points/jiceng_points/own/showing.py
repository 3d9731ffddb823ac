"""What a member's own page shows: his year in points, open claims, what he can still claim, the forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api import names, today
from jiceng_points.claims import own_lists, queries
from jiceng_points.claims.schemas import ClaimRow  # noqa: TC001 - msgspec reads the annotations
from jiceng_points.ledger.queries import balance
from jiceng_points.people import claimers
from jiceng_points.people.schemas import Claimer  # noqa: TC001 - msgspec reads the annotations
from jiceng_points.rhythm.queries import member_outlook
from jiceng_points.shelf import queries as shelf
from jiceng_points.shelf.schemas import ShelfFilter
from jiceng_points.shelf.words import CHOSEN, FOR_MEMBERS, RECOMMENDED, REQUIRED

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID

    from jiceng_points.claims.own_lists import OwnList
    from jiceng_points.rhythm.forecast import Outlook
    from jiceng_points.shelf.schemas import ItemRow

OFFERED = 60
OPEN = ("claimed", "rejected", "done")


class OwnPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on it; `points` are verified ones by kind, `fitting` what is open for this member now.

    `before`: claims of the year before that still ask for something; they are settled in this one.
    """

    member: UUID
    name: str
    claimer: Claimer
    year: int
    claims: list[ClaimRow]
    before: list[ClaimRow]
    points: dict[str, int]
    outlook: list[Outlook]
    fitting: list[ItemRow]
    own_list: OwnList | None
    balance: Decimal

    @property
    def missed(self) -> list[Outlook]:
        """Required items that will be missed at this pace."""
        return [one for one in self.outlook if one.missed]

    @property
    def open(self) -> list[ClaimRow]:
        """Claims that ask for something to be done."""
        return [row for row in (*self.before, *self.claims) if row.state in OPEN]

    @property
    def settled(self) -> list[ClaimRow]:
        """The others."""
        return [row for row in self.claims if row.state not in OPEN]


async def own_page(member: UUID, year: int) -> OwnPage:
    """A member's page; who asks has proved that he may see it."""
    claimer = await claimers.member_of_link(member)
    rows = await queries.of_members_own(member, year)
    points = dict.fromkeys((REQUIRED, CHOSEN, RECOMMENDED), 0)
    for row in rows:
        if row.state == "verified":
            points[row.kind] += row.worth
    return OwnPage(
        member=member,
        name=(await names({member})).get(member, ""),
        claimer=claimer,
        year=year,
        claims=rows,
        before=[row for row in await queries.of_members_own(member, year - 1) if row.state in OPEN],
        points=points,
        outlook=await member_outlook(claimer, rows, year),
        fitting=await fitting(claimer, rows, year),
        own_list=await own_lists.own_list(member, year),
        balance=await balance(member),
    )


async def fitting(claimer: Claimer, claims: list[ClaimRow], year: int) -> list[ItemRow]:
    """Open items that fit a member: his category, places left, not claimed as often as allowed.

    Mobile members find first what can be done online from home; required items stand before others.
    """
    wanted = ShelfFilter(year=year, side=FOR_MEMBERS, category=claimer.category, open_on=today())
    held: dict[UUID, int] = {}
    for row in claims:
        if row.state != "withdrawn":
            held[row.item] = held.get(row.item, 0) + 1
    rows = [row for row in await shelf.items(wanted, size=500) if held.get(row.id, 0) < row.times]
    return sorted(rows, key=lambda row: (claimer.mobile and not row.online, row.kind != REQUIRED))[:OFFERED]
