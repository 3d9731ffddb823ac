"""The language a program asks for: Accept-Language, Chinese unless English is preferred."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection

Language = Literal["zh", "en"]


def preferred(accept_language: str) -> Language:
    """The better of the two we speak; what cannot be read counts nothing, a tie goes to Chinese."""
    weights = {"zh": 0.0, "en": 0.0}
    for part in accept_language[:200].split(","):
        tag, _, weight = part.strip().partition(";")
        primary = tag.split("-")[0].lower()
        if primary in weights:
            weights[primary] = max(weights[primary], _weight(weight))
    return "en" if weights["en"] > weights["zh"] else "zh"


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0


def language_asked(connection: ASGIConnection[Any, Any, Any, Any]) -> Language:
    """The language of the answer to this request of a program."""
    return preferred(connection.headers.get("accept-language", ""))
