"""Publication: its tables."""

from piccolo.conf.apps import AppConfig

from jiceng.kernel.database import migrations_folder
from jiceng.publication.tables import Confirmation, Objection, Publication, PublicationMove, Verdict

APP_CONFIG = AppConfig(
    app_name="publication",
    migrations_folder_path=migrations_folder("publication"),
    table_classes=[Publication, PublicationMove, Confirmation, Verdict, Objection],
    migration_dependencies=["jiceng.evaluation.piccolo_app"],
)
