"""The roster's tables and migrations."""

from piccolo.conf.apps import AppConfig

from jiceng.kernel.database import migrations_folder
from jiceng.roster import tables

APP_CONFIG = AppConfig(
    app_name="roster",
    migrations_folder_path=migrations_folder("roster"),
    table_classes=[
        tables.Organization,
        tables.OrganizationState,
        tables.Unit,
        tables.UnitState,
        tables.Project,
        tables.ProjectState,
        tables.Member,
        tables.MemberState,
        tables.Membership,
        tables.Post,
        tables.RosterChange,
        tables.RosterUpload,
        tables.RosterUndo,
        tables.Erasure,
    ],
    migration_dependencies=["jiceng.tenancy.piccolo_app"],
)
