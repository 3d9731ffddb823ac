"""Facts: its tables."""

from piccolo.conf.apps import AppConfig

from jiceng.facts.ballots.tables import (
    Ballot,
    BallotBatch,
    BallotEntry,
    BallotEnvelope,
    BallotParty,
    BallotSubject,
    BallotTally,
    BallotVoter,
)
from jiceng.facts.campaigns.tables import Campaign, CampaignReopening, RatingEntry, RatingSheet
from jiceng.facts.tables import Fact, FactBatch, FactImport, FactKind, FactNote, FactVeil
from jiceng.kernel.database import migrations_folder

APP_CONFIG = AppConfig(
    app_name="facts",
    migrations_folder_path=migrations_folder("facts"),
    table_classes=[
        Fact,
        FactImport,
        FactBatch,
        FactKind,
        FactNote,
        FactVeil,
        Campaign,
        RatingSheet,
        RatingEntry,
        CampaignReopening,
        Ballot,
        BallotParty,
        BallotSubject,
        BallotVoter,
        BallotEnvelope,
        BallotBatch,
        BallotEntry,
        BallotTally,
    ],
    migration_dependencies=["jiceng.schemes.piccolo_app"],
)
