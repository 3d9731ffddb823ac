"""The tables of operations and their migrations."""

from piccolo.conf.apps import AppConfig

from jiceng.kernel.database import migrations_folder
from jiceng.operations.tables import OnboardedFile

APP_CONFIG = AppConfig(
    app_name="operations",
    migrations_folder_path=migrations_folder("operations"),
    table_classes=[OnboardedFile],
    migration_dependencies=["jiceng.tenancy.piccolo_app"],
)
