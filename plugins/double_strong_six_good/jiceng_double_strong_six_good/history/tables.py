"""The table of moves: one row for each act on a declaration, a help plan, an instructor."""

from piccolo.columns import UUID, Text, Timestamptz, Varchar

from jiceng.api import now
from jiceng.api.database import APPEND_ONLY, Index, TenantTable


class SixGoodMove(TenantTable, help_text="双强六好的办理经过"):
    """What was done, by whom and why; `about` is the thing's id, whichever of the plugin's it is."""

    about = UUID(null=False, default=None, help_text="办理对象")
    act = Varchar(length=12, null=False, help_text="操作")
    before = Varchar(length=12, null=False, default="", help_text="原状态")
    after = Varchar(length=12, null=False, help_text="现状态")
    reason = Text(null=False, default="", help_text="原因")
    by = UUID(null=True, default=None, help_text="办理账号")
    at = Timestamptz(default=now, help_text="时间")
    _grants = APPEND_ONLY
    _indexes = (Index(("about", "at")),)
