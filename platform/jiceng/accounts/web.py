"""Pages of signing in: the sign-in page, signing out, accepting an invitation. The router of the slice."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts import service
from jiceng.accounts.access import Permission, anyone, needs
from jiceng.accounts.forms import PasswordForm, SignInForm
from jiceng.accounts.managing import invitations
from jiceng.accounts.pages.factor import FACTOR_PAGES
from jiceng.accounts.pages.onward import after_password, onward
from jiceng.accounts.pages.own import SELF_PAGES
from jiceng.accounts.pages.people import PEOPLE_PAGES
from jiceng.accounts.pages.security import SECURITY_PAGES
from jiceng.accounts.pages.tokens import TOKEN_PAGES
from jiceng.accounts.queries import password_policy
from jiceng.accounts.signing_in import sessions
from jiceng.accounts.signing_in.breached import breached_in
from jiceng.accounts.signing_in.cookies import secure_cookie, session_cookie_name
from jiceng.accounts.signing_in.devices import device_of
from jiceng.accounts.signing_in.pace import at_a_human_pace
from jiceng.kernel.audit import Event
from jiceng.kernel.errors import Invalid, NotFound, Refusal
from jiceng.kernel.forms import READS

AnyRequest = Request[Any, Any, Any]
SIGNING_IN = {READS: True}


def _context(request: AnyRequest) -> tuple[str, ...]:
    return (request.state.tenant.slug, request.state.tenant.name)


def _device(request: AnyRequest) -> str:
    return device_of(request.headers.get("user-agent", ""))


@get("/login", guards=[anyone])
async def login_page(request: AnyRequest, next: FromQuery[str] = "") -> Response[Any]:  # noqa: A002 - the query's name
    """The sign-in page; whoever is signed in goes home."""
    if request.user is not None:
        return Redirect(onward(request, next), status_code=303)
    return _login_page(next)


def _login_page(wanted: str, login: str = "", refused: Refusal | None = None) -> Template:
    return Template(
        "accounts/login.html",
        context={"wanted": wanted, "login": login, "refused": refused},
        status_code=refused.status if refused else 200,
    )


@post("/login", guards=[anyone, at_a_human_pace], opt=SIGNING_IN)
async def login(request: AnyRequest, data: URLEncodedBody[SignInForm]) -> Response[Any]:
    """Sign in and go on; or the page again with one answer for every reason."""
    try:
        session = await service.sign_in(data.login, data.password, _device(request))
    except Refusal as refused:
        return _login_page(data.next, data.login, refused)
    if request.user is not None:
        await sessions.end_session(request.user.id, request.user.session)
    return after_password(request, session, data.next)


@post("/logout", guards=[needs(Permission.OWN_SESSION)])
async def logout(request: AnyRequest) -> Redirect:
    """End the session at once and forget its cookie."""
    await sessions.end_session(request.user.id, request.user.session, Event.SIGNED_OUT)
    slug, production = request.state.tenant.slug, request.app.state.settings.production
    name = session_cookie_name(slug, production=production)
    gone = secure_cookie(name, "", production=production, max_age=0)
    return Redirect(f"/t/{slug}/login", status_code=303, cookies=[gone])


@get("/invitation/{token:str}", guards=[anyone])
async def invitation_page(token: FromPath[str]) -> Template:
    """The page on which an invited person sets the password; 404 for a link that is over."""
    return await _invitation_page(token, None)


async def _invitation_page(token: str, refused: Refusal | None) -> Template:
    policy = await password_policy()
    return Template(
        "accounts/invitation.html",
        context={"invited": await invitations.open_invitation(token), "policy": policy, "refused": refused},
        status_code=refused.status if refused else 200,
    )


@post("/invitation/{token:str}", guards=[anyone, at_a_human_pace], opt=SIGNING_IN)
async def accept_invitation(
    request: AnyRequest, token: FromPath[str], data: URLEncodedBody[PasswordForm]
) -> Response[Any]:
    """Set the password and go to the home page; or the page again with everything wrong with it."""
    try:
        if data.password != data.again:
            raise Invalid(("两次输入的密码不一样",), "密码没有设置", "密码")
        session = await invitations.accept_invitation(
            token,
            data.password,
            policy=await password_policy(),
            context=_context(request),
            breached=breached_in(request.app.state.settings.data_dir),
            device=_device(request),
        )
    except NotFound:
        raise
    except Refusal as refused:
        return await _invitation_page(token, refused)
    if request.user is not None:
        await sessions.end_session(request.user.id, request.user.session)
    return after_password(request, session, "")


router = Router(
    "/t/{tenant:str}",
    route_handlers=[
        login_page,
        login,
        logout,
        invitation_page,
        accept_invitation,
        *SELF_PAGES,
        *FACTOR_PAGES,
        *SECURITY_PAGES,
        *PEOPLE_PAGES,
        *TOKEN_PAGES,
    ],
)
