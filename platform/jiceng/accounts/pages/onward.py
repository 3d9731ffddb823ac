"""Where a person goes after signing in."""

from typing import Any
from urllib.parse import quote

from litestar import Request
from litestar.response import Redirect

from jiceng.accounts.schemas import NewSession
from jiceng.accounts.signing_in.cookies import into_session

AnyRequest = Request[Any, Any, Any]


def home_of(request: AnyRequest) -> str:
    """The tenant's home page."""
    return f"/t/{request.state.tenant.slug}/"


def onward(request: AnyRequest, wanted: str) -> str:
    """Where the person wanted to go, when it is a page of this tenant; the home page otherwise."""
    home = home_of(request)
    inside = wanted.startswith(home) and "//" not in wanted and "\\" not in wanted and ".." not in wanted
    return wanted if inside else home


def after_password(request: AnyRequest, session: NewSession, wanted: str) -> Redirect:
    """Into the session and on; or to the second page when the code is still missing."""
    goal = onward(request, wanted)
    if session.proved:
        return into_session(request, session, goal)
    return into_session(request, session, f"{home_of(request)}login/code?next={quote(goal)}")
