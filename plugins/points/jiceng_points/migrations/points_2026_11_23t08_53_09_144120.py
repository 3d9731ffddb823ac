from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Integer
from piccolo.columns.indexes import IndexMethod
from piccolo.constraints import Unique

ID = "2026-11-23T08:53:09:144120"
VERSION = "1.38.0"
DESCRIPTION = ""


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="points", description=DESCRIPTION
    )

    manager.add_column(
        table_class_name="PointsOwnList",
        tablename="points_own_list",
        column_name="turn",
        db_column_name="turn",
        column_class_name="Integer",
        column_class=Integer,
        params={
            "default": 1,
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

    manager.drop_constraint(
        table_class_name="PointsOwnList",
        tablename="points_own_list",
        constraint_name="points_own_list_one_list_per_year",
        schema=None,
    )

    manager.add_constraint(
        table_class_name="PointsOwnList",
        tablename="points_own_list",
        constraint_name="points_own_list_one_list_per_turn",
        constraint_class=Unique,
        params={
            "columns": ["tenant_id", "year", "member", "turn"],
            "nulls_distinct": True,
        },
        schema=None,
    )

    return manager
