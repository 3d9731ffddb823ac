"""`jiceng check`: does the database still keep tenants apart? Every defect, and how to mend it."""

from collections.abc import Iterator, Sequence

import asyncpg
from piccolo.table import Table

from jiceng.kernel.database.catalog import IndexState, KeyConstraint, Policy, TableState, read_tables
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.findings import Finding, finding
from jiceng.kernel.database.policies import Wanted, matches, wanted_policies
from jiceng.kernel.database.pooler import judge_urls
from jiceng.kernel.database.protect import wanted_rights
from jiceng.kernel.database.refused import explained
from jiceng.kernel.database.roles import LOGINS, OWNER
from jiceng.kernel.database.routines import Present, read_routines, wrong_routines, wrong_triggers
from jiceng.kernel.database.server_version import lacks_security_release
from jiceng.kernel.database.surroundings import RoleState, Surroundings, read_surroundings
from jiceng.kernel.database.tables import GlobalTable, TenantTable, told_moments
from jiceng.kernel.settings import Settings

DEFINERS_ALLOWED = frozenset({"audit_purge", "statistics_renew"})
"""audit_purge drops audit rows past their retention, which no role may do by itself (kernel/audit);
statistics_renew has the planner look at tables again (kernel/database/statistics.py)."""
_MIGRATIONS_TABLE = "migration"
_NOT_TABLES = {"v": "view-of-owner", "m": "materialised-view", "f": "foreign-table"}
_INVOKER = {"security_invoker=true", "security_invoker=on", "security_invoker=1"}
_SERVICE = frozenset(role.name for role in LOGINS if not role.bypass and role.name != "jiceng_migrate")


async def check_database(settings: Settings, tables: Sequence[type[Table]]) -> list[Finding]:
    """Return every defect, those of the URLs first; raises Unavailable when one cannot be reached."""
    with explained(settings.migrate_url, "migrate"):
        connection = await asyncpg.connect(settings.migrate_url, timeout=10, statement_cache_size=0)
    try:
        defects = await find_defects(connection, tables, production=settings.production)
        return [*await judge_urls(settings), *defects]
    finally:
        await connection.close()


async def find_defects(
    connection: Connection, tables: Sequence[type[Table]], *, production: bool = False
) -> list[Finding]:
    """Return every defect the catalog shows; production needs the security releases too."""
    states = await read_tables(connection)
    around = await read_surroundings(connection)
    declared = {table._meta.tablename: table for table in tables}
    found = [finding("table-absent", name) for name in declared if name not in states]
    for state in states.values():
        found += _relation(state, declared.get(state.name))
    present = await read_routines(connection)
    for table in tables:
        if issubclass(table, TenantTable) and table._meta.tablename in states:
            found += _triggers(table, present)
    found += judge_surroundings(around, production=production)
    return sorted(found, key=lambda each: (each.where, each.rule))


def _relation(state: TableState, table: type[Table] | None) -> Iterator[Finding]:
    for grantee, right in sorted(state.grants):
        if grantee == "public":
            yield finding("granted-to-public", f"{state.name} {right}")
    if state.kind in _NOT_TABLES:
        if state.kind != "v" or not _INVOKER & set(state.options):
            yield finding(_NOT_TABLES[state.kind], state.name)
        return
    if state.owner != OWNER:
        yield finding("owner-wrong", f"{state.name} ({state.owner})")
    if table is not None:
        yield from _moments(state, table)
    if table is not None and issubclass(table, TenantTable):
        yield from _tenant_table(state, table)
    elif table is not None and issubclass(table, GlobalTable):
        yield from _rights(state, table)
    elif state.name != _MIGRATIONS_TABLE:
        yield finding("table-undeclared" if "tenant_id" in state.columns else "tenant-id-missing", state.name)


def _moments(state: TableState, table: type[Table]) -> Iterator[Finding]:
    for name in sorted(told_moments(table)):
        if name in state.columns and state.columns[name].default:
            yield finding("moment-fixed", f"{state.name} {name}")


def _tenant_table(state: TableState, table: type[TenantTable]) -> Iterator[Finding]:
    tenant_id = state.columns.get("tenant_id")
    if tenant_id is None:
        yield finding("tenant-id-missing", state.name)
    elif not tenant_id.not_null or tenant_id.sql_type != "integer":
        yield finding("tenant-id-nullable", state.name)
    if not state.row_security:
        yield finding("row-security-off", state.name)
    if not state.forced:
        yield finding("row-security-not-forced", state.name)
    yield from _policies(state, wanted_policies(state.name, table._grants))
    for key in state.keys:
        yield from _key(state, key)
    if not any(key.kind == "p" for key in state.keys):
        yield finding("primary-key", state.name)
    for index in state.indexes:
        yield from _index(state, index)
    yield from _rights(state, table)


def _policies(state: TableState, wanted: tuple[Wanted, ...]) -> Iterator[Finding]:
    for want in wanted:
        if not any(matches(policy, want) for policy in state.policies):
            yield finding("policy-missing", f"{state.name} {want.name}")
    for policy in state.policies:
        if not any(matches(policy, want) for want in wanted):
            yield finding(_policy_rule(policy), f"{state.name} {policy.name}")


def _policy_rule(policy: Policy) -> str:
    if "true" in {policy.using, policy.check}:
        return "policy-true"
    # Without its own check PostgreSQL uses USING for new rows too, but the rule wants it written down.
    return "policy-without-check" if policy.check is None else "policy-foreign"


def _key(state: TableState, key: KeyConstraint) -> Iterator[Finding]:
    where = f"{state.name} {key.name}"
    if key.kind == "p" and key.columns != ("tenant_id", "id"):
        yield finding("primary-key", where)
    if key.kind == "f" and (key.columns[0] != "tenant_id" or key.target_columns[0] != "tenant_id"):
        yield finding("foreign-key-without-tenant", where)


def _index(state: TableState, index: IndexState) -> Iterator[Finding]:
    if index.columns[:1] != ("tenant_id",):
        rule = "unique-without-tenant" if index.unique else "index-without-tenant"
        yield finding(rule, f"{state.name} {index.name}")


def _rights(state: TableState, table: type[TenantTable | GlobalTable]) -> Iterator[Finding]:
    wanted = wanted_rights(table)
    for grantee, right in sorted(state.grants - wanted):
        if grantee != "public":
            yield finding("right-beyond-plan", f"{state.name} {grantee} {right}")
    for grantee, right in sorted(wanted - state.grants):
        yield finding("right-missing", f"{state.name} {grantee} {right}")


def _triggers(table: type[TenantTable], present: Present) -> Iterator[Finding]:
    name = table._meta.tablename
    for routine in wrong_routines(table._routines, table._triggers, present):
        yield finding("routine-changed", f"{name} {routine.name}()")
    for trigger in wrong_triggers(name, table._triggers, present):
        yield finding("trigger-missing", f"{name} {trigger.name}")


def judge_surroundings(around: Surroundings, *, production: bool = False) -> Iterator[Finding]:
    """Yield the defects of server, functions, sequences, schema, database and roles."""
    if production and lacks_security_release(*divmod(around.server_version, 10000)):
        yield finding("server-too-old", f"PostgreSQL {around.server_version}")
    yield from _functions(around)
    yield from _surplus_rights(around)
    for name in around.elsewhere:
        yield finding("outside-public", name)
    for role in around.roles.values():
        yield from _role(role)


def _surplus_rights(around: Surroundings) -> Iterator[Finding]:
    for sequence, grantee in sorted(around.sequences):
        if grantee == "public" or grantee in _SERVICE:
            yield finding("sequence-usable", f"{sequence} {grantee}")
    for grantee, right in sorted(around.schema_rights | around.database_rights):
        if grantee == "public":
            yield finding("granted-to-public", f"schema/database {right}")
        elif right == "CREATE" and grantee in _SERVICE:
            yield finding("schema-create", grantee)
    for grantee, right in sorted(around.default_rights):
        yield finding("granted-by-default", f"{right} to {grantee}")
    for column, right in sorted(around.column_rights):
        yield finding("column-granted", f"{column} {right}")


def _functions(around: Surroundings) -> Iterator[Finding]:
    for function in around.functions:
        if function.name not in DEFINERS_ALLOWED:
            yield finding("definer-function", function.name)
        if not function.pinned:
            yield finding("definer-search-path", function.name)
        if function.public:
            yield finding("granted-to-public", f"{function.name}()")


def _role(role: RoleState) -> Iterator[Finding]:
    plan = next((login for login in LOGINS if login.name == role.name), None)
    if role.superuser or role.creates_roles or (role.bypass and not (plan and plan.bypass)):
        yield finding("role-too-strong", role.name)
    expected = (OWNER,) if role.name == "jiceng_migrate" else ()
    if role.member_of != expected:
        yield finding("role-member", f"{role.name} ← {', '.join(role.member_of)}")
