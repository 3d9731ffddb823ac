"""Which tables the record console shows, under which heading: this list is all there is, and read-only.

Every table here is owned by a service, so nothing is writable. Accounts, sessions, settings with secrets and
large binary frames are left out on purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from piccolo.columns import Bytea
from piccolo.table import Table, create_table_class
from piccolo_admin.endpoints import TableConfig

from jiceng.evaluation.tables import Result, Run
from jiceng.facts.tables import Fact, FactBatch, FactKind
from jiceng.kernel.database import engine
from jiceng.roster import tables as roster
from jiceng.schemes.tables import Period, RulebookVersion, Scheme

if TYPE_CHECKING:
    from piccolo.columns import Column

HIDDEN = frozenset({"tenant_id"})

SHOWN: dict[str, tuple[type[Table], ...]] = {
    "名册": (roster.Organization, roster.OrganizationState, roster.Member, roster.Unit, roster.UnitState),
    "方案与事实": (Scheme, RulebookVersion, Period, FactKind, FactBatch, Fact),
    "评定": (Run, Result),
}


def shown_tables() -> list[TableConfig]:
    """One configuration for each table shown."""
    return [
        TableConfig(view_of(table), menu_group=group, link_column=None)
        for group, tables in SHOWN.items()
        for table in tables
    ]


def view_of(table: type[Table]) -> type[Table]:
    """The table without `tenant_id` and without binary columns: what the record console may select.

    Row-level security limits the rows; the column is left out because it says nothing to anybody, and because
    a create form would send it as null.
    """
    members: dict[str, Column] = {
        column._meta.name: column
        for column in table._meta.columns
        if column._meta.name not in HIDDEN and not isinstance(column, Bytea)
    }
    return create_table_class(
        table.__name__,
        bases=(Table,),
        class_kwargs={
            "tablename": table._meta.tablename,
            "help_text": table._meta.help_text,
            "db": engine,
        },
        class_members=members,
    )


def words() -> dict[str, str]:
    """Table and column names as the page writes them ('organization state') → their Chinese titles."""
    found: dict[str, str] = {}
    for tables in SHOWN.values():
        for table in tables:
            meta = table._meta
            if meta.help_text:
                found[meta.tablename.replace("_", " ")] = meta.help_text
    return found
