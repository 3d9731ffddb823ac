"""The two cookies: the session of one tenant, and the browser's CSRF secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from litestar.datastructures import Cookie
from litestar.response import Redirect

if TYPE_CHECKING:
    from litestar import Request

    from jiceng.accounts.schemas import NewSession

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")


def session_cookie_name(slug: str, *, production: bool) -> str:
    """One cookie for each tenant, so being signed in to two at once works; `__Host-` over TLS."""
    return _prefix(production=production) + "session-" + _UNSAFE.sub("_", slug)


def csrf_cookie_name(*, production: bool) -> str:
    """The name of the CSRF cookie."""
    return _prefix(production=production) + "form"


def _prefix(*, production: bool) -> str:
    return "__Host-jiceng-" if production else "jiceng-"


def secure_cookie(name: str, value: str, *, production: bool, max_age: int | None = None) -> Cookie:
    """A cookie no script reads and no other site sends along; `max_age` 0 deletes it."""
    return Cookie(
        name, value=value, path="/", httponly=True, samesite="lax", secure=production, max_age=max_age
    )


def session_cookie(slug: str, session: NewSession, *, production: bool) -> Cookie:
    """The cookie that carries a new session's token until the browser closes."""
    return secure_cookie(
        session_cookie_name(slug, production=production), session.token, production=production
    )


def into_session(request: Request[Any, Any, Any], session: NewSession, path: str) -> Redirect:
    """The answer that puts the browser into its new session and sends it to `path`."""
    production = request.app.state.settings.production
    slug = request.state.tenant.slug
    return Redirect(path, status_code=303, cookies=[session_cookie(slug, session, production=production)])
