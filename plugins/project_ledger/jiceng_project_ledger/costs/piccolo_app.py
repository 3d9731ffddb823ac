"""The tables of costs, certification and assessment; their migrations live beside this file."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from jiceng_project_ledger.assessment.tables import LedgerAccountability, LedgerAccountabilityMove
from jiceng_project_ledger.certification.tables import (
    LedgerAcceptance,
    LedgerAcceptor,
    LedgerCondition,
    LedgerFinding,
    LedgerFindingMove,
    LedgerSupervisor,
    LedgerSurvey,
)
from jiceng_project_ledger.costs.tables import (
    LedgerAward,
    LedgerContract,
    LedgerCostLine,
    LedgerInquiry,
    LedgerPayment,
    LedgerQuote,
)

APP_CONFIG = AppConfig(
    app_name="project_ledger_costs",
    migrations_folder_path=str(Path(__file__).with_name("migrations")),
    table_classes=[
        LedgerCostLine,
        LedgerInquiry,
        LedgerQuote,
        LedgerAward,
        LedgerContract,
        LedgerPayment,
        LedgerSupervisor,
        LedgerFinding,
        LedgerFindingMove,
        LedgerSurvey,
        LedgerAcceptance,
        LedgerAcceptor,
        LedgerCondition,
        LedgerAccountability,
        LedgerAccountabilityMove,
    ],
    migration_dependencies=["jiceng_project_ledger.piccolo_app"],
)
