"""Statistics for the planner, taken anew where a transaction has written many rows.

Until then the planner believes that the tenant has next to none of them: the members' page of a district that
had just imported 5,000 members took longer than 20 s. PostgreSQL looks by itself only when a tenth of the
whole table has changed, which the rows of one district in a province never are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.database.access import execute
from jiceng.kernel.database.routines import Routine
from jiceng.kernel.database.transaction import in_transaction

if TYPE_CHECKING:
    from piccolo.table import Table

MANY = 1000
"""Fewer rows than this mislead no plan by much; looking takes some 50 ms a table."""

# ANALYZE asks for the owner; role app may have this done, and nothing else of the owner's.
RENEW = Routine(
    name="statistics_renew",
    arguments="relations text[]",
    returns="void",
    definer=True,
    body="""
declare relation text;
begin
  foreach relation in array relations loop
    execute format('analyze public.%I', relation);
  end loop;
end
""",
)


async def renew_statistics(written: int, *tables: type[Table]) -> None:
    """Have PostgreSQL look at `tables` again when `written` rows are many; the transaction's own rows count.

    Raises RuntimeError outside a transaction: looked at before the rows are there, they would be missed.
    """
    in_transaction()
    if written >= MANY:
        names = sorted(table._meta.tablename for table in tables)  # one order for all: no two wait in a ring
        await execute("select statistics_renew($1::text[])", names)
