"""Links as QR codes: pictures for a printed sheet, drawn beside the event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import segno

if TYPE_CHECKING:
    from collections.abc import Sequence


class Card(msgspec.Struct, frozen=True):
    """One card of the sheet: for whom, the address, its QR code as SVG without style or script."""

    label: str
    address: str
    picture: str


async def sheet(addresses: Sequence[tuple[str, str]]) -> list[Card]:
    """A card for each (label, address), in their order."""
    return await asyncio.to_thread(lambda: [Card(label, link, _picture(link)) for label, link in addresses])


def _picture(address: str) -> str:
    return segno.make(address, error="m", micro=False).svg_inline(
        scale=3, border=2, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
