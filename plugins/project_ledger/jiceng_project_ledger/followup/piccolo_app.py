"""The tables of followup; their migrations live beside this file."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from jiceng_project_ledger.followup.tables import (
    LedgerDispatch,
    LedgerRating,
    LedgerReminder,
    LedgerReopening,
    LedgerReport,
    LedgerReportMove,
    LedgerVerdict,
)

APP_CONFIG = AppConfig(
    app_name="project_ledger_followup",
    migrations_folder_path=str(Path(__file__).with_name("migrations")),
    table_classes=[
        LedgerReport,
        LedgerReportMove,
        LedgerReopening,
        LedgerDispatch,
        LedgerRating,
        LedgerVerdict,
        LedgerReminder,
    ],
    migration_dependencies=["jiceng_project_ledger.piccolo_app"],
)
