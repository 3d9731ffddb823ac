"""Cleaning what people type: full-width characters, stray spaces, the many ways to write "nothing"."""

import datetime as dt
import re
from typing import TypeAlias

from jiceng.kernel.invisible import INVISIBLE

Raw: TypeAlias = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0xA0: 0x20,
    **INVISIBLE,
}
_ALNUM = {
    code: to
    for code, to in _WIDE.items()
    if to is None or chr(to).isalnum() or chr(to) == " "  # punctuation stays as typed
}
_EMPTY = frozenset({"", "-", "--", "–", "—", "——", "－", "/", "／", "无", "暂无"})
_BETWEEN_CJK = re.compile(r"(?<=[\u3400-\u9fff·])\s+(?=[\u3400-\u9fff·])")
_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """Full-width letters and digits narrowed, spaces trimmed and removed between Chinese characters."""
    folded = text.translate(_ALNUM)
    return _BETWEEN_CJK.sub("", _SPACE.sub(" ", folded).strip())


def key(text: str) -> str:
    """What two titles or options are compared by: everything narrowed; no space, case or required-star."""
    return _SPACE.sub("", text.translate(_WIDE)).lower().strip("*:")


def is_dash(raw: Raw) -> bool:
    """Whether something was typed that means "nothing": 「—」「无」「/」."""
    return isinstance(raw, str) and raw != "" and clean(raw) in _EMPTY and clean(raw) != ""


def is_empty(raw: Raw) -> bool:
    """Whether the cell holds nothing, or a mark for nothing."""
    return isinstance(raw, str) and (raw == "" or clean(raw) in _EMPTY)


def shown(raw: Raw) -> str:
    """A cell as its reader knows it, for error messages."""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else f"{raw:.15g}"  # noqa: PLR2004  Excel's 15 digits
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat() if raw.time() == dt.time() else raw.isoformat(" ")
    return raw.isoformat() if isinstance(raw, dt.date) else str(raw)
