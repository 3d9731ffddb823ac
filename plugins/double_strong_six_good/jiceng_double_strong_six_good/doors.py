"""What every page of the plugin is made with: who may enter, where it leads back to, downloads."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.response import Redirect

from jiceng.api.pages import Permission, needs
from jiceng_double_strong_six_good.vocabulary import ADDRESS, PLUGIN

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_RESULTS)]
TAKING_PART = [needs(Permission.TAKE_PART)]
CHECKING = [needs(Permission.CHECK_WORK)]
TEMPLATES = PLUGIN
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def back(request: AnyRequest, path: str) -> Redirect:
    """To another page of the plugin."""
    return Redirect(f"/t/{request.state.tenant.slug}/{ADDRESS}/{path}", status_code=303)


def download(data: bytes, name: str, media_type: str = XLSX) -> Response[bytes]:
    """A file to keep, never to show: even where a browser opens it, it runs nothing and reaches nothing."""
    return Response(
        data,
        media_type=media_type,
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "x-content-type-options": "nosniff",
            "cache-control": "no-store",
        },
    )
