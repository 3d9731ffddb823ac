"""The ledger's tables and those of redemption: an app of its own, migrated with the core's."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from jiceng_points.ledger.tables import (
    PointsAccount,
    PointsBook,
    PointsEntry,
    PointsRecall,
    PointsTransfer,
)
from jiceng_points.redemption.tables import (
    PointsGift,
    PointsPause,
    PointsRedemption,
    PointsRedemptionRule,
    PointsStockMove,
)

APP_CONFIG = AppConfig(
    app_name="points_ledger",
    migrations_folder_path=str(Path(__file__).with_name("migrations")),
    table_classes=[
        PointsAccount,
        PointsTransfer,
        PointsEntry,
        PointsBook,
        PointsRecall,
        PointsGift,
        PointsRedemption,
        PointsStockMove,
        PointsRedemptionRule,
        PointsPause,
    ],
    migration_dependencies=["jiceng.roster.piccolo_app"],
)
