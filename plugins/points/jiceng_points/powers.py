"""Which places of redemption and ledger are offered to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api.pages import Permission, may

if TYPE_CHECKING:
    from jiceng.api.pages import SignedIn


def powers(user: SignedIn) -> dict[str, bool]:
    """What the person may do beside looking: which of the plugin's places of redemption are offered."""
    return {
        "may_act": may(user, Permission.ENTER_FACTS),
        "may_take_part": may(user, Permission.TAKE_PART),
        "may_hand_out": may(user, Permission.CHECK_WORK),
        "may_keep": may(user, Permission.MANAGE_SCHEMES),
        "may_prove": may(user, Permission.VIEW_ROSTER),
    }
