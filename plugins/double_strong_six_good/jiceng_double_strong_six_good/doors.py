"""What every page of the plugin is made with: who may enter, where it leads back to."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.response import Redirect

from jiceng.api.pages import Permission, needs
from jiceng_double_strong_six_good.vocabulary import ADDRESS, PLUGIN

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_RESULTS)]
TAKING_PART = [needs(Permission.TAKE_PART)]
CHECKING = [needs(Permission.CHECK_WORK)]
TEMPLATES = PLUGIN


def back(request: AnyRequest, path: str) -> Redirect:
    """To another page of the plugin."""
    return Redirect(f"/t/{request.state.tenant.slug}/{ADDRESS}/{path}", status_code=303)
