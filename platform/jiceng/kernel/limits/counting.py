"""Whether a caller may ask once more: one statement, no window that two processes could see differently.

The generic cell rate algorithm: each request uses up `every` seconds of a caller's allowance, which may run
ahead of the clock by `burst` requests. A refused request uses nothing up.
"""

import hashlib
import math
from datetime import timedelta

import msgspec

from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch_value
from jiceng.kernel.errors import Refusal
from jiceng.kernel.ids import new_id
from jiceng.kernel.watching.metrics import observe_limited

_USE = """
insert into rate_limit as r (tenant_id, id, name, caller, used_until)
values ($1, $2, $3, $4, $5::timestamptz + $6::interval)
on conflict (tenant_id, name, caller) do update
set used_until = greatest(r.used_until, $5) + $6::interval where r.used_until <= $5 + $7::interval
returning used_until
"""
_UNTIL = "select used_until from rate_limit where tenant_id = $1 and name = $2 and caller = $3"
_FORGET = "delete from rate_limit where tenant_id = $1 and used_until < $2"
_SWEEP_ONE_IN = 256


class Limit(msgspec.Struct, frozen=True):
    """`burst` requests at once, then one `every` so many seconds."""

    name: str
    burst: int
    every: float


class TooMany(Refusal):
    """The caller asks too often; `retry_after` says in whole seconds when it may again."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            "操作太频繁",
            "",
            f"请在 {retry_after} 秒后再试",
            what_en="too many requests",
            todo_en=f"try again in {retry_after} seconds",
        )


async def allow(limit: Limit, caller: str) -> None:
    """Count one request of `caller` (a token's id, an address) in the current tenant.

    Raises:
        TooMany: the allowance is used up.
    """
    moment, cost = now(), timedelta(seconds=limit.every)
    digest = hashlib.sha256(caller.encode()).digest()
    ahead = cost * (limit.burst - 1)
    row = new_id()
    used = await fetch_value(_USE, current_tenant(), row, limit.name, digest, moment, cost, ahead)
    if used is None:
        until = await fetch_value(_UNTIL, current_tenant(), limit.name, digest)
        wait = (until - ahead - moment).total_seconds() if until is not None else limit.every
        raise _refused(limit, wait)
    if row.int % _SWEEP_ONE_IN == 0:
        await execute(_FORGET, current_tenant(), moment - timedelta(hours=1))


async def refuse_used_up(limit: Limit, caller: str) -> None:
    """Refuse as `allow` would, and use nothing up: before something that should not be spent in vain.

    Raises:
        TooMany: the allowance is used up.
    """
    digest = hashlib.sha256(caller.encode()).digest()
    until = await fetch_value(_UNTIL, current_tenant(), limit.name, digest)
    ahead = timedelta(seconds=limit.every) * (limit.burst - 1)
    if until is not None and (wait := (until - ahead - now()).total_seconds()) > 0:
        raise _refused(limit, wait)


def _refused(limit: Limit, wait: float) -> TooMany:
    observe_limited(limit.name)
    return TooMany(max(1, math.ceil(wait)))
