from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.constraints import Check

ID = "2026-11-22T17:50:19:400410"
VERSION = "1.38.0"
DESCRIPTION = ""


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="schemes", description=DESCRIPTION
    )

    manager.add_constraint(
        table_class_name="Period",
        tablename="period",
        constraint_name="period_kind_known",
        constraint_class=Check,
        params={"condition": "kind in ('month', 'quarter', 'half', 'year')"},
        schema=None,
    )

    manager.add_constraint(
        table_class_name="Period",
        tablename="period",
        constraint_name="period_state_known",
        constraint_class=Check,
        params={"condition": "state in ('open', 'closed')"},
        schema=None,
    )

    manager.add_constraint(
        table_class_name="RulebookVersion",
        tablename="rulebook_version",
        constraint_name="rulebook_version_state_known",
        constraint_class=Check,
        params={"condition": "state in ('draft', 'published')"},
        schema=None,
    )

    manager.add_constraint(
        table_class_name="PeriodChange",
        tablename="period_change",
        constraint_name="period_change_act_known",
        constraint_class=Check,
        params={"condition": "act in ('opened', 'closed', 'reopened')"},
        schema=None,
    )

    manager.add_constraint(
        table_class_name="RulebookDraft",
        tablename="rulebook_draft",
        constraint_name="rulebook_draft_state_known",
        constraint_class=Check,
        params={"condition": "state in ('open', 'published', 'discarded')"},
        schema=None,
    )

    return manager
