"""The plugin as the limited child asks it: its schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng_sdk.hooks import hookimpl

if TYPE_CHECKING:
    from jiceng_sdk.rulebook import Scheme


@hookimpl
def jiceng_schemes() -> tuple[Scheme, ...]:
    """Offer none yet."""
    return ()
