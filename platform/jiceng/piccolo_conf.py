"""Where Piccolo finds the engine and every app with tables (its PICCOLO_CONF is `jiceng.piccolo_conf`)."""

from piccolo.conf.apps import AppRegistry

from jiceng.kernel.database.engine import engine

DB = engine

CORE_APPS = (
    "jiceng.kernel.piccolo_app",
    "jiceng.tenancy.piccolo_app",
)
"""The core's apps, in import order; plugins add theirs when the service starts."""

APP_REGISTRY = AppRegistry(apps=list(CORE_APPS))
