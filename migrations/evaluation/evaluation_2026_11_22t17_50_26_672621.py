from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.constraints import Check

ID = "2026-11-22T17:50:26:672621"
VERSION = "1.38.0"
DESCRIPTION = ""


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="evaluation", description=DESCRIPTION
    )

    manager.add_constraint(
        table_class_name="Result",
        tablename="result",
        constraint_name="result_status_known",
        constraint_class=Check,
        params={
            "condition": "status in ('rated', 'needs_ruling', 'incomplete', 'exempt', 'suspended', 'vetoed', 'not_this_round')"
        },
        schema=None,
    )

    manager.add_constraint(
        table_class_name="Run",
        tablename="run",
        constraint_name="run_history_known",
        constraint_class=Check,
        params={"condition": "history in ('computed', 'final')"},
        schema=None,
    )

    manager.add_constraint(
        table_class_name="Run",
        tablename="run",
        constraint_name="run_state_known",
        constraint_class=Check,
        params={"condition": "state in ('queued', 'running', 'done', 'failed')"},
        schema=None,
    )

    manager.add_constraint(
        table_class_name="Ruling",
        tablename="ruling",
        constraint_name="ruling_kind_known",
        constraint_class=Check,
        params={
            "condition": "kind in ('tie', 'rounding', 'gap', 'asked', 'unknown', 'missing')"
        },
        schema=None,
    )

    return manager
