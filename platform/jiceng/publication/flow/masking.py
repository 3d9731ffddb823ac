"""Names as a notice shows them: enough to recognize oneself, not enough to be found by others."""

from __future__ import annotations

_HIDDEN = "*"


def masked(name: str) -> str:
    """张三 → 张*, 周砚秋 → 周*秋, 欧阳娜娜 → 欧**娜; a single character is hidden whole."""
    first, middle, last = name[:1], name[1:-1], name[1:][-1:]
    return first + _HIDDEN * len(middle) + last if middle else name[: len(name) - 1] + _HIDDEN
