"""Which tenant this task works for, and how long its statements may take."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from jiceng.kernel.errors import NoTenant

tenant_here: ContextVar[int | None] = ContextVar("tenant", default=None)
"""Set by `tenant_scope` alone."""
_statement_seconds: ContextVar[int | None] = ContextVar("statement_seconds", default=None)


def tenant_or_none() -> int | None:
    """Return the current tenant's id, or None outside every tenant."""
    return tenant_here.get()


def current_tenant() -> int:
    """Return the current tenant's id. Migrations import this function by its path: it must not move.

    Raises:
        NoTenant: outside every `tenant_scope`.
    """
    tenant = tenant_here.get()
    if tenant is None:
        raise NoTenant("no tenant is set here: enter tenant_scope(tenant_id) first")
    return tenant


@contextmanager
def statements_within(seconds: int) -> Iterator[None]:
    """Let no statement of a tenant run longer inside the block: for requests, which somebody waits for."""
    token = _statement_seconds.set(int(seconds))
    try:
        yield
    finally:
        _statement_seconds.reset(token)


def statement_limit() -> str:
    """What follows BEGIN so that the limit of `statements_within` holds; empty outside of it."""
    seconds = _statement_seconds.get()
    return "" if seconds is None else f"; SET LOCAL statement_timeout = '{seconds}s'"
