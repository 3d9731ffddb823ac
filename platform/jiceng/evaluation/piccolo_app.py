"""Evaluation: its tables."""

from piccolo.conf.apps import AppConfig

from jiceng.evaluation.tables import HeldResult, Result, Ruling, RulingReason, Run, RunFrame
from jiceng.kernel.database import migrations_folder

APP_CONFIG = AppConfig(
    app_name="evaluation",
    migrations_folder_path=migrations_folder("evaluation"),
    table_classes=[Result, Run, RunFrame, HeldResult, Ruling, RulingReason],
    migration_dependencies=["jiceng.facts.piccolo_app"],
)
