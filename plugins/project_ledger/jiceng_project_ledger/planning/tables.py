"""Tables of the plan: phases and their steps as they hold now, changes asked for, the tenant's templates."""

from piccolo.columns import JSONB, UUID, Date, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.api import now
from jiceng.api.database import Grants, TenantKey, TenantTable
from jiceng_project_ledger.library.tables import LedgerProject
from jiceng_project_ledger.library.vocabulary import LONGEST_NAME, LONGEST_TITLE


class LedgerPhase(TenantTable, help_text="项目阶段"):
    """A phase of the plan that holds now; `seq` counts from 1. Its weight is that of its steps."""

    project = TenantKey(LedgerProject, help_text="项目")
    seq = Integer(null=False, help_text="序号")
    name = Varchar(length=LONGEST_NAME, null=False, help_text="阶段")
    starts = Date(null=False, help_text="开始")
    ends = Date(null=False, help_text="结束")

    in_order = Check("ends >= starts")
    one_per_seq = Unique(["tenant_id", "project", "seq"])


class LedgerStep(TenantTable, help_text="项目步骤"):
    """A step of a phase; the weights of a project's steps sum to 100. `done` is the day it was completed."""

    project = TenantKey(LedgerProject, help_text="项目")
    phase = Integer(null=False, help_text="阶段序号")
    seq = Integer(null=False, help_text="序号")
    name = Varchar(length=LONGEST_TITLE, null=False, help_text="步骤")
    starts = Date(null=False, help_text="开始")
    ends = Date(null=False, help_text="结束")
    weight = Integer(null=False, help_text="权重 %")
    deliverable = Varchar(length=LONGEST_TITLE, null=False, default="", help_text="成果")
    done = Date(null=True, default=None, help_text="完成日期")
    proof = Text(null=False, default="", help_text="完成说明")
    file = UUID(null=True, default=None, help_text="佐证附件")
    done_by = UUID(null=True, default=None, help_text="填报账号")

    dates_in_order = Check("ends >= starts")
    weight_within = Check("weight BETWEEN 1 AND 100")
    one_per_seq = Unique(["tenant_id", "project", "seq"])


class LedgerPlanChange(TenantTable, help_text="计划变更"):
    """A change of the plan asked for while the project runs: the plan as it was and as it should be."""

    project = TenantKey(LedgerProject, help_text="项目")
    seq = Integer(null=False, help_text="序号")
    reason = Text(null=False, help_text="变更理由")
    before = JSONB(null=False, help_text="原计划")
    after = JSONB(null=False, help_text="新计划")
    state = Varchar(length=8, null=False, default="asked", help_text="状态")
    asked_by = UUID(null=True, default=None, help_text="申请账号")
    asked_at = Timestamptz(default=now, help_text="申请时间")
    decision = Text(null=False, default="", help_text="决定理由")
    decided_by = Varchar(length=LONGEST_NAME, null=False, default="", help_text="决定人")
    by = UUID(null=True, default=None, help_text="决定账号")
    decided_at = Timestamptz(null=True, default=None, help_text="决定时间")

    state_known = Check("state IN ('asked', 'granted', 'refused')")
    in_order = Unique(["tenant_id", "project", "seq"])
    _grants = Grants(app=("SELECT", "INSERT", "UPDATE"))


class LedgerPlanTemplate(TenantTable, help_text="计划模板"):
    """A plan the tenant uses again: dates as parts of the project's time."""

    name = Varchar(length=LONGEST_NAME, null=False, help_text="模板名称")
    plan = JSONB(null=False, help_text="阶段和步骤")
    made_by = UUID(null=True, default=None, help_text="建立账号")
    at = Timestamptz(default=now, help_text="时间")

    named = Unique(["tenant_id", "name"])
