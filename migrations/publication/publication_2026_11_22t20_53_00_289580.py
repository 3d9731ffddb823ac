from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.constraints import Check

ID = "2026-11-22T20:53:00:289580"
VERSION = "1.38.0"
DESCRIPTION = ""


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="publication", description=DESCRIPTION
    )

    manager.add_constraint(
        table_class_name="Publication",
        tablename="publication",
        constraint_name="publication_days_in_order",
        constraint_class=Check,
        params={"condition": "last_day >= first_day"},
        schema=None,
    )

    manager.add_constraint(
        table_class_name="Publication",
        tablename="publication",
        constraint_name="publication_state_known",
        constraint_class=Check,
        params={
            "condition": "state IN ('computed', 'reviewed', 'notice', 'final', 'stopped')"
        },
        schema=None,
    )

    manager.add_constraint(
        table_class_name="PublicationMove",
        tablename="publication_move",
        constraint_name="publication_move_move_known",
        constraint_class=Check,
        params={
            "condition": "(before, act, after) = ('computed', 'review', 'reviewed') OR (before, act, after) = ('computed', 'stop', 'stopped') OR (before, act, after) = ('reviewed', 'return', 'computed') OR (before, act, after) = ('reviewed', 'open_notice', 'notice') OR (before, act, after) = ('reviewed', 'stop', 'stopped') OR (before, act, after) = ('notice', 'withdraw_notice', 'reviewed') OR (before, act, after) = ('notice', 'finish', 'final') OR (before, act, after) = ('notice', 'stop', 'stopped')"
        },
        schema=None,
    )

    return manager
