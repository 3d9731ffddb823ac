from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-22T18:11:07:791375"
VERSION = "1.38.0"
DESCRIPTION = ""


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="evaluation", description=DESCRIPTION
    )

    manager.drop_constraint(
        table_class_name="Result",
        tablename="result",
        constraint_name="result_status_known",
        schema=None,
    )

    return manager
