"""The plugin's tables; their migrations live in this package."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from jiceng_points.claims.tables import PointsClaim, PointsLink, PointsMove, PointsOwnList
from jiceng_points.rhythm.tables import PointsAdjustment, PointsDispatch, PointsDispatchLine
from jiceng_points.shelf.tables import PointsItem, PointsNeed, PointsNeedForm

APP_CONFIG = AppConfig(
    app_name="points",
    migrations_folder_path=str(Path(__file__).with_name("migrations")),
    table_classes=[
        PointsNeedForm,
        PointsNeed,
        PointsItem,
        PointsClaim,
        PointsMove,
        PointsLink,
        PointsOwnList,
        PointsDispatch,
        PointsDispatchLine,
        PointsAdjustment,
    ],
    migration_dependencies=["jiceng.roster.piccolo_app"],
)
