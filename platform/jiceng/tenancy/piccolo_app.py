"""Tenancy's tables."""

from piccolo.conf.apps import AppConfig

from jiceng.kernel.database import migrations_folder
from jiceng.tenancy.tables import Tenant, TenantPlugin, TenantSetting, TenantSummary

APP_CONFIG = AppConfig(
    app_name="tenancy",
    migrations_folder_path=migrations_folder("tenancy"),
    table_classes=[Tenant, TenantPlugin, TenantSetting, TenantSummary],
    migration_dependencies=["jiceng.kernel.piccolo_app"],
)
