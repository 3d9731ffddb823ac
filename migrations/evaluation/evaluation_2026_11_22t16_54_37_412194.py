from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from jiceng.kernel.database.context import current_tenant
from jiceng.kernel.database.tables import RowId
from jiceng.kernel.database.tables import TenantId
from jiceng.kernel.database.tables import TenantKey
from jiceng.kernel.ids import new_id
from piccolo.columns.base import OnDelete
from piccolo.columns.base import OnUpdate
from piccolo.columns.column_types import UUID
from piccolo.columns.indexes import IndexMethod
from piccolo.constraints import Unique
from piccolo.table import Table


class Run(Table, tablename="run", schema=None):
    id = RowId(
        default=new_id,
        null=False,
        primary_key=True,
        unique=False,
        index=False,
        index_method=IndexMethod.btree,
        choices=None,
        db_column_name=None,
        secret=False,
    )


ID = "2026-11-22T16:54:37:412194"
VERSION = "1.38.0"
DESCRIPTION = ""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="evaluation", description=DESCRIPTION)

    manager.add_table(
        class_name="HeldResult",
        tablename="held_result",
        schema=None,
        columns=None,
    )

    manager.add_column(
        table_class_name="HeldResult",
        tablename="held_result",
        column_name="tenant_id",
        db_column_name="tenant_id",
        column_class_name="TenantId",
        column_class=TenantId,
        params={
            "default": current_tenant,
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="HeldResult",
        tablename="held_result",
        column_name="id",
        db_column_name="id",
        column_class_name="RowId",
        column_class=RowId,
        params={
            "default": new_id,
            "null": False,
            "primary_key": True,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="HeldResult",
        tablename="held_result",
        column_name="run",
        db_column_name="run",
        column_class_name="TenantKey",
        column_class=TenantKey,
        params={
            "references": Run,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.cascade,
            "target_column": None,
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="HeldResult",
        tablename="held_result",
        column_name="subject",
        db_column_name="subject",
        column_class_name="UUID",
        column_class=UUID,
        params={
            "default": None,
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_constraint(
        table_class_name="HeldResult",
        tablename="held_result",
        constraint_name="held_result_once",
        constraint_class=Unique,
        params={
            "columns": ["tenant_id", "run", "subject"],
            "nulls_distinct": True,
        },
        schema=None,
    )

    return manager
