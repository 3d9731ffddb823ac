"""The page of security settings: password policy, second factor, three administrators (三员)."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts import queries
from jiceng.accounts.access import ROLE_NAMES, SEPARATED_ROLES, Permission, Role, needs
from jiceng.accounts.forms import ActsForm, PolicyForm, SeparationForm
from jiceng.accounts.managing import separation
from jiceng.accounts.second_person.choosing import choose as choose_second_person
from jiceng.accounts.second_person.kinds import CHOSEN, KINDS, chosen
from jiceng.accounts.signing_in.lockout import lockout_minutes
from jiceng.accounts.signing_in.persons import must_prove
from jiceng.kernel.errors import Refusal
from jiceng.tenancy.schemas import BOUNDS, LOCKOUT_MINUTES

AnyRequest = Request[Any, Any, Any]
SECURING = [needs(Permission.SECURE_ACCOUNTS)]
NOBODY = SeparationForm()


async def _security_page(
    request: AnyRequest,
    refused: Refusal | None = None,
    links: dict[str, str] | None = None,
    typed: SeparationForm = NOBODY,
) -> Template:
    rules = await queries.rules()
    production = request.app.state.settings.production
    base = str(request.base_url).rstrip("/")
    return Template(
        "accounts/security.html",
        context={
            "rules": rules,
            "production": production,
            "lockout": await lockout_minutes(),
            "lockouts": BOUNDS[LOCKOUT_MINUTES],
            "admins_prove": must_prove(Role.TENANT_ADMIN, rules, production=production),
            "three": {role: ROLE_NAMES[Role(role)] for role in SEPARATED_ROLES},
            "links": {role: base + path for role, path in (links or {}).items()},
            "may_separate": request.user.role in {Role.TENANT_ADMIN, Role.OPERATOR},
            "may_unite": request.user.role == Role.SECURITY_ADMIN,
            "refused": refused,
            "typed": typed,
            "acts": {act.value: KINDS[act].zh for act in CHOSEN},
            "chosen": {act.value for act in await chosen()},
        },
        status_code=refused.status if refused else 200,
    )


@get("/security", guards=SECURING)
async def security_page(request: AnyRequest) -> Template:
    """What holds for everybody's passwords and sessions here."""
    return await _security_page(request)


@post("/security", guards=SECURING)
async def choose(request: AnyRequest, data: URLEncodedBody[PolicyForm]) -> Response[Any]:
    """Set the policy."""
    try:
        await separation.choose(data.policy, data.admins_prove, data.lockout)
    except Refusal as refused:
        return await _security_page(request, refused)
    return Redirect(f"/t/{request.state.tenant.slug}/security", status_code=303)


@post("/security/three", guards=SECURING, status_code=200)
async def separate(request: AnyRequest, data: URLEncodedBody[SeparationForm]) -> Template:
    """Appoint three administrators; the page shows their one-time links."""
    try:
        links = await separation.separate(request.state.tenant, data.appointed(), request.user)
    except Refusal as refused:
        return await _security_page(request, refused, typed=data)
    return await _security_page(request, links=links)


@post("/security/one", guards=SECURING)
async def unite(request: AnyRequest) -> Response[Any]:
    """Give the tenant's administrator his rights back."""
    try:
        await separation.unite(request.user)
    except Refusal as refused:
        return await _security_page(request, refused)
    return Redirect(f"/t/{request.state.tenant.slug}/security", status_code=303)


@post("/security/approvals", guards=SECURING)
async def choose_acts(request: AnyRequest, data: URLEncodedBody[ActsForm]) -> Redirect:
    """Choose which acts need a second person."""
    await choose_second_person(data.wanted(), request.user.id)
    return Redirect(f"/t/{request.state.tenant.slug}/security", status_code=303)


SECURITY_PAGES = (security_page, choose, separate, unite, choose_acts)
