"""The kernel's tables."""

from piccolo.conf.apps import AppConfig

from jiceng.kernel.audit.tables import AuditEntry, AuditHead
from jiceng.kernel.crypto.tables import DataKey
from jiceng.kernel.database.counters import Counter
from jiceng.kernel.database.folders import migrations_folder
from jiceng.kernel.files.tables import StoredFile
from jiceng.kernel.jobs.tables import JobRow, TickRow
from jiceng.kernel.limits.tables import RateLimit
from jiceng.kernel.rest.tables import IdempotencyKey
from jiceng.kernel.spreadsheets.tables import ColumnTitle

APP_CONFIG = AppConfig(
    app_name="kernel",
    migrations_folder_path=migrations_folder("kernel"),
    table_classes=[
        Counter,
        JobRow,
        TickRow,
        AuditEntry,
        AuditHead,
        IdempotencyKey,
        RateLimit,
        StoredFile,
        DataKey,
        ColumnTitle,
    ],
    migration_dependencies=[],
)
