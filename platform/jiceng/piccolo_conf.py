"""Where Piccolo finds the engine and every app with tables (its PICCOLO_CONF is `jiceng.piccolo_conf`)."""

from piccolo.conf.apps import AppRegistry

from jiceng.kernel.database.engine import engine
from jiceng.kernel.plugins import entry_points

DB = engine

CORE_APPS = (
    "jiceng.kernel.piccolo_app",
    "jiceng.tenancy.piccolo_app",
    "jiceng.accounts.piccolo_app",
    "jiceng.roster.piccolo_app",
    "jiceng.schemes.piccolo_app",
    "jiceng.facts.piccolo_app",
    "jiceng.evaluation.piccolo_app",
    "jiceng.publication.piccolo_app",
    "jiceng.operations.piccolo_app",
)
"""The core's apps, in import order."""

PLUGIN_APPS = tuple(sorted(found.value for found in entry_points("jiceng.tables")))
"""A plugin with tables names its piccolo_app module here; its tables are migrated whoever turned it on."""

APP_REGISTRY = AppRegistry(apps=[*CORE_APPS, *PLUGIN_APPS])
