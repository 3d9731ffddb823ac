"""The database: tenant context, transactions, tables that PostgreSQL itself keeps apart, bulk in and out."""

from jiceng.kernel.database.access import (
    after_commit,
    before_commit,
    close,
    connect,
    execute,
    fetch,
    fetch_row,
    fetch_value,
    in_open_transaction,
    joined,
    operator_transaction,
    relay_transaction,
    savepoint,
    transaction,
)
from jiceng.kernel.database.bulk_insert import bulk_insert
from jiceng.kernel.database.bulk_read import bulk_read, bulk_read_batches
from jiceng.kernel.database.context import current_tenant, statements_within, tenant_or_none
from jiceng.kernel.database.counters import highest, next_block
from jiceng.kernel.database.engine import OtherConnection, engine
from jiceng.kernel.database.folders import migrations_folder
from jiceng.kernel.database.personal import Personal
from jiceng.kernel.database.scope import tenant_scope
from jiceng.kernel.database.statistics import renew_statistics
from jiceng.kernel.database.tables import (
    APPEND_ONLY,
    READ_ONLY,
    GlobalTable,
    Grants,
    Index,
    TenantKey,
    TenantTable,
)
from jiceng.kernel.database.transaction import NestedTransaction, Transaction, in_transaction
from jiceng.kernel.database.turns import one_at_a_time
from jiceng.kernel.errors import NoTenant

__all__ = [
    "APPEND_ONLY",
    "READ_ONLY",
    "GlobalTable",
    "Grants",
    "Index",
    "NestedTransaction",
    "NoTenant",
    "OtherConnection",
    "Personal",
    "TenantKey",
    "TenantTable",
    "Transaction",
    "after_commit",
    "before_commit",
    "bulk_insert",
    "bulk_read",
    "bulk_read_batches",
    "close",
    "connect",
    "current_tenant",
    "engine",
    "execute",
    "fetch",
    "fetch_row",
    "fetch_value",
    "highest",
    "in_open_transaction",
    "in_transaction",
    "joined",
    "migrations_folder",
    "next_block",
    "one_at_a_time",
    "operator_transaction",
    "relay_transaction",
    "renew_statistics",
    "savepoint",
    "statements_within",
    "tenant_or_none",
    "tenant_scope",
    "transaction",
]
