"""What watches the service asks here: is it alive, is it ready, how busy is it."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler

from jiceng.accounts.access import anyone
from jiceng.kernel.addresses import is_loopback, networks, within
from jiceng.kernel.watching.metrics import CONTENT_TYPE, exposition
from jiceng.kernel.watching.readiness import Readiness, readiness

AnyRequest = Request[Any, Any, Any]
AnyConnection = ASGIConnection[Any, Any, Any, Any]


async def from_where_allowed(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """Let this machine in, and the networks of JICENG_METRICS_FROM; for others there is no such page.

    A request passed on by a proxy on this machine that we were not told to trust comes from elsewhere.
    """
    address = connection.client.host if connection.client else ""
    own = is_loopback(address) and "x-forwarded-for" not in connection.headers
    if not own and not within(address, networks(connection.app.state.settings.metrics_from)):
        raise NotFoundException


@get("/health", guards=[anyone])
async def health() -> dict[str, str]:
    """Alive: the process answers. Asks nobody, and says nothing of versions or settings."""
    return {"status": "ok"}


@get("/ready", guards=[anyone])
async def ready(request: AnyRequest) -> Response[Readiness]:
    """Ready: every check by name; 503 while one has failed."""
    found = await readiness(request.app.state.settings)
    headers = {"retry-after": "5"} if found.status == "failed" else {}
    return Response(found, status_code=503 if headers else 200, headers=headers)


@get("/metrics", guards=[anyone, from_where_allowed])
async def metrics() -> Response[bytes]:
    """Counts and times for Prometheus; no tenant and no person is in them."""
    return Response(await exposition(), media_type=CONTENT_TYPE)


router = Router("/", route_handlers=[health, ready, metrics])
