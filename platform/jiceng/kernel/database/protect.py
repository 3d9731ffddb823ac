"""After migrating: keys with the tenant in them, row security forced, rights, triggers. Idempotent.

`plan_protection` only compares and returns the statements still needed; a second run returns none.
"""

from collections.abc import Iterable, Iterator, Sequence

from piccolo.columns.base import OnDelete
from piccolo.table import Table

from jiceng.kernel.database.catalog import TableState, read_tables
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.policies import matches, wanted_policies
from jiceng.kernel.database.routines import mending, read_routines
from jiceng.kernel.database.tables import GlobalTable, Index, TenantKey, TenantTable, told_moments
from jiceng.kernel.errors import Refusal

_ROLES = ("app", "relay", "operator", "auditor")
_ON_DELETE = {OnDelete.restrict: "r", OnDelete.cascade: "c", OnDelete.no_action: "a", OnDelete.set_null: "n"}


async def protect(connection: Connection, tables: Sequence[type[Table]]) -> list[str]:
    """Run what is still needed for `tables` as their owner, and return the statements that were run.

    Raises:
        Refusal: afterwards some table with a tenant_id is still not a protected TenantTable.
    """
    done: list[str] = []
    # Foreign keys need the targets' primary keys, so keys come in a first round.
    for step in (primary_keys, everything_else):
        states = await read_tables(connection)
        for table in tables:
            for statement in step(table, states[table._meta.tablename]):
                await connection.execute(statement)
                done.append(statement)
    for table in tables:
        if issubclass(table, TenantTable) and (table._triggers or table._routines):
            present = await read_routines(connection)
            for statement in mending(table._meta.tablename, table._routines, table._triggers, present):
                await connection.execute(statement)
                done.append(statement)
    _refuse_unprotected(await read_tables(connection), tables)
    return done


def primary_keys(table: type[Table], state: TableState) -> Iterator[str]:
    """Yield what makes (tenant_id, id) the primary key."""
    if not issubclass(table, TenantTable):
        return
    present = next((key for key in state.keys if key.kind == "p"), None)
    if present is not None and present.columns == ("tenant_id", "id"):
        return
    drop = f'drop constraint "{present.name}", ' if present else ""
    yield f'alter table "{state.name}" {drop}add primary key (tenant_id, id)'


def everything_else(table: type[Table], state: TableState) -> Iterator[str]:
    """Yield foreign keys, indexes, row security, policies, rights, defaults that are missing or different."""
    if issubclass(table, TenantTable):
        yield from _foreign_keys(table, state)
        yield from _indexes(table, state)
        yield from _row_security(table, state)
        yield from _rights(table, state)
    elif issubclass(table, GlobalTable):
        yield from _rights(table, state)
    yield from _moments(table, state)


def _moments(table: type[Table], state: TableState) -> Iterator[str]:
    for name in sorted(told_moments(table)):
        if name in state.columns and state.columns[name].default:
            yield f'alter table "{state.name}" alter column "{name}" drop default'


def _foreign_keys(table: type[TenantTable], state: TableState) -> Iterator[str]:
    wanted = set()
    for column in table._meta.foreign_key_columns:
        if not isinstance(column, TenantKey):
            raise TypeError(f"{table.__name__}.{column._meta.name}: a tenant table links with TenantKey")
        name = column._meta.db_column_name
        target = column._foreign_key_meta.resolved_references._meta.tablename
        on_delete = column._foreign_key_meta.on_delete
        wanted.add(f"{state.name}_{name}_fk")
        present = next((key for key in state.keys if key.name == f"{state.name}_{name}_fk"), None)
        if present and present.target == target and present.on_delete == _ON_DELETE[on_delete]:
            continue
        if present:
            yield f'alter table "{state.name}" drop constraint "{present.name}"'
        # SET NULL must name the column, or it would empty tenant_id as well.
        action = f"set null ({name})" if on_delete is OnDelete.set_null else on_delete.value.lower()
        yield (
            f'alter table "{state.name}" add constraint "{state.name}_{name}_fk" '
            f'foreign key (tenant_id, "{name}") references "{target}" (tenant_id, id) on delete {action}'
        )
    for key in state.keys:
        if key.kind == "f" and key.name not in wanted:
            yield f'alter table "{state.name}" drop constraint "{key.name}"'


def _indexes(table: type[TenantTable], state: TableState) -> Iterator[str]:
    links = [Index((column._meta.db_column_name,)) for column in table._meta.foreign_key_columns]
    present = {index.name for index in state.indexes}
    covered = {index.columns for index in state.indexes}
    made: set[str] = set()
    for index in dict.fromkeys([*links, *table._indexes]):
        name = "_".join((state.name, *index.columns, "idx"))[:63]
        columns = ("tenant_id", *index.columns)
        if name in present or (not index.where and any(has[: len(columns)] == columns for has in covered)):
            continue
        if name in made:  # a link's own index has the name already; this one is of some of its rows
            name = f"{name[:58]}_part"
        made.add(name)
        where = f" where {index.where}" if index.where else ""
        carried = f" include ({_listed(index.carries)})" if index.carries else ""
        yield f'create index "{name}" on "{state.name}" ({_listed(columns)}){carried}{where}'


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _row_security(table: type[TenantTable], state: TableState) -> Iterator[str]:
    if not state.row_security:
        yield f'alter table "{state.name}" enable row level security'
    if not state.forced:
        yield f'alter table "{state.name}" force row level security'
    wanted = wanted_policies(state.name, table._grants)
    for policy in state.policies:
        if not any(matches(policy, want) for want in wanted):
            yield f'drop policy "{policy.name}" on "{state.name}"'
    for want in wanted:
        if not any(matches(policy, want) for policy in state.policies):
            yield (
                f'create policy {want.name} on "{state.name}" as permissive for all to {want.role} '
                f"using ({want.test}) with check ({want.test})"
            )


def wanted_rights(table: type[TenantTable | GlobalTable]) -> frozenset[tuple[str, str]]:
    """Return (role, right) of everybody but the owner; backfill and backup have theirs on every table."""
    wanted = {(f"jiceng_{role}", right) for role in _ROLES for right in getattr(table._grants, role)}
    wanted |= {("jiceng_operator", right) for right in table._grants.operator_within}
    wanted |= {("jiceng_backup", "SELECT")}
    wanted |= {("jiceng_backfill", right) for right in ("SELECT", "INSERT", "UPDATE", "DELETE")}
    return frozenset(wanted)


def _rights(table: type[TenantTable | GlobalTable], state: TableState) -> Iterator[str]:
    wanted = wanted_rights(table)
    for grantee, right in sorted(state.grants - wanted):
        yield f'revoke {right} on "{state.name}" from {grantee}'
    for grantee, right in sorted(wanted - state.grants):
        yield f'grant {right} on "{state.name}" to {grantee}'


def _refuse_unprotected(states: dict[str, TableState], tables: Sequence[type[Table]]) -> None:
    tenants_own = {table._meta.tablename for table in tables if issubclass(table, TenantTable)}
    left = [
        state.name
        for state in states.values()
        if "tenant_id" in state.columns
        and state.kind in {"r", "p"}
        and not (state.name in tenants_own and state.row_security and state.forced and state.policies)
    ]
    if left:
        raise Refusal(
            f"这些表含有 tenant_id 却没有受到保护：{'、'.join(left)}",
            "jiceng migrate",
            "插件的表：把那个插件装回来；自己新加的：继承 TenantTable，登记在 piccolo_app.py 中",
            500,
            what_en=f"tables with a tenant_id are unprotected: {', '.join(left)}",
            todo_en="install their plugin again, or derive them from TenantTable in a piccolo_app.py",
        )
