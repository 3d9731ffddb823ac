"""What the tenant demands before a project is closed, beyond what always holds."""

from __future__ import annotations

import msgspec

from jiceng.api import set_setting, setting, today

SETTING = "project_ledger.closing"


class Closing(msgspec.Struct, frozen=True):
    """`survey`: people must have been asked how satisfied they are, and the answers counted."""

    survey: bool = False


async def closing() -> Closing:
    """What is demanded today; nothing more where the tenant set nothing."""
    kept = await setting(SETTING)
    try:
        return msgspec.convert(kept or {}, Closing)
    except msgspec.ValidationError:  # set by hand, or by a later version
        return Closing()


async def demand(wanted: Closing) -> None:
    """Demand this from today on."""
    await set_setting(SETTING, msgspec.to_builtins(wanted), today())
