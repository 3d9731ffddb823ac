"""One value of a form ⇄ one value of a rulebook. What cannot be read stays as it was typed."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jiceng.schemes.editing.wording import GRADES, OUTS, WINDOWS

if TYPE_CHECKING:
    from jiceng.schemes.editing.spec import Spec
    from jiceng.schemes.editing.wording import Words

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_YES = {"是": True, "否": False}
_BETWEEN = re.compile(r"[、，,；;]")
_TRANSLATED = {"facts", "rows", "nodes", "single"}
_FIXED = {"windows": WINDOWS, "outs": OUTS, "grades": GRADES}


def read(spec: Spec, typed: str, words: Words) -> Any:  # noqa: ANN401, PLR0911 - one line per kind
    """The value for the rulebook, or None when nothing was typed."""
    text = typed.strip()
    if not text:
        return None
    match spec.kind:
        case "number":
            return number(text)
        case "percent":
            value = number(text.rstrip("%％ "))
            return value if isinstance(value, str) else Decimal(value).scaleb(-2)
        case "default":
            return _YES[text] if text in _YES else number(text)
        case "flag":
            return True
        case "formula":
            return words.read(narrowed(text) if is_number(text) else text)
        case "choice":
            return False if text == "false" else text
        case "words":
            return [_named(spec, part, words) for part in listed(typed)]
    return _named(spec, text, words)


def show(spec: Spec, value: Any, words: Words) -> str:  # noqa: ANN401, PLR0911 - one line per kind
    """The value as a form shows it; `read` gives it back."""
    if value is None:
        return ""
    match spec.kind:
        case "percent":
            return f"{Decimal(value).scaleb(2):f}"
        case "flag":
            return "1" if value else ""
        case "default" if isinstance(value, bool):
            return "是" if value else "否"
        case "number" | "default":
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        case "formula":
            text = f"{value:f}" if isinstance(value, Decimal) else str(value)
            return words.show(text)
        case "choice":
            return "false" if value is False else str(value)
        case "words":
            parts = [_shown(spec, one, words) for one in value]
            if any(_BETWEEN.search(part) for part in parts):
                return "\n".join(parts) + "\n"
            return "、".join(parts)
    return _shown(spec, str(value), words)


def listed(typed: str) -> list[str]:
    """The words of a list as typed: one a line, or between 、 and the other signs people write there."""
    text = typed.strip()
    parts = text.splitlines() if "\n" in typed.strip("\r ") else _BETWEEN.split(text)
    return [part.strip() for part in parts if part.strip()]


def is_number(text: str) -> bool:
    """Whether a typed text is a plain number."""
    return not isinstance(number(text.strip()), str)


def narrowed(text: str) -> str:
    """Digits and signs of full width as those of half width."""
    return unicodedata.normalize("NFKC", text).replace("−", "-")


def number(text: str) -> int | Decimal | str:
    """A typed number of either width, exact; what is none stays as it was typed."""
    plain = narrowed(text)
    if not _NUMBER.fullmatch(plain):
        return text
    return Decimal(plain) if "." in plain else int(plain)


def _named(spec: Spec, text: str, words: Words) -> str:
    text = text.strip()
    if spec.names in _FIXED and text not in words.names:
        text = _FIXED[spec.names].get(text, text)
    if spec.names in _TRANSLATED or (spec.names == "windows" and text not in WINDOWS.values()):
        return words.name(text)
    return text


def _shown(spec: Spec, name: str, words: Words) -> str:
    if spec.names in _FIXED:
        fixed = next((word for word, one in _FIXED[spec.names].items() if one == name), None)
        if fixed is not None and fixed not in words.names:
            return fixed
    if spec.names in _TRANSLATED or spec.names == "windows":
        return words.word(name)
    return name
