"""The page of accounts: who may log in to this tenant, inviting, renewing an invitation, disabling."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts import queries
from jiceng.accounts.access import ROLE_NAMES, Permission, Role, needs
from jiceng.accounts.forms import InviteForm
from jiceng.accounts.managing import invitations, standing
from jiceng.accounts.managing.granting import NARROW, OPERATORS_IN, grantable
from jiceng.accounts.scope import KIND_NAMES
from jiceng.kernel.crypto.hidden import hide, shown
from jiceng.kernel.errors import Refusal
from jiceng.kernel.paging import Page

AnyRequest = Request[Any, Any, Any]
LOOKING = [needs(Permission.VIEW_ACCOUNTS)]
MANAGING = [needs(Permission.MANAGE_ACCOUNTS)]
SECURING = [needs(Permission.SECURE_ACCOUNTS)]
NOTHING = InviteForm(role=Role.VIEWER)


def offered(request: AnyRequest) -> dict[str, str]:
    """The roles the person may give here, with their names, in the order of the table."""
    mine = grantable(request.user)
    here = request.state.tenant.kind
    return {
        role.value: name
        for role, name in ROLE_NAMES.items()
        if role in mine and (role is not Role.OPERATOR or here == OPERATORS_IN)
    }


async def _accounts_page(
    request: AnyRequest,
    link: str = "",
    refused: Refusal | None = None,
    typed: InviteForm = NOTHING,
    *,
    renewed: bool = False,
    page: int = 1,
    name: str = "",
) -> Template:
    everybody, wanted = await queries.accounts(), name.strip()
    found = [one for one in everybody if wanted in one.login or wanted in one.name]
    return Template(
        "accounts/accounts.html",
        context={
            "found": Page.of(found, page),
            "name": wanted,
            "hidden": await hide(wanted),
            "all": len(everybody),
            "idle": sum(one.unused and one.state != "disabled" for one in everybody),
            "role_names": {role.value: name for role, name in ROLE_NAMES.items()},
            "scope_names": KIND_NAMES,
            "offered": offered(request),
            "disabling": {role for role in Role if standing.may_disable(request.user, role)},
            "narrow": {role.value for role in NARROW},
            "link": str(request.base_url).rstrip("/") + link if link else "",
            "renewed": renewed,
            "refused": refused,
            "typed": typed,
        },
        status_code=refused.status if refused else 200,
    )


@get("/accounts", guards=LOOKING)
async def accounts_page(request: AnyRequest, page: FromQuery[int] = 1, name: FromQuery[str] = "") -> Template:
    """Everybody who may log in, or those whose login or name has the words hidden in `name`."""
    return await _accounts_page(request, page=page, name=await shown(name))


@post("/accounts", guards=MANAGING, status_code=200)
async def invite(request: AnyRequest, data: URLEncodedBody[InviteForm]) -> Response[Any]:
    """Invite somebody; the page shows the one-time link, which is nowhere else.

    The same form sent again (the page was reloaded) makes a new link, and the page says what became of the
    earlier one.
    """
    known = await queries.account_by_login(data.login)
    try:
        link = await invitations.invite(
            request.state.tenant, data.login, data.name, data.role, by=request.user, person=data.person
        )
    except Refusal as refused:
        return await _accounts_page(request, refused=refused, typed=data)
    return await _accounts_page(request, link, renewed=known is not None)


@post("/accounts/{account:uuid}/invitation", guards=SECURING, status_code=200)
async def invite_again(request: AnyRequest, account: FromPath[UUID]) -> Template:
    """A new one-time link for an account, to set its password; earlier ones end."""
    link = await invitations.invite_again(request.state.tenant, account, request.user)
    return await _accounts_page(request, link, renewed=True)


@post("/accounts/{account:uuid}/disable", guards=MANAGING)
async def disable(request: AnyRequest, account: FromPath[UUID]) -> Redirect:
    """Disable an account; its sessions end at once."""
    await standing.disable(account, request.user)
    return Redirect(f"/t/{request.state.tenant.slug}/accounts", status_code=303)


@post("/accounts/{account:uuid}/enable", guards=MANAGING)
async def enable(request: AnyRequest, account: FromPath[UUID]) -> Redirect:
    """Let a disabled account in again."""
    await standing.enable(account, request.user)
    return Redirect(f"/t/{request.state.tenant.slug}/accounts", status_code=303)


PEOPLE_PAGES = (accounts_page, invite, invite_again, disable, enable)
