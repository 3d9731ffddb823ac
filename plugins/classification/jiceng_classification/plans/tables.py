"""Tables of plans: the plan, its monthly reports, its moves. Rows are kept; a plan's words can be emptied."""

from piccolo.columns import UUID, Array, Date, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.api import now
from jiceng.api.database import APPEND_ONLY, Grants, Index, Organization, TenantKey, TenantTable
from jiceng_classification.plans.vocabulary import CAUSES, PROGRAMMES

_CAUSES = ", ".join(f"'{cause}'" for cause in CAUSES)


class ClassificationPlan(TenantTable, help_text="转化提升方案"):
    """What one organization undertakes in one year; a remedy names cause, helper, measures and deadline."""

    organization = TenantKey(Organization, help_text="党组织")
    year = Integer(null=False, help_text="年度")
    programme = Varchar(length=4, null=False, help_text="类型")
    causes = Array(base_column=Text(), null=False, default=list, help_text="原因")
    goal = Text(null=False, default="", help_text="目标")
    measures = Text(null=False, default="", help_text="措施")
    helper = Varchar(length=60, null=False, default="", help_text="帮扶人")
    first_secretary = Varchar(length=60, null=False, default="", help_text="第一书记")
    deadline = Date(null=True, default=None, help_text="期限")
    state = Varchar(length=10, null=False, default="draft", help_text="状态")
    started = Date(null=True, default=None, help_text="开始实施")
    ended = Date(null=True, default=None, help_text="销号日期")
    made_by = UUID(null=True, default=None, help_text="拟定账号")
    handed_in_by = UUID(null=True, default=None, help_text="申请验收账号")
    once_a_year = Unique(["tenant_id", "organization", "year"])
    programme_known = Check(f"programme IN {PROGRAMMES}")
    state_known = Check("state IN ('draft', 'running', 'handed_in', 'accepted', 'stopped')")
    causes_known = Check(f"causes <@ ARRAY[{_CAUSES}]::text[]")
    _grants = Grants(app=("SELECT", "INSERT", "UPDATE"))
    _indexes = (Index(("year", "programme", "state")),)


class ClassificationReport(TenantTable, help_text="月度进展"):
    """A month's progress of a plan as reported; what is said again later stands beside it."""

    plan = TenantKey(ClassificationPlan, help_text="方案")
    month = Date(null=False, help_text="月份（当月 1 日）")
    percent = Integer(null=False, help_text="完成 %")
    progress = Text(null=False, default="", help_text="进展")
    by = UUID(null=True, default=None, help_text="填报账号")
    at = Timestamptz(default=now, help_text="时间")
    percent_within = Check("percent BETWEEN 0 AND 100")
    first_of_month = Check("extract(day from month) = 1")
    _grants = APPEND_ONLY
    _indexes = (Index(("plan", "month", "at")),)


class ClassificationMove(TenantTable, help_text="方案的办理"):
    """What was done to a plan, by whom and why."""

    plan = TenantKey(ClassificationPlan, help_text="方案")
    act = Varchar(length=10, null=False, help_text="操作")
    before = Varchar(length=10, null=False, help_text="原状态")
    after = Varchar(length=10, null=False, help_text="现状态")
    reason = Text(null=False, default="", help_text="原因")
    by = UUID(null=True, default=None, help_text="办理账号")
    at = Timestamptz(default=now, help_text="时间")
    _grants = APPEND_ONLY
    _indexes = (Index(("plan", "at")),)
