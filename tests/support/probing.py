"""What one tenant tries on another's rows: six statements for a table, each rolled back."""
# ruff: noqa: S608 - the statements are put together from declared table and column names

import asyncpg
from tests.support.filling import insertion, row_id, values

from jiceng.kernel.database.catalog import TableState
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.migrate import registered_tables
from jiceng.kernel.database.tables import TenantTable

OWN, FOREIGN = 1, 2
TABLES = sorted(table._meta.tablename for table in registered_tables() if issubclass(table, TenantTable))
REFUSED = (asyncpg.InsufficientPrivilegeError,)


async def attempt(connection: Connection, sql: str) -> str:
    """Return "nothing", "refused" or "leak" for one statement of tenant OWN; it is rolled back."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(f"set local app.tenant_id = '{OWN}'")
        answer = await connection.execute(sql)
    except REFUSED:
        return "refused"
    except asyncpg.IntegrityConstraintViolationError:
        # The database got as far as comparing with the other tenant's rows.
        return "leak"
    finally:
        await transaction.rollback()
    return "nothing" if answer.rsplit(" ", 1)[-1] == "0" else "leak"


async def leaks(connection: Connection, state: TableState) -> set[str]:
    """The names of the attempts of tenant OWN that reached, or compared with, a row of FOREIGN."""
    probes = {
        "read": f'select 1 from "{state.name}" where tenant_id = {FOREIGN}',
        "read by id": f"select 1 from \"{state.name}\" where id = '{row_id(state.name, FOREIGN)}'",
        "change": f'update "{state.name}" set id = id where tenant_id = {FOREIGN}',
        "delete": f'delete from "{state.name}" where tenant_id = {FOREIGN}',
        "write": insertion(state, values(state, FOREIGN)),
        "move": f'update "{state.name}" set tenant_id = {FOREIGN} where tenant_id = {OWN}',
    }
    return {name for name, sql in probes.items() if await attempt(connection, sql) == "leak"}
