"""The plugin's tables; their migrations live in this package."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from jiceng_classification.plans.tables import ClassificationMove, ClassificationPlan, ClassificationReport

APP_CONFIG = AppConfig(
    app_name="classification",
    migrations_folder_path=str(Path(__file__).with_name("migrations")),
    table_classes=[ClassificationPlan, ClassificationReport, ClassificationMove],
    migration_dependencies=["jiceng.roster.piccolo_app"],
)
