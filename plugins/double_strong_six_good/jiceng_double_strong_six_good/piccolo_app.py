"""The plugin's tables; their migrations live in this package."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from jiceng_double_strong_six_good.declarations.tables import SixGoodDeclaration, SixGoodEvidence
from jiceng_double_strong_six_good.help.tables import SixGoodHelp, SixGoodProgress
from jiceng_double_strong_six_good.history.tables import SixGoodMove
from jiceng_double_strong_six_good.instructors.tables import SixGoodInstructor, SixGoodVisit
from jiceng_double_strong_six_good.standing.tables import SixGoodVerdict

APP_CONFIG = AppConfig(
    app_name="double_strong_six_good",
    migrations_folder_path=str(Path(__file__).with_name("migrations")),
    table_classes=[
        SixGoodDeclaration,
        SixGoodEvidence,
        SixGoodVerdict,
        SixGoodHelp,
        SixGoodProgress,
        SixGoodInstructor,
        SixGoodVisit,
        SixGoodMove,
    ],
    migration_dependencies=["jiceng.roster.piccolo_app"],
)
