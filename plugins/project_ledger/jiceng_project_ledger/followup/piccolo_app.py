"""The tables of followup; their migrations live beside this file."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

APP_CONFIG = AppConfig(
    app_name="project_ledger_followup",
    migrations_folder_path=str(Path(__file__).with_name("migrations")),
    table_classes=[],
    migration_dependencies=["jiceng_project_ledger.piccolo_app"],
)
