"""Credits a clerk books by hand, and their reversal; everything else comes from verified claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import NotFound
from jiceng.api.database import transaction
from jiceng.api.pages import Event, record
from jiceng_points.ledger import queries
from jiceng_points.ledger.schemas import Because, Credit
from jiceng_points.ledger.service import credit, take_back

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID

_KEY = "hand/"
_KEYS = (_KEY, "opening/")
"""What a clerk may reverse: credits booked by hand, and balances a workbook brought along."""


async def credit_by_hand(member: UUID, points: Decimal, because: Because, form: UUID) -> None:
    """Book points once for each form, however often it is sent. Raises as `service.credit`."""
    async with transaction():
        await credit(Credit(member=member, points=points, key=f"{_KEY}{form}", because=because))
        record(Event.WORK_MOVED, ("member", member), plugin="points", kind="credit", state=because.value)


async def undo_by_hand(member: UUID, transfer: UUID) -> None:
    """Reverse a credit booked by hand or brought along, at once or when the balance covers it.

    Raises:
        NotFound: the member has no such credit.
    """
    async with transaction():
        found = await queries.booked(transfer=transfer)
        if found is None or found.holder != member or not found.key.startswith(_KEYS):
            raise NotFound
        await take_back(found.key, Because.MISTAKE)
        record(Event.WORK_MOVED, ("transfer", transfer), plugin="points", kind="credit", state="mistake")
