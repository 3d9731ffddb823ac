"""Tables of the library: the project and its moves. A project is never deleted; a move is never changed."""

from piccolo.columns import JSONB, UUID, BigInt, Date, Integer, Numeric, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.api import now
from jiceng.api.database import (
    APPEND_ONLY,
    Grants,
    Index,
    Member,
    Organization,
    RosterProject,
    TenantKey,
    TenantTable,
)
from jiceng_project_ledger.library.vocabulary import LONGEST_NAME, LONGEST_TITLE, Kind
from jiceng_project_ledger.states import Act, State

_KINDS = tuple(kind.value for kind in Kind)
_STATES = tuple(state.value for state in State)
_ACTS = tuple(act.value for act in Act)


class LedgerProject(TenantTable, help_text="项目"):
    """A project from its first draft on. `state` is what its moves lead to; `subject`: once approved."""

    number = Varchar(length=30, null=False, help_text="项目编号")
    year = Integer(null=False, help_text="年度")
    title = Varchar(length=LONGEST_TITLE, null=False, help_text="项目名称")
    kind = Varchar(length=20, null=False, help_text="类别")
    organization = TenantKey(Organization, help_text="责任单位")
    proposer = Varchar(length=LONGEST_NAME, null=False, default="", help_text="提出人（单位）")
    responsible = TenantKey(Member, null=True, help_text="责任人")
    goal = Text(null=False, default="", help_text="目标")
    content = Text(null=False, default="", help_text="主要内容")
    measures = Text(null=False, default="", help_text="成效标准")
    benchmark = Varchar(length=LONGEST_TITLE, null=False, default="", help_text="对标对象")
    benchmark_measure = Varchar(length=LONGEST_NAME, null=False, default="", help_text="对标指标")
    benchmark_unit = Varchar(length=20, null=False, default="", help_text="单位")
    benchmark_figure = Numeric(digits=(18, 2), null=True, default=None, help_text="对标值")
    start_figure = Numeric(digits=(18, 2), null=True, default=None, help_text="起点值")
    budget = BigInt(null=False, default=0, help_text="预算（分）")
    starts = Date(null=True, default=None, help_text="开始")
    deadline = Date(null=True, default=None, help_text="完成期限")
    state = Varchar(length=12, null=False, default="draft", help_text="状态")
    round = Integer(null=False, default=0, help_text="论证轮次")
    subject = TenantKey(RosterProject, null=True, help_text="参评对象")
    made_by = UUID(null=True, default=None, help_text="申报账号")
    made_at = Timestamptz(default=now, help_text="建档时间")
    handed_in_by = UUID(null=True, default=None, help_text="申请验收账号")
    began = Date(null=True, default=None, help_text="实际开始")
    ended = Date(null=True, default=None, help_text="办结日期")

    numbered = Unique(["tenant_id", "number"])
    kind_known = Check(f"kind IN {_KINDS}")
    state_known = Check(f"state IN {_STATES}")
    budget_not_negative = Check("budget >= 0")
    in_order = Check("deadline >= starts")
    _grants = Grants(app=("SELECT", "INSERT", "UPDATE"))
    _indexes = (Index(("year", "state")), Index(("state",)))


class LedgerMove(TenantTable, help_text="项目的办理"):
    """One move of a project: the act, by whom it was decided and why; `seq` counts a project's from 1."""

    project = TenantKey(LedgerProject, help_text="项目")
    seq = Integer(null=False, help_text="序号")
    act = Varchar(length=12, null=False, help_text="办理")
    before = Varchar(length=12, null=False, help_text="原状态")
    after = Varchar(length=12, null=False, help_text="现状态")
    reason = Text(null=False, default="", help_text="理由")
    deadline = Date(null=True, default=None, help_text="新期限")
    by = UUID(null=True, default=None, help_text="办理账号")
    decided_by = Varchar(length=LONGEST_NAME, null=False, default="", help_text="决定人")
    at = Timestamptz(default=now, help_text="时间")

    in_order = Unique(["tenant_id", "project", "seq"])
    act_known = Check(f"act IN {_ACTS}")
    before_known = Check(f"before IN {_STATES}")
    after_known = Check(f"after IN {_STATES}")
    _grants = APPEND_ONLY


class LedgerHandover(TenantTable, help_text="项目责任人的更换"):
    """One change of the person who answers for an approved project; `seq` counts a project's from 1."""

    project = TenantKey(LedgerProject, help_text="项目")
    seq = Integer(null=False, help_text="序号")
    before = TenantKey(Member, null=True, help_text="原责任人")
    after = TenantKey(Member, help_text="新责任人")
    reason = Text(null=False, help_text="理由")
    by = UUID(null=True, default=None, help_text="决定账号")
    decided_by = Varchar(length=LONGEST_NAME, null=False, default="", help_text="决定人")
    at = Timestamptz(default=now, help_text="时间")

    in_order = Unique(["tenant_id", "project", "seq"])
    _grants = APPEND_ONLY


class LedgerReview(TenantTable, help_text="项目论证意见"):
    """One reviewer's scores in one round of review; said again in the same round, the later word counts."""

    project = TenantKey(LedgerProject, help_text="项目")
    round = Integer(null=False, help_text="轮次")
    reviewer = UUID(null=False, help_text="评审账号")
    name = Varchar(length=LONGEST_NAME, null=False, help_text="评审人")
    scores = JSONB(null=False, help_text="各项得分")
    total = Integer(null=False, help_text="总分")
    opinion = Text(null=False, default="", help_text="意见")
    at = Timestamptz(default=now, help_text="时间")

    once_a_round = Unique(["tenant_id", "project", "round", "reviewer"])
    total_within = Check("total BETWEEN 0 AND 1000")
    _grants = Grants(app=("SELECT", "INSERT", "UPDATE"))
