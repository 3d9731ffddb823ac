"""Which tenant this task works for, and which transaction it has open."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from jiceng.kernel.errors import NoTenant

if TYPE_CHECKING:
    from jiceng.kernel.database.transaction import Transaction

_tenant: ContextVar[int | None] = ContextVar("tenant", default=None)
_statement_seconds: ContextVar[int | None] = ContextVar("statement_seconds", default=None)
open_transaction: ContextVar["Transaction | None"] = ContextVar("open_transaction", default=None)
"""The transaction of this context. A task started inside inherits it; `Transaction` refuses to serve it."""


def tenant_or_none() -> int | None:
    """Return the current tenant's id, or None outside every tenant."""
    return _tenant.get()


def current_tenant() -> int:
    """Return the current tenant's id. Migrations import this function by its path: it must not move.

    Raises:
        NoTenant: outside every `tenant_scope`.
    """
    tenant = _tenant.get()
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


@contextmanager
def tenant_scope(tenant_id: int) -> Iterator[int]:
    """Work for one tenant inside the block; refused while a transaction is open (its tenant is fixed)."""
    if isinstance(tenant_id, bool) or not isinstance(tenant_id, int) or tenant_id <= 0:
        raise ValueError(f"a tenant id is a positive integer, not {tenant_id!r}")
    opened = open_transaction.get()
    if opened is not None and opened.tenant not in {tenant_id, None}:
        raise RuntimeError("the tenant cannot change inside an open transaction")
    token = _tenant.set(tenant_id)
    try:
        yield tenant_id
    finally:
        _tenant.reset(token)
