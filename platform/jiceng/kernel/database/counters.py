"""Numbers without gaps, per tenant: a counter row that stays locked until the transaction commits."""

from piccolo.columns import BigInt, Varchar
from piccolo.constraints import Unique

from jiceng.kernel.database.access import fetch_value
from jiceng.kernel.database.context import current_tenant
from jiceng.kernel.database.statistics import RENEW
from jiceng.kernel.database.tables import TenantTable
from jiceng.kernel.database.transaction import in_transaction


class Counter(TenantTable):
    """The last number given out under each name."""

    name = Varchar(length=100)
    value = BigInt(default=0)
    one_per_name = Unique(["tenant_id", "name"])
    _routines = (RENEW,)


_ADVANCE = """
insert into counter (tenant_id, id, name, value) values ($1, gen_random_uuid(), $2, $3)
on conflict (tenant_id, name) do update set value = counter.value + excluded.value
returning value
"""


async def next_block(name: str, size: int = 1) -> int:
    """Reserve `size` numbers under `name` and return the first (from 1).

    Others wait until this transaction ends, so numbers commit in order: when n is visible, all below n are.

    Raises:
        RuntimeError: outside a transaction. ValueError: `size` below 1.
    """
    if size < 1:
        raise ValueError(f"a block has at least one number, not {size}")
    in_transaction()
    last: int = await fetch_value(_ADVANCE, current_tenant(), name, size)
    return last - size + 1


async def highest(name: str) -> int:
    """Return the last number given out under `name` and committed (0 when none): a safe watermark."""
    value: int | None = await fetch_value(
        "select value from counter where tenant_id = $1 and name = $2", current_tenant(), name
    )
    return value or 0
