"""The kernel's tables."""

from piccolo.conf.apps import AppConfig

from jiceng.kernel.audit.tables import AuditEntry, AuditHead
from jiceng.kernel.database.counters import Counter
from jiceng.kernel.database.folders import migrations_folder
from jiceng.kernel.jobs.tables import JobRow, TickRow

APP_CONFIG = AppConfig(
    app_name="kernel",
    migrations_folder_path=migrations_folder("kernel"),
    table_classes=[Counter, JobRow, TickRow, AuditEntry, AuditHead],
    migration_dependencies=[],
)
