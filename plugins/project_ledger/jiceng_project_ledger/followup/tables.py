"""Tables of follow-up: monthly reports, months re-opened, dispatch, ratings, reminders. Rows are kept."""

from piccolo.columns import UUID, Date, Integer, Numeric, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.api import now
from jiceng.api.database import APPEND_ONLY, Grants, Index, TenantKey, TenantTable
from jiceng_project_ledger.library.tables import LedgerProject
from jiceng_project_ledger.library.vocabulary import LONGEST_NAME

KEPT = Grants(app=("SELECT", "INSERT", "UPDATE"))
_STATES = "('draft', 'handed_in', 'returned', 'accepted')"


class LedgerReport(TenantTable, help_text="月汇报"):
    """A month's report of a project; `due` is kept when it is handed in. In time: `handed_in_on` <= `due`.

    Returned and handed in again by `correct_by`, it keeps the day on which it was handed in first.
    """

    project = TenantKey(LedgerProject, help_text="项目")
    month = Date(null=False, help_text="月份（一日）")
    state = Varchar(length=9, null=False, default="draft", help_text="状态")
    percent = Integer(null=False, default=0, help_text="自报进度 %")
    work = Text(null=False, default="", help_text="本月做了什么")
    trouble = Text(null=False, default="", help_text="困难和问题")
    ahead = Text(null=False, default="", help_text="下月打算")
    figure = Numeric(digits=(18, 2), null=True, default=None, help_text="对标指标现值")
    handed_in_on = Date(null=True, default=None, help_text="报送日期")
    due = Date(null=True, default=None, help_text="应报日期")
    correct_by = Date(null=True, default=None, help_text="退回后改正期限")
    words = Text(null=False, default="", help_text="退回理由")
    made_by = UUID(null=True, default=None, help_text="填报账号")
    handed_in_by = UUID(null=True, default=None, help_text="报送账号")
    decided_by = UUID(null=True, default=None, help_text="接收账号")
    decided_at = Timestamptz(null=True, default=None, help_text="接收时间")

    once_a_month = Unique(["tenant_id", "project", "month"])
    first_of_month = Check("extract(day from month) = 1")
    state_known = Check(f"state IN {_STATES}")
    percent_within = Check("percent BETWEEN 0 AND 100")
    figure_not_negative = Check("figure >= 0")
    dated = Check("state NOT IN ('handed_in', 'accepted') OR handed_in_on IS NOT NULL")
    by_another = Check("decided_by IS NULL OR decided_by IS DISTINCT FROM handed_in_by")
    _grants = KEPT
    _indexes = (Index(("month", "state")),)


class LedgerReportMove(TenantTable, help_text="月汇报的办理"):
    """What was done to a report, by whom, with which words."""

    report = TenantKey(LedgerReport, help_text="月汇报")
    act = Varchar(length=8, null=False, help_text="办理")
    after = Varchar(length=9, null=False, help_text="现状态")
    words = Text(null=False, default="", help_text="理由")
    by = UUID(null=True, default=None, help_text="办理账号")
    at = Timestamptz(default=now, help_text="时间")

    after_known = Check(f"after IN {_STATES}")
    _grants = APPEND_ONLY
    _indexes = (Index(("report", "at")),)


class LedgerReopening(TenantTable, help_text="重开月份"):
    """A closed month opened again for one project until a day, with the reason and who allowed it."""

    project = TenantKey(LedgerProject, help_text="项目")
    month = Date(null=False, help_text="月份（一日）")
    until = Date(null=False, help_text="重开到")
    reason = Text(null=False, help_text="理由")
    by = UUID(null=True, default=None, help_text="办理账号")
    at = Timestamptz(default=now, help_text="时间")

    _grants = APPEND_ONLY
    _indexes = (Index(("project", "month", "until")),)


class LedgerDispatch(TenantTable, help_text="季调度"):
    """A project that was late when a quarter was gone through: what was told, what it answered."""

    project = TenantKey(LedgerProject, help_text="项目")
    quarter = Date(null=False, help_text="季度（首日）")
    colour = Varchar(length=6, null=False, help_text="灯")
    why = Text(null=False, help_text="滞后情况")
    made_on = Date(null=False, help_text="列入日期")
    instruction = Text(null=False, default="", help_text="调度要求")
    answer_due = Date(null=True, default=None, help_text="答复期限")
    instructed_by = UUID(null=True, default=None, help_text="调度账号")
    instructed_name = Varchar(length=LONGEST_NAME, null=False, default="", help_text="调度人")
    answer = Text(null=False, default="", help_text="答复")
    answered_on = Date(null=True, default=None, help_text="答复日期")
    answered_by = UUID(null=True, default=None, help_text="答复账号")

    once_a_quarter = Unique(["tenant_id", "project", "quarter"])
    colour_known = Check("colour IN ('red', 'yellow')")
    told_whole = Check("(instruction = '') = (answer_due IS NULL)")
    answered_when_told = Check("answered_on IS NULL OR answer_due IS NOT NULL")
    _grants = KEPT
    _indexes = (Index(("quarter",)),)


class LedgerRating(TenantTable, help_text="项目评分"):
    """What one rater gives a project at half-year or at the year's end; never a rater of the owner."""

    project = TenantKey(LedgerProject, help_text="项目")
    year = Integer(null=False, help_text="年度")
    kind = Varchar(length=4, null=False, help_text="评议")
    rater = UUID(null=False, help_text="评分账号")
    rater_name = Varchar(length=LONGEST_NAME, null=False, help_text="评分人")
    score = Numeric(digits=(5, 2), null=False, help_text="评分")
    comment = Text(null=False, default="", help_text="评语")
    at = Timestamptz(default=now, help_text="时间")

    once_each = Unique(["tenant_id", "project", "year", "kind", "rater"])
    kind_known = Check("kind IN ('half', 'year')")
    score_within = Check("score BETWEEN 0 AND 100")
    _grants = KEPT


class LedgerVerdict(TenantTable, help_text="初评和总评"):
    """The mean of the raters as it was confirmed by a named person; not changed afterwards."""

    project = TenantKey(LedgerProject, help_text="项目")
    year = Integer(null=False, help_text="年度")
    kind = Varchar(length=4, null=False, help_text="评议")
    score = Numeric(digits=(5, 2), null=False, help_text="得分")
    raters = Integer(null=False, help_text="评分人数")
    reason = Text(null=False, help_text="意见")
    confirmed_name = Varchar(length=LONGEST_NAME, null=False, help_text="确认人")
    by = UUID(null=True, default=None, help_text="确认账号")
    at = Timestamptz(default=now, help_text="时间")

    once = Unique(["tenant_id", "project", "year", "kind"])
    kind_known = Check("kind IN ('half', 'year')")
    score_within = Check("score BETWEEN 0 AND 100")
    rated = Check("raters >= 1")
    _grants = APPEND_ONLY
    _indexes = (Index(("year", "kind")),)


class LedgerReminder(TenantTable, help_text="催报提醒"):
    """A reminder the night's job made: a report is due soon, or overdue; each once."""

    project = TenantKey(LedgerProject, help_text="项目")
    kind = Varchar(length=8, null=False, help_text="事项")
    period = Date(null=False, help_text="时期（首日）")
    stage = Varchar(length=7, null=False, help_text="阶段")
    due = Date(null=False, help_text="期限")
    made_on = Date(null=False, help_text="提醒日期")

    once = Unique(["tenant_id", "project", "kind", "period", "stage"])
    kind_known = Check("kind IN ('month', 'dispatch')")
    stage_known = Check("stage IN ('soon', 'overdue')")
    _grants = APPEND_ONLY
    _indexes = (Index(("made_on",)),)
