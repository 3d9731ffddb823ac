"""How often one address may try to sign in to a tenant, counted over all processes (threat T34).

A lock of the account stops guessing one password; this stops trying one password on every account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.kernel.addresses import household
from jiceng.kernel.limits import Limit, allow

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers.base import BaseRouteHandler


async def at_a_human_pace(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Count an attempt of this address; a guard, so that it comes before the body is read.

    Raises:
        TooMany: the address must wait.
    """
    number = connection.app.state.settings.sign_ins_per_minute
    address = connection.client.host if connection.client else ""
    await allow(Limit("sign_in", number, 60 / number), household(address))
