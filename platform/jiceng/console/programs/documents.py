"""The OpenAPI document of /api/v1 and its page: for whoever is signed in; in development for everybody."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.connection import ASGIConnection
from litestar.datastructures import CacheControlHeader
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.response import Template
from litestar.routes import BaseRoute
from litestar.serialization import default_serializer
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from jiceng.accounts.access import Permission, anyone, needs
from jiceng.console.frame.pages import API_VENDOR
from jiceng.kernel.rest.doors import ROOT

AnyRequest = Request[Any, Any, Any]
AnyConnection = ASGIConnection[Any, Any, Any, Any]
READING = [needs(Permission.OWN_SESSION)]
A_YEAR = 365 * 24 * 3600
ABOUT = """Everything a program may do with one tenant. Send the token as `Authorization: Bearer …`; it is
made on the tenant's page *API tokens*. Decimals are text, so that no digit is lost. Every write needs an
`Idempotency-Key`; a search changes nothing and needs none. What is refused is told as Problem Details
(RFC 9457), in the language of `Accept-Language` (zh or en)."""


class _DocumentOnly(Router):
    """Litestar's router of the document without its own page for everything else below: that is our 404."""

    def register(self, value: ControllerRouterHandler) -> list[BaseRoute]:
        """Take the handler of the document, and no other."""
        if isinstance(value, HTTPRouteHandler) and "/openapi.json" not in value.paths:
            return []
        return super().register(value)


def openapi_config(*, production: bool) -> OpenAPIConfig:
    """The configuration of the document; in production its address without a tenant does not exist."""

    async def only_in_development(_: AnyConnection, __: BaseRouteHandler) -> None:
        if production:
            raise NotFoundException

    return OpenAPIConfig(
        title="Jiceng API",
        version="1",
        description=ABOUT,
        use_handler_docstrings=True,
        components=Components(
            security_schemes={
                "token": SecurityScheme(type="http", scheme="bearer", description="An API token.")
            }
        ),
        render_plugins=[JsonRenderPlugin()],
        openapi_router=_DocumentOnly(
            ROOT, route_handlers=[], guards=[anyone, only_in_development], include_in_schema=False
        ),
    )


_WRITTEN = "openapi_document"


@get("/t/{tenant:str}/api/openapi.json", guards=READING)
async def document(request: AnyRequest) -> Response[bytes]:
    """The OpenAPI document, written down once: routes do not change while the service runs."""
    kept = request.app.state
    if _WRITTEN not in kept:
        schema = request.app.openapi_schema.to_schema()
        kept[_WRITTEN] = msgspec.json.encode(schema, enc_hook=default_serializer)
    return Response(kept[_WRITTEN], media_type="application/vnd.oai.openapi+json")


@get("/t/{tenant:str}/api", guards=READING)
async def document_page() -> Template:
    """The document as a page."""
    return Template("console/api.html")


files = create_static_files_router(
    "/static/api",
    directories=[API_VENDOR],
    guards=[anyone],
    cache_control=CacheControlHeader(max_age=A_YEAR, public=True, immutable=True),
    name="api",
)
router = Router("/", route_handlers=[document, document_page, files])
