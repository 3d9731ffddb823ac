"""Schemes: its tables."""

from piccolo.conf.apps import AppConfig

from jiceng.kernel.database import migrations_folder
from jiceng.schemes.editing.tables import Clause, DraftChange, RulebookDraft
from jiceng.schemes.periods.tables import CalendarDay, CalendarYear, PeriodChange
from jiceng.schemes.tables import Period, RulebookVersion, Scheme

APP_CONFIG = AppConfig(
    app_name="schemes",
    migrations_folder_path=migrations_folder("schemes"),
    table_classes=[
        Period,
        RulebookVersion,
        Scheme,
        PeriodChange,
        CalendarYear,
        CalendarDay,
        RulebookDraft,
        DraftChange,
        Clause,
    ],
    migration_dependencies=["jiceng.kernel.piccolo_app"],
)
