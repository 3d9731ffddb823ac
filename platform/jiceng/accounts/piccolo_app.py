"""Accounts' tables."""

from piccolo.conf.apps import AppConfig

from jiceng.accounts.programs.tables import ApiToken
from jiceng.accounts.tables import (
    Account,
    AccountSession,
    ApprovalRequest,
    Invitation,
    LoginAttempt,
    PasswordHistory,
    RecoveryCode,
    SecondFactor,
)
from jiceng.kernel.database import migrations_folder

APP_CONFIG = AppConfig(
    app_name="accounts",
    migrations_folder_path=migrations_folder("accounts"),
    table_classes=[
        Account,
        AccountSession,
        Invitation,
        LoginAttempt,
        SecondFactor,
        RecoveryCode,
        PasswordHistory,
        ApiToken,
        ApprovalRequest,
    ],
    migration_dependencies=["jiceng.tenancy.piccolo_app"],
)
