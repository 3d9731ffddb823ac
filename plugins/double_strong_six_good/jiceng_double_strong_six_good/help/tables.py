"""Tables of help: the plan of one enterprise, its monthly progress."""

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.api import now
from jiceng.api.database import APPEND_ONLY, Grants, Index, TenantKey, TenantTable, Unit


class SixGoodHelp(TenantTable, help_text="后进企业帮扶"):
    """How one enterprise of the last tier is helped: found wanting in `year`, with helper and deadline."""

    unit = TenantKey(Unit, help_text="单位")
    year = Integer(null=False, help_text="评为后进的年度")
    problems = Text(null=False, default="", help_text="问题")
    measures = Text(null=False, default="", help_text="措施")
    helper = Varchar(length=60, null=False, default="", help_text="帮扶人")
    deadline = Date(null=True, default=None, help_text="期限")
    state = Varchar(length=10, null=False, default="draft", help_text="状态")
    started = Date(null=True, default=None, help_text="开始日期")
    ended = Date(null=True, default=None, help_text="销号日期")
    handed_in_by = UUID(null=True, default=None, help_text="申请验收账号")
    once_a_year = Unique(["tenant_id", "unit", "year"])
    state_known = Check("state IN ('draft', 'running', 'handed_in', 'accepted', 'stopped')")
    _grants = Grants(app=("SELECT", "INSERT", "UPDATE"))
    _indexes = (Index(("year", "state")),)


class SixGoodProgress(TenantTable, help_text="帮扶月度进展"):
    """A month's progress as reported; what is said again later stands beside it."""

    help = TenantKey(SixGoodHelp, help_text="帮扶")
    month = Date(null=False, help_text="月份（当月 1 日）")
    percent = Integer(null=False, help_text="完成 %")
    progress = Text(null=False, default="", help_text="进展")
    by = UUID(null=True, default=None, help_text="填报账号")
    at = Timestamptz(default=now, help_text="时间")
    percent_within = Check("percent BETWEEN 0 AND 100")
    first_of_month = Check("extract(day from month) = 1")
    _grants = APPEND_ONLY
    _indexes = (Index(("help", "month", "at")),)
