"""What slices above the schemes have against a rulebook: asked before it is published."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiceng_sdk.rulebook import Rulebook

Objecting = Callable[[str, "Rulebook"], Awaitable[list[str]]]
_asked: dict[str, Objecting] = {}


def ask_before_publishing(name: str, objecting: Objecting) -> None:
    """Ask `objecting` (the scheme's key, the rulebook → what is against it, in words) from now on."""
    _asked[name] = objecting


async def objections(key: str, book: Rulebook) -> list[str]:
    """Everything that is against publishing this rulebook in the current tenant."""
    return [words for objecting in _asked.values() for words in await objecting(key, book)]
