"""Tables of certification: supervisors, findings, surveys, acceptances with their conditions."""

from piccolo.columns import UUID, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.api import now
from jiceng.api.database import APPEND_ONLY, Grants, Index, Member, TenantKey, TenantTable
from jiceng_project_ledger.certification.life import Act, State, Verdict
from jiceng_project_ledger.certification.vocabulary import SORTS
from jiceng_project_ledger.library.tables import LedgerProject
from jiceng_project_ledger.library.vocabulary import LONGEST_NAME, LONGEST_TITLE

KEPT = Grants(app=("SELECT", "INSERT", "UPDATE"))
_STATES = tuple(state.value for state in State)
_ACTS = tuple(act.value for act in Act)
_VERDICTS = tuple(verdict.value for verdict in Verdict)


class LedgerSupervisor(TenantTable, help_text="党建工作监督员"):
    """A member who looks after a project's quality from a day on; none of the owner's."""

    project = TenantKey(LedgerProject, help_text="项目")
    member = TenantKey(Member, help_text="监督员")
    since = Date(null=False, help_text="自")
    until = Date(null=True, default=None, help_text="至")
    appointed_by = UUID(null=True, default=None, help_text="委派账号")
    ended_by = UUID(null=True, default=None, help_text="解除账号")
    at = Timestamptz(default=now, help_text="时间")

    in_order = Check("until >= since")
    _grants = KEPT
    _indexes = (Index(("project", "until")),)


class LedgerFinding(TenantTable, help_text="监督发现的问题"):
    """What a supervisor found, until when it is to be set right; `late`: it was set right too late."""

    project = TenantKey(LedgerProject, help_text="项目")
    seq = Integer(null=False, help_text="序号")
    supervisor = TenantKey(LedgerSupervisor, help_text="监督员")
    sort = Varchar(length=10, null=False, help_text="类别")
    found = Date(null=False, help_text="发现日期")
    matter = Text(null=False, help_text="问题")
    deadline = Date(null=False, help_text="整改期限")
    state = Varchar(length=8, null=False, default="open", help_text="状态")
    answered = Date(null=True, default=None, help_text="报整改日期")
    late = Boolean(null=False, default=False, help_text="逾期整改")
    by = UUID(null=True, default=None, help_text="登记账号")
    at = Timestamptz(default=now, help_text="时间")

    in_order = Unique(["tenant_id", "project", "seq"])
    sort_known = Check(f"sort IN {tuple(SORTS)}")
    state_known = Check(f"state IN {_STATES}")
    time_to_mend = Check("deadline >= found")
    _grants = KEPT


class LedgerFindingMove(TenantTable, help_text="问题的整改和复查"):
    """What was done about a finding: set right, checked again; `deadline` is a new one."""

    finding = TenantKey(LedgerFinding, help_text="问题")
    act = Varchar(length=8, null=False, help_text="办理")
    words = Text(null=False, help_text="说明")
    deadline = Date(null=True, default=None, help_text="新期限")
    by = UUID(null=True, default=None, help_text="办理账号")
    at = Timestamptz(default=now, help_text="时间")

    act_known = Check(f"act IN {_ACTS}")
    _grants = APPEND_ONLY
    _indexes = (Index(("finding", "at")),)


class LedgerSurvey(TenantTable, help_text="满意度测评"):
    """The ballot in which people say how satisfied they are with a project."""

    project = TenantKey(LedgerProject, help_text="项目")
    ballot = UUID(null=False, help_text="票决")
    by = UUID(null=True, default=None, help_text="发起账号")
    at = Timestamptz(default=now, help_text="时间")

    once = Unique(["tenant_id", "ballot"])
    _grants = APPEND_ONLY
    _indexes = (Index(("project", "at")),)


class LedgerAcceptance(TenantTable, help_text="验收"):
    """One round of acceptance by a group: the verdict it came to, on which day, in which words."""

    project = TenantKey(LedgerProject, help_text="项目")
    round = Integer(null=False, help_text="轮次")
    held = Date(null=False, help_text="验收日期")
    verdict = Varchar(length=11, null=False, help_text="结论")
    opinion = Text(null=False, help_text="验收意见")
    recorded_by = Varchar(length=LONGEST_NAME, null=False, help_text="登记人")
    by = UUID(null=True, default=None, help_text="登记账号")
    at = Timestamptz(default=now, help_text="时间")

    in_order = Unique(["tenant_id", "project", "round"])
    verdict_known = Check(f"verdict IN {_VERDICTS}")
    _grants = APPEND_ONLY


class LedgerAcceptor(TenantTable, help_text="验收组成员"):
    """Who was in the group; one of them the chair, none of the owner's."""

    acceptance = TenantKey(LedgerAcceptance, help_text="验收")
    member = TenantKey(Member, help_text="成员")
    chair = Boolean(null=False, default=False, help_text="组长")

    once = Unique(["tenant_id", "acceptance", "member"])
    _grants = APPEND_ONLY


class LedgerCondition(TenantTable, help_text="验收的整改条件"):
    """What must be done before the project is closed: until when, done when, confirmed by whom."""

    acceptance = TenantKey(LedgerAcceptance, help_text="验收")
    seq = Integer(null=False, help_text="序号")
    matter = Varchar(length=LONGEST_TITLE * 2, null=False, help_text="条件")
    deadline = Date(null=False, help_text="期限")
    met = Date(null=True, default=None, help_text="落实日期")
    proof = Text(null=False, default="", help_text="落实情况")
    met_by = UUID(null=True, default=None, help_text="填报账号")
    confirmed = Date(null=True, default=None, help_text="复验日期")
    confirmed_by = Varchar(length=LONGEST_NAME, null=False, default="", help_text="复验人")
    by = UUID(null=True, default=None, help_text="复验账号")

    in_order = Unique(["tenant_id", "acceptance", "seq"])
    told = Check("(met IS NULL) = (proof = '')")
    confirmed_when_met = Check("confirmed IS NULL OR confirmed >= met")
    _grants = KEPT
