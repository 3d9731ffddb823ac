"""What people decide in the demo: the tiers of a year, confirmed by name and with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import today
from jiceng_double_strong_six_good.standing.service import confirm_all
from jiceng_double_strong_six_good.vocabulary import MIDDLE, MODEL, WEAK

if TYPE_CHECKING:
    from uuid import UUID

REASONS = {
    MODEL: "实地看过，六项都站得住，同意作为示范点",
    WEAK: "已当面告知企业，同意列入帮扶",
    MIDDLE: "与日常掌握的情况一致",
}


async def confirm_tiers(year: int, by: UUID) -> None:
    """Confirm a year that is over whole; of this year the ends, so that the middle still waits."""
    whole = year < today().year
    await confirm_all(year, {tier: why for tier, why in REASONS.items() if whole or tier != MIDDLE}, by)
