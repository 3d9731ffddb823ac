"""What a plugin declares its own tables with, and reads and writes them by; always inside one tenant."""

from jiceng.kernel.database import (
    APPEND_ONLY,
    Grants,
    Index,
    Personal,
    TenantKey,
    TenantTable,
    after_commit,
    bulk_insert,
    bulk_read,
    current_tenant,
    execute,
    fetch,
    fetch_row,
    fetch_value,
    joined,
    next_block,
    one_at_a_time,
    savepoint,
    transaction,
)
from jiceng.kernel.database.routines import Routine, Trigger
from jiceng.kernel.ids import new_id
from jiceng.roster.tables import Member, Organization, Unit
from jiceng.roster.tables import Project as RosterProject

__all__ = [
    "APPEND_ONLY",
    "Grants",
    "Index",
    "Member",
    "Organization",
    "Personal",
    "RosterProject",
    "Routine",
    "TenantKey",
    "TenantTable",
    "Trigger",
    "Unit",
    "after_commit",
    "bulk_insert",
    "bulk_read",
    "current_tenant",
    "execute",
    "fetch",
    "fetch_row",
    "fetch_value",
    "joined",
    "new_id",
    "next_block",
    "one_at_a_time",
    "savepoint",
    "transaction",
]
