"""The tables of library and planning; their migrations live in this package."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from jiceng_project_ledger.library.tables import LedgerHandover, LedgerMove, LedgerProject, LedgerReview
from jiceng_project_ledger.planning.tables import (
    LedgerPhase,
    LedgerPlanChange,
    LedgerPlanTemplate,
    LedgerStep,
)

APP_CONFIG = AppConfig(
    app_name="project_ledger",
    migrations_folder_path=str(Path(__file__).with_name("migrations")),
    table_classes=[
        LedgerProject,
        LedgerMove,
        LedgerHandover,
        LedgerReview,
        LedgerPhase,
        LedgerStep,
        LedgerPlanChange,
        LedgerPlanTemplate,
    ],
    migration_dependencies=["jiceng.roster.piccolo_app"],
)
