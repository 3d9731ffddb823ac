"""Every request that changes something proves that it comes from a page of ours (control T32)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.exceptions import PermissionDeniedException
from litestar.utils.scope.state import ScopeState

from jiceng.accounts.access import Needs
from jiceng.accounts.signing_in.tokens import same
from jiceng.kernel.forms import TOKEN
from jiceng.kernel.rest.doors import is_api

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers.base import BaseRouteHandler

SAFE = frozenset({"GET", "HEAD"})
HEADER = "x-csrf-token"
SAME_SITE_ONLY = "same_site_only"
"""Handler option: no form token is sent, the browser itself must say that the page is ours."""
OWN_SITE = frozenset({"", "same-origin", "none"})


class ForeignForm(PermissionDeniedException):
    """The request carries no valid form token: another site made it, or the page is older than the login."""

    detail = "页面已过期，请刷新后再提交"


async def csrf_guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse (403) an unsafe request without the token bound to this browser and session.

    The person's permission is asked first, so nobody without it can make the server read a body.
    """
    if connection.scope.get("method") in SAFE or is_api(connection.scope["path"]):
        return  # a program's token is sent by the program, never by a browser on its own
    request = Request[Any, Any, Any](connection.scope, connection.receive, connection.send)
    for guard in handler.resolve_guards():
        if isinstance(guard, Needs):
            await guard(request, handler)
    if request.headers.get("sec-fetch-site", "") not in OWN_SITE:
        raise ForeignForm(ForeignForm.detail)
    if handler.opt.get(SAME_SITE_ONLY):
        if request.headers.get("sec-fetch-site") != "same-origin":
            raise ForeignForm(ForeignForm.detail)
        return
    if not request.scope["state"].get("csrf_known"):
        raise ForeignForm(ForeignForm.detail)
    sent = request.headers.get(HEADER)
    form = FormMultiDict() if sent else await request.form()
    sent = sent or form.get(TOKEN, "")
    expected = ScopeState.from_scope(request.scope).csrf_token
    if not isinstance(sent, str) or not isinstance(expected, str) or not same(sent, expected):
        await form.close()  # uploads that came along
        raise ForeignForm(ForeignForm.detail)
