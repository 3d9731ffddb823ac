"""Work that only one at a time may do in a tenant: the second waits until the first has committed."""

from jiceng.kernel.database.access import execute
from jiceng.kernel.database.context import current_tenant
from jiceng.kernel.database.transaction import in_transaction

_LOCK = "select pg_advisory_xact_lock(hashtextextended($1, 0))"


async def one_at_a_time(work: str) -> None:
    """Nobody else begins `work` in this tenant until the open transaction ends.

    Of two who bring the same thing at once, the second then finds what the first has made.

    Raises:
        RuntimeError: outside a transaction, where the lock would be gone at once.
    """
    in_transaction()
    await execute(_LOCK, f"{work} of {current_tenant()}")
