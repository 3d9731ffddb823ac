"""A small 「党建超市」 for tests: items on the shelf, people who act, a claim taken to any state."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, fetch_value
from jiceng.kernel.ids import new_id
from jiceng_points.claims import service, verifying
from jiceng_points.claims.schemas import Proof
from jiceng_points.people import claimers
from jiceng_points.people.schemas import Actor
from jiceng_points.shelf.schemas import NewItem
from jiceng_points.shelf.service import add_item, approve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CLERK, REVIEWER, SECRETARY, VERIFIER = (Actor(new_id()) for _ in range(4))
"""Four accounts; who they are does not matter, only that they are others."""


def item(number: str = "ZX01", **changes: Any) -> NewItem:
    """An item as the clerk enters it."""
    year = today().year
    given: dict[str, Any] = {
        "year": year,
        "number": number,
        "title": "看望独居老人",
        "kind": "自选",
        "source": "计划",
        "side": "都可",
        "opens": date(year, 1, 1),
        "deadline": date(year, 12, 31),
    }
    return NewItem(**(given | changes))


async def on_shelf(number: str = "ZX01", worth: int = 10, **changes: Any) -> UUID:
    """An item that was entered, reviewed and given its points."""
    added = await add_item(item(number, **changes), by=CLERK.account)
    assert REVIEWER.account is not None
    await approve(added, worth, by=REVIEWER.account)
    return added


async def claimed_by(member: str, item_id: UUID, by: Actor = SECRETARY) -> UUID:
    """A member's claim, made by the branch secretary."""
    return await service.claim(item_id, await claimers.member(UUID(member)), by=by)


async def reported(member: str, item_id: UUID, sentence: str = "上门看望，陪同就医") -> UUID:
    """A claim that waits for verification."""
    made = await claimed_by(member, item_id)
    await service.complete(made, Proof(today(), sentence), by=SECRETARY)
    return made


async def verified(member: str, item_id: UUID) -> UUID:
    """A claim that counts."""
    made = await reported(member, item_id)
    await verifying.verify([made], by=VERIFIER)
    return made


async def pieces(data: bytes) -> AsyncIterator[bytes]:
    """A file as it arrives."""
    yield data


async def state_of(claim: UUID) -> str:
    """Where a claim stands in the database."""
    found: str = await fetch_value(
        "select state from points_claim where tenant_id = $1 and id = $2", current_tenant(), claim
    )
    return found
