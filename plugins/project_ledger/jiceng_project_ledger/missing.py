"""What a gate answers when it stays shut."""

from __future__ import annotations

import msgspec


class Missing(msgspec.Struct, frozen=True):
    """What is not met (zh, en) and where it is mended (zh); sentences without a full stop."""

    zh: str
    mend: str
    en: str
