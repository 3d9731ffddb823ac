"""Files of the ledger, always to be saved and never shown in the page's place."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from litestar import Response

from jiceng.api import NotFound
from jiceng.api.files import content

if TYPE_CHECKING:
    from uuid import UUID

# Even where a browser shows it after all, it runs nothing and reaches nothing.
GUARDED = {
    "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


async def download(file: UUID | None) -> Response[bytes]:
    """A stored file; raises NotFound for none. Who may read it must have been asked before."""
    if file is None:
        raise NotFound("没有附件")
    info, data = await content(file)
    headers = {**GUARDED, "content-disposition": f"attachment; filename*=UTF-8''{quote(info.name, safe='')}"}
    return Response(data, media_type=info.media_type, headers=headers)
