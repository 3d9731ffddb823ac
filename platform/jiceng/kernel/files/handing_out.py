"""A file handed out by a page: always to be saved, never shown in the page's place."""

from pathlib import PurePosixPath
from urllib.parse import quote

from litestar import Response

from jiceng.kernel.files.kinds import KINDS

# Even where a browser shows it after all, it runs nothing and reaches nothing.
GUARDED = {
    "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
MEDIA_TYPES = {ending: kind.media_type for kind in KINDS for ending in kind.endings} | {
    ".toml": "application/toml; charset=utf-8"
}
"""By ending; a file that goes by no other is not handed out."""


def handed_out(content: bytes, name: str) -> Response[bytes]:
    """A download by a name that ends in one of MEDIA_TYPES; raises KeyError for another.

    Whoever hands it out has asked who may have it and tells the audit log of it.
    """
    return Response(
        content,
        media_type=MEDIA_TYPES[PurePosixPath(name.lower()).suffix],
        headers={**GUARDED, "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"},
    )
