"""Metrics of this process for Prometheus: counts and times by route; no tenant, no person, no address."""

import time
from contextlib import suppress

import asyncpg
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from jiceng.kernel.database import relay_transaction
from jiceng.kernel.database.engine import engine
from jiceng.kernel.errors import Refusal

CONTENT_TYPE = CONTENT_TYPE_LATEST
REGISTRY = CollectorRegistry(auto_describe=True)
ProcessCollector(registry=REGISTRY)
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_REQUESTS = Counter(
    "jiceng_http_requests", "Requests answered.", ("method", "route", "status"), registry=REGISTRY
)
_DURATION = Histogram(
    "jiceng_http_request_seconds", "Time to answer.", ("route",), buckets=_SECONDS, registry=REGISTRY
)
_LIMITED = Counter(
    "jiceng_rate_limited", "Requests refused because there were too many.", ("what",), registry=REGISTRY
)
_CONNECTIONS = Gauge(
    "jiceng_database_connections", "Open connections of this process.", ("role", "state"), registry=REGISTRY
)
_JOBS = Gauge("jiceng_jobs", "Jobs of all tenants that have not ended.", ("state",), registry=REGISTRY)
_SKEW = Gauge(
    "jiceng_clock_skew_seconds",
    "This host's clock minus the database's.",
    registry=REGISTRY,
)
JOB_STATES = ("queued", "running", "parked")
_KEPT_FOR = 5.0


class _Counted:
    """When jobs were last counted: scraping often must not cost the database anything."""

    at = 0.0


def observe_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    _REQUESTS.labels(method, route, str(status)).inc()
    _DURATION.labels(route).observe(seconds)


def observe_limited(what: str) -> None:
    """Count one request refused by a rate limit; `what` is the limit's name."""
    _LIMITED.labels(what).inc()


def observe_skew(seconds: float) -> None:
    """Keep the last measured difference of the clocks."""
    _SKEW.set(seconds)


async def exposition() -> bytes:
    """Everything in Prometheus' text format; jobs are counted at most every five seconds."""
    for role in ("app", "relay", "operator"):
        idle, opened = engine.pools.idle(role)
        _CONNECTIONS.labels(role, "idle").set(idle)
        _CONNECTIONS.labels(role, "used").set(opened - idle)
    if time.monotonic() - _Counted.at > _KEPT_FOR:
        _Counted.at = time.monotonic()
        # Without the database the other numbers matter more than ever.
        with suppress(
            Refusal, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError
        ):
            await _count_jobs()
    return generate_latest(REGISTRY)


async def _count_jobs() -> None:
    async with relay_transaction() as opened:
        rows = await opened.connection.fetch(
            "select state, count(*) as number from job where state = any($1) group by state", list(JOB_STATES)
        )
    counted = {row["state"]: row["number"] for row in rows}
    for state in JOB_STATES:
        _JOBS.labels(state).set(counted.get(state, 0))
