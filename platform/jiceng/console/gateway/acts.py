"""What the gate tells the audit log: who acts from where, and every request that was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.addresses import household
from jiceng.kernel.audit import Actor, Event, record_now, source_address
from jiceng.kernel.limits import Limit, TooMany, allow

if TYPE_CHECKING:
    from litestar.types import Scope

REFUSED = 403
STRANGE = {400, 404}
"""A form or body with what nobody asked for; a thing that is absent, or another's, which looks the same."""
READING = {"GET", "HEAD"}
OF_NOBODY = Limit("refusals", 60, 60.0)
"""Refusals of one place that are told while nobody is signed in: sixty at once, then one a minute."""


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
    """Record what a tenant's page or operation refused: a missing right or a forged form, answered 403;
    and a write of somebody known with strange fields or for a thing that is not his.

    Mistakes told to who made them (409, 422) are not attempts; what nobody known sends could flood the log,
    so of a place that sends much of it only so much is told.
    """
    status = getattr(error, "status_code", None) or getattr(error, "status", None)
    if scope["state"].get("tenant") is None:
        return
    route, method = str(scope.get("path_template") or "/"), str(scope.get("method"))
    if status == REFUSED and await _worth_telling(scope):
        await record_now(Event.PERMISSION_REFUSED, success=False, route=route, kind=method)
    elif status in STRANGE and scope.get("user") is not None and method not in READING:
        await record_now(Event.WRITE_REFUSED, success=False, route=route, kind=method, number=status)


async def _worth_telling(scope: Scope) -> bool:
    """Whether a refusal is told: each of somebody known, of anybody else as many as a person could cause."""
    if scope.get("user") is not None:
        return True
    client = scope.get("client")
    try:
        await allow(OF_NOBODY, household(client[0] if client else ""))
    except TooMany:
        return False
    return True
