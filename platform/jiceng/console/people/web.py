"""Pages of one account. In the console because a data scope names organizations of the roster."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts import queries
from jiceng.accounts.access import ROLE_NAMES, Permission, Role, needs
from jiceng.accounts.forms import GrantForm
from jiceng.accounts.managing import granting, standing
from jiceng.accounts.pages.people import LOOKING, SECURING, offered
from jiceng.accounts.scope import KIND_NAMES
from jiceng.accounts.second_factor import proving
from jiceng.accounts.signing_in import sessions
from jiceng.kernel.clock import today
from jiceng.kernel.errors import Invalid, NotFound, Refusal
from jiceng.kernel.typed import plain
from jiceng.roster import queries as roster

AnyRequest = Request[Any, Any, Any]
GRANTING = [needs(Permission.GRANT_ROLES)]


async def _account_page(
    request: AnyRequest, account_id: UUID, refused: Refusal | None = None, typed: GrantForm | None = None
) -> Template:
    account = await queries.account_info(account_id)
    if account is None:
        raise NotFound
    place = (await roster.names([account.organization])) if account.organization else {}
    numbers = await roster.subject_numbers("organization", today()) if account.organization else {}
    number = next((one for one, key in numbers.items() if key == str(account.organization)), "")
    return Template(
        "console/account.html",
        context={
            "account": account,
            "role": ROLE_NAMES[Role(account.role)],
            "offered": offered(request),
            "scope_names": KIND_NAMES,
            "place": place.get(account.organization) if account.organization else None,
            "typed": typed or GrantForm(account.role, account.scope, number, account.person or ""),
            "sessions": await sessions.sessions_of(account_id, account.role),
            "refused": refused,
        },
        status_code=refused.status if refused else 200,
    )


@get("/accounts/{account:uuid}", guards=LOOKING)
async def account_page(request: AnyRequest, account: FromPath[UUID]) -> Template:
    """One account: what it may do, what it sees, where it is signed in."""
    return await _account_page(request, account)


@post("/accounts/{account:uuid}/role", guards=GRANTING)
async def grant(
    request: AnyRequest, account: FromPath[UUID], data: URLEncodedBody[GrantForm]
) -> Response[Any]:
    """Give it another role or scope; its sessions end."""
    try:
        wanted = granting.Grant(
            data.role, data.scope, await _organization(data.organization), data.person.strip() or None
        )
        await granting.grant(request.state.tenant, account, wanted, request.user)
    except NotFound:
        raise
    except Refusal as refused:
        return await _account_page(request, account, refused, data)
    return _back(request, account)


@post("/accounts/{account:uuid}/unlock", guards=SECURING)
async def unlock(request: AnyRequest, account: FromPath[UUID]) -> Redirect:
    """Forget its wrong passwords, so that it need not wait."""
    await standing.unlock(account, request.user)
    return _back(request, account)


@post("/accounts/{account:uuid}/sessions/end", guards=SECURING)
async def end_sessions(request: AnyRequest, account: FromPath[UUID]) -> Redirect:
    """End all its sessions."""
    await standing.end_sessions_of(account, request.user)
    return _back(request, account)


@post("/accounts/{account:uuid}/second-factor/remove", guards=SECURING)
async def remove_factor(request: AnyRequest, account: FromPath[UUID]) -> Response[Any]:
    """Take its generator away: the telephone is lost."""
    try:
        await proving.remove_of(account, request.user)
    except NotFound:
        raise
    except Refusal as refused:
        return await _account_page(request, account, refused)
    return _back(request, account)


async def _organization(number: str) -> UUID | None:
    typed = plain(number)
    if not typed:
        return None
    found = (await roster.subject_numbers("organization", today())).get(typed)
    if found is None:
        raise Invalid((f"名册里没有编号为 {typed[:30]} 的组织",), "没有授权", "组织编号")
    return UUID(found)


def _back(request: AnyRequest, account: UUID) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/accounts/{account}", status_code=303)


router = Router("/t/{tenant:str}", route_handlers=[account_page, grant, unlock, end_sessions, remove_factor])
