"""A form carries what its page asks for and nothing else: refused before the handler runs (control 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Request

from jiceng.accounts.access import route_handlers
from jiceng.console.gateway.csrf import SAFE
from jiceng.kernel.forms import UndeclaredForm, UnknownFields, declares_fields, fields_of, refuse_unknown
from jiceng.kernel.rest.doors import is_api

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.connection import ASGIConnection
    from litestar.handlers.base import BaseRouteHandler


async def fields_guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse (400) a form with a field that the handler does not know; stands after the form's token.

    The API's operations read JSON as structs that forbid unknown fields by themselves.
    """
    if connection.scope.get("method") in SAFE or is_api(connection.scope["path"]):
        return
    sent = await Request[Any, Any, Any](connection.scope, connection.receive, connection.send).form()
    try:
        refuse_unknown(sent, fields_of(handler, connection.path_params, sent))
    except UnknownFields:
        await sent.close()  # uploads that came along
        raise


def check_forms(app: Litestar) -> None:
    """Refuse to start while a page reads a form and does not say which fields; names all such at once.

    Raises:
        UndeclaredForm: a handler reads a mapping and has no `known_fields`.
    """
    silent = sorted(
        {
            route.path
            for route, handler in route_handlers(app)
            if not is_api(route.path) and not declares_fields(handler)
        }
    )
    if silent:
        raise UndeclaredForm("these forms need opt=known_fields(…): " + ", ".join(silent))
