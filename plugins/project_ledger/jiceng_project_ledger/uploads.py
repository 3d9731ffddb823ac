"""A file that a form brings along, in pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from litestar.datastructures import UploadFile

PIECE = 256 * 1024


def uploaded(file: UploadFile | None) -> tuple[str, AsyncIterator[bytes] | None]:
    """Name and content of a file; an empty field means no file."""
    if file is None or not file.filename:
        return "", None
    return file.filename, _pieces(file)


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE):
        yield piece
