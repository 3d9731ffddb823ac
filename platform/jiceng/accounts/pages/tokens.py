"""The page of API tokens: making one, whose secret is shown once, and ending one."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, needs
from jiceng.accounts.programs import tokens
from jiceng.accounts.programs.schemas import TokenForm
from jiceng.kernel.errors import Refusal
from jiceng.kernel.paging import Page

AnyRequest = Request[Any, Any, Any]
MANAGING = [needs(Permission.MANAGE_TOKENS)]
USUAL = TokenForm(days="90")


async def _tokens_page(
    request: AnyRequest,
    secret: str = "",
    refused: Refusal | None = None,
    typed: TokenForm = USUAL,
    page: int = 1,
) -> Template:
    return Template(
        "accounts/tokens.html",
        context={
            "found": Page.of(await tokens.tokens(), page),
            "offered": tokens.offered(request.user),
            "scope_names": {scope.value: words for scope, words in tokens.SCOPES.items()},
            "secret": secret,
            "refused": refused,
            "typed": typed,
            "ticked": typed.chosen_scopes(),
        },
        status_code=refused.status if refused else 200,
    )


@get("/tokens", guards=MANAGING)
async def tokens_page(request: AnyRequest, page: FromQuery[int] = 1) -> Template:
    """Every token of the tenant, and the form that makes one."""
    return await _tokens_page(request, page=page)


@post("/tokens", guards=MANAGING, status_code=200)
async def make(request: AnyRequest, data: URLEncodedBody[TokenForm]) -> Response[Any]:
    """Make a token; the page shows its secret, which is nowhere else."""
    try:
        secret = await tokens.make_token(request.user, data.name, data.chosen_scopes(), data.chosen_days())
    except Refusal as refused:
        return await _tokens_page(request, refused=refused, typed=data)
    return await _tokens_page(request, secret)


@post("/tokens/{api_token:uuid}/end", guards=MANAGING)
async def end(request: AnyRequest, api_token: FromPath[UUID]) -> Redirect:
    """End a token at once."""
    await tokens.end_token(api_token, request.user)
    return Redirect(f"/t/{request.state.tenant.slug}/tokens", status_code=303)


TOKEN_PAGES = (tokens_page, make, end)
