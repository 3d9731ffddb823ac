"""PDF from a typst source of ours: the values reach it as data, so that nothing in them is ever markup."""

from __future__ import annotations

import asyncio
from datetime import UTC
from typing import TYPE_CHECKING, Any

import msgspec
import typst

from jiceng.kernel.documents.fonts import NoFont, font_here, fonts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path


async def pdf(source: Path, values: Mapping[str, Any], made: datetime) -> bytes:
    """Set a source that reads `sys.inputs.values` (JSON) and `sys.inputs.font`; made in a thread.

    `made` is written into the file as its date. Raises NoFont where there is no Chinese font.
    """
    family = font_here()
    if not family:
        raise NoFont
    return await asyncio.to_thread(_set, source, msgspec.json.encode(values).decode(), family, made)


def _set(source: Path, values: str, family: str, made: datetime) -> bytes:
    return typst.compile(
        source,
        root=source.parent,
        font_paths=fonts(),
        sys_inputs={"values": values, "font": family},
        format="pdf",
        timestamp=made.astimezone(UTC).replace(microsecond=0),
    )
