"""What onboarding remembers: which files of a tenant's folder were applied, at which state."""

from piccolo.columns import BigInt, Timestamptz, Varchar
from piccolo.constraints import Unique

from jiceng.kernel import clock
from jiceng.kernel.database import TenantTable


class OnboardedFile(TenantTable, help_text="已应用的接入文件"):
    """A file of the onboarding folder: its sha256, and how far its slice had come when it was applied."""

    path = Varchar(length=200, help_text="文件")
    digest = Varchar(length=64, help_text="摘要")
    version = BigInt(default=0, help_text="当时的版本")
    plan = Varchar(length=64, help_text="计划")
    applied_at = Timestamptz(default=clock.now, help_text="时间")

    once = Unique(["tenant_id", "path"])
