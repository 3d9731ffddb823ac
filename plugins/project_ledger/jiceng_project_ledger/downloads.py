"""Files of the ledger, always to be saved and never shown in the page's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import NotFound
from jiceng.api.files import content, handed_out

if TYPE_CHECKING:
    from uuid import UUID

    from litestar import Response


async def download(file: UUID | None) -> Response[bytes]:
    """A stored file; raises NotFound for none. Who may read it must have been asked before."""
    if file is None:
        raise NotFound("没有附件")
    info, data = await content(file)
    return handed_out(data, info.name)
