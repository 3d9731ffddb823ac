"""Pages about oneself: my open sessions, ending one, changing the own password."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts import service
from jiceng.accounts.access import Permission, needs
from jiceng.accounts.forms import PasswordForm
from jiceng.accounts.queries import password_policy
from jiceng.accounts.signing_in import sessions
from jiceng.accounts.signing_in.breached import breached_in
from jiceng.accounts.signing_in.cookies import into_session
from jiceng.accounts.signing_in.devices import device_of
from jiceng.kernel.errors import Invalid, NotFound, Refusal

AnyRequest = Request[Any, Any, Any]
OWN = [needs(Permission.OWN_SESSION)]


@get("/sessions", guards=OWN)
async def sessions_page(request: AnyRequest) -> Template:
    """My open sessions, and the form to change the password."""
    return await _sessions_page(request, None)


async def _sessions_page(request: AnyRequest, refused: Refusal | None) -> Template:
    return Template(
        "accounts/sessions.html",
        context={
            "sessions": await sessions.open_sessions(request.user),
            "policy": await password_policy(),
            "refused": refused,
        },
        status_code=refused.status if refused else 200,
    )


@post("/sessions/{session:uuid}/end", guards=OWN)
async def end_session(request: AnyRequest, session: FromPath[UUID]) -> Redirect:
    """End one of my sessions; 404 for anybody else's."""
    if not await sessions.end_session(request.user.id, session):
        raise NotFound
    return Redirect(f"/t/{request.state.tenant.slug}/sessions", status_code=303)


@post("/password", guards=OWN)
async def change_password(request: AnyRequest, data: URLEncodedBody[PasswordForm]) -> Response[Any]:
    """Change my password: every session ends, this browser gets a new one."""
    try:
        if data.password != data.again:
            raise Invalid(("两次输入的新密码不一样",), "密码没有修改", "密码")
        session = await service.change_password(
            request.user,
            data.old,
            data.password,
            policy=await password_policy(),
            context=(request.state.tenant.slug, request.state.tenant.name),
            breached=breached_in(request.app.state.settings.data_dir),
            device=device_of(request.headers.get("user-agent", "")),
        )
    except Refusal as refused:
        return await _sessions_page(request, refused)
    return into_session(request, session, f"/t/{request.state.tenant.slug}/sessions")


SELF_PAGES = (sessions_page, end_session, change_password)
