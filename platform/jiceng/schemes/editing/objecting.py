"""What slices above the schemes have against a rulebook: asked before it is published."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from jiceng_sdk.rulebook import Rulebook

Objecting = Callable[[str, "Rulebook", "date"], Awaitable[list[str]]]
_asked: dict[str, Objecting] = {}


def ask_before_publishing(name: str, objecting: Objecting) -> None:
    """Ask `objecting` from now on.

    It gets the scheme's key, the rulebook and the day it holds from; it tells what is against it, in words.
    """
    _asked[name] = objecting


async def objections(key: str, book: Rulebook, day: date) -> list[str]:
    """Everything that is against publishing this rulebook from a day on in the current tenant."""
    return [words for objecting in _asked.values() for words in await objecting(key, book, day)]
