"""What has been built on organizations, units and members: rows of every other table that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piccolo import columns

from jiceng.kernel.database import TenantTable, current_tenant, fetch
from jiceng.kernel.database.migrate import registered_tables

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

_NO_DEPENDENTS = frozenset({"audit_entry", "roster_change", "roster_undo"})
"""They say what was done, or belong to the import itself."""
_TITLES = {"fact": "事实", "result": "评定结果", "rating_sheet": "评分表", "confirmation": "结果的确认"}
"""What tables without a name for people are called."""
_OTHERS = "其他业务记录"


async def dependents(
    added: Collection[UUID], changed: Collection[UUID], *, since: UUID, besides: Collection[str]
) -> list[str]:
    """What names one of `added`, or has named one of `changed` since: tables as people call them.

    `since`: the id of a row written at that time (ids are ordered by time); `besides`: tables left out.
    """
    asked = [
        _asks(table._meta.tablename, named)
        for table in registered_tables()
        if issubclass(table, TenantTable) and table._meta.tablename not in _NO_DEPENDENTS.union(besides)
        if (named := [_condition(column) for column in table._meta.columns if _names_rows(column)])
    ]
    everything = [*added, *changed]
    rows = await fetch(" union all ".join(asked), current_tenant(), since, list(added), everything)
    called = {table._meta.tablename: table._meta.help_text or _OTHERS for table in registered_tables()}
    return sorted({_TITLES.get(row["relation"], called[row["relation"]]) for row in rows})


def _names_rows(column: columns.Column) -> bool:
    plain = column.base_column if isinstance(column, columns.Array) else column
    return not column._meta.primary_key and isinstance(plain, columns.UUID | columns.ForeignKey)


def _condition(column: columns.Column) -> str:
    """Whether the column names one of the ids that are put in the place of {ids}."""
    name = f"t.{column._meta.db_column_name}"
    many = isinstance(column, columns.Array)
    return f"{name} && {{ids}}::uuid[]" if many else f"{name} = any({{ids}}::uuid[])"


def _asks(table: str, named: list[str]) -> str:
    one = " or ".join(named)
    return (
        f"select '{table}' as relation where exists (select 1 from {table} t where t.tenant_id = $1 "  # noqa: S608 - our own names
        f"and (({one.format(ids='$3')}) or (t.id > $2::uuid and ({one.format(ids='$4')}))))"
    )
