"""What the gate tells the audit log: who acts from where, and every request that was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.audit import Actor, Event, record_now, source_address

if TYPE_CHECKING:
    from litestar.types import Scope

REFUSED = 403


def actor_of(scope: Scope) -> Actor:
    """The person, the peer's address and the request's id, as every entry of this request will say them."""
    user, client = scope.get("user"), scope.get("client")
    return Actor(
        "web",
        user.id if user is not None else None,
        source_address(client[0] if client else None),
        scope["state"].get("request_id"),
    )


async def tell_of_refusal(error: Exception, scope: Scope) -> None:
    """Record a request that was answered 403 on a tenant's page: a missing right, a forged form."""
    status = getattr(error, "status_code", None) or getattr(error, "status", None)
    if status != REFUSED or scope["state"].get("tenant") is None:
        return
    route = str(scope.get("path_template") or "/")
    await record_now(Event.PERMISSION_REFUSED, success=False, route=route, kind=str(scope.get("method")))
