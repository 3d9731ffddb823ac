"""Entering a tenant: everything inside the block is its, and nothing else's."""

from collections.abc import Iterator
from contextlib import contextmanager

from jiceng.kernel.database.context import tenant_here
from jiceng.kernel.database.transaction import open_transaction


@contextmanager
def tenant_scope(tenant_id: int) -> Iterator[int]:
    """Work for one tenant inside the block; refused while a transaction is open (its tenant is fixed)."""
    if isinstance(tenant_id, bool) or not isinstance(tenant_id, int) or tenant_id <= 0:
        raise ValueError(f"a tenant id is a positive integer, not {tenant_id!r}")
    opened = open_transaction.get()
    if opened is not None and opened.tenant not in {tenant_id, None}:
        raise RuntimeError("the tenant cannot change inside an open transaction")
    token = tenant_here.set(tenant_id)
    try:
        yield tenant_id
    finally:
        tenant_here.reset(token)
