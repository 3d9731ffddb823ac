"""Tables of assessment: proposals of accountability and what was decided; words about persons are sealed."""

from piccolo.columns import UUID, Array, Date, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.api import now
from jiceng.api.crypto import Column
from jiceng.api.database import Grants, Index, Member, Personal, TenantKey, TenantTable
from jiceng_project_ledger.assessment.life import Act, State
from jiceng_project_ledger.library.tables import LedgerProject
from jiceng_project_ledger.library.vocabulary import LONGEST_NAME

_STATES = tuple(state.value for state in State)
_ACTS = tuple(act.value for act in Act)
OBJECTION = Column("ledger_accountability", "objection")
"""What the responsible person says to a proposal: sealed."""
REASON = Column("ledger_accountability_move", "reason")
"""Why a proposal was decided as it was: sealed."""


class LedgerAccountability(TenantTable, help_text="问责建议"):
    """A project late or short of its target in a year, proposed for a person to decide on."""

    project = TenantKey(LedgerProject, help_text="项目")
    year = Integer(null=False, help_text="年度")
    person = TenantKey(Member, null=True, help_text="责任人")
    grounds = Array(base_column=Text(), null=False, default=list, help_text="事由")
    state = Varchar(length=9, null=False, default="proposed", help_text="状态")
    until = Date(null=True, default=None, help_text="暂缓至")
    objection = Text(null=False, default="", help_text="本人异议，加密")
    objected = Timestamptz(null=True, default=None, help_text="异议时间")
    at = Timestamptz(default=now, help_text="提出时间")

    once_a_year = Unique(["tenant_id", "project", "year"])
    state_known = Check(f"state IN {_STATES}")
    deferred_until = Check("(state = 'deferred') = (until IS NOT NULL)")
    _grants = Grants(app=("SELECT", "INSERT", "UPDATE"))
    _indexes = (Index(("year", "state")), Index(("person",)))
    _sealed = (OBJECTION,)
    _personal = (Personal("t.person = :member", {"objection": "''"}),)


class LedgerAccountabilityMove(TenantTable, help_text="问责建议的办理"):
    """What a named person decided about a proposal, and why."""

    proposal = TenantKey(LedgerAccountability, help_text="问责建议")
    act = Varchar(length=7, null=False, help_text="决定")
    reason = Text(null=False, help_text="理由，加密")
    until = Date(null=True, default=None, help_text="暂缓至")
    decided_by = Varchar(length=LONGEST_NAME, null=False, help_text="决定人")
    by = UUID(null=True, default=None, help_text="决定账号")
    at = Timestamptz(default=now, help_text="时间")

    act_known = Check(f"act IN {_ACTS}")
    _grants = Grants(app=("SELECT", "INSERT", "UPDATE"))
    _indexes = (Index(("proposal", "at")),)
    _sealed = (REASON,)
    _personal = (
        Personal(
            "t.proposal in (select id from ledger_accountability where tenant_id = $1 and person = :member)",
            {"reason": "''"},
        ),
    )
