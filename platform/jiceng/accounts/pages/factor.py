"""Pages of the second factor: the generator, its recovery codes, and the second page of signing in."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts import service
from jiceng.accounts.access import Permission, anyone, needs
from jiceng.accounts.forms import CodeForm, EnrolForm
from jiceng.accounts.pages.onward import onward
from jiceng.accounts.second_factor import codes, proving
from jiceng.accounts.signing_in.cookies import into_session, session_cookie_name
from jiceng.accounts.signing_in.pace import at_a_human_pace
from jiceng.kernel.errors import Refusal
from jiceng.kernel.forms import READS

AnyRequest = Request[Any, Any, Any]
OWN = [needs(Permission.OWN_SESSION)]


def _key(request: AnyRequest) -> bytes:
    return codes.installation_key(request.app.state.settings.data_dir)


async def _factor_page(
    request: AnyRequest, refused: Refusal | None = None, fresh: tuple[str, ...] = ()
) -> Template:
    factor = await proving.factor_of(request.user.id)
    secret = picture = ""
    if factor.state == "waiting":
        secret = codes.secret_of(factor.nonce, _key(request), factor.algorithm)
        link = codes.address(secret, request.user.login, request.state.tenant.name, factor.algorithm)
        picture = codes.picture(link)
    return Template(
        "accounts/second_factor.html",
        context={
            "factor": factor,
            "secret": secret,
            "picture": picture,
            "recovery_codes": fresh,
            "obliged": request.user.confined == "second-factor" and factor.state != "on",
            "refused": refused,
        },
        status_code=refused.status if refused else 200,
    )


@get("/second-factor", guards=OWN)
async def factor_page(request: AnyRequest) -> Template:
    """My generator: none, waiting for its first code, or in use."""
    return await _factor_page(request)


@post("/second-factor", guards=OWN)
async def begin(request: AnyRequest) -> Redirect:
    """Make a secret and show its picture."""
    await proving.begin(request.user)
    return Redirect(f"/t/{request.state.tenant.slug}/second-factor", status_code=303)


@post("/second-factor/confirm", guards=OWN, status_code=200)
async def confirm(request: AnyRequest, data: URLEncodedBody[EnrolForm]) -> Template:
    """Switch it on with the password and the first code; the page shows the recovery codes once."""
    try:
        fresh = await service.enrol(request.user, data.password, data.code, _key(request))
    except Refusal as refused:
        return await _factor_page(request, refused)
    return await _factor_page(request, fresh=fresh)


@post("/second-factor/recovery", guards=OWN, status_code=200)
async def renew_recovery(request: AnyRequest, data: URLEncodedBody[CodeForm]) -> Template:
    """New recovery codes in place of the old, for a code."""
    try:
        fresh = await proving.renew_recovery(request.user, data.code, _key(request))
    except Refusal as refused:
        return await _factor_page(request, refused)
    return await _factor_page(request, fresh=fresh)


@post("/second-factor/remove", guards=OWN)
async def remove(request: AnyRequest, data: URLEncodedBody[CodeForm]) -> Response[Any]:
    """Take my generator away, for a code of it."""
    try:
        await proving.remove(request.user, data.code, _key(request))
    except Refusal as refused:
        return await _factor_page(request, refused)
    return Redirect(f"/t/{request.state.tenant.slug}/second-factor", status_code=303)


@get("/login/code", guards=[anyone])
async def code_page(request: AnyRequest, next: FromQuery[str] = "") -> Response[Any]:  # noqa: A002 - the query's name
    """The second page of signing in."""
    if request.user is not None:
        return Redirect(onward(request, next), status_code=303)
    return _code_page(next)


def _code_page(wanted: str, refused: Refusal | None = None) -> Template:
    return Template(
        "accounts/code.html",
        context={"wanted": wanted, "refused": refused},
        status_code=refused.status if refused else 200,
    )


@post("/login/code", guards=[anyone, at_a_human_pace], opt={READS: True})
async def prove(request: AnyRequest, data: URLEncodedBody[CodeForm]) -> Response[Any]:
    """Exchange the waiting session and a code for a real session."""
    name = session_cookie_name(request.state.tenant.slug, production=request.app.state.settings.production)
    try:
        session = await proving.prove(request.cookies.get(name, ""), data.code, _key(request))
    except Refusal as refused:
        return _code_page(data.next, refused)
    return into_session(request, session, onward(request, data.next))


FACTOR_PAGES = (factor_page, begin, confirm, renew_recovery, remove, code_page, prove)
