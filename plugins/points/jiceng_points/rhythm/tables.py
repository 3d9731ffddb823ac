"""Tables of the rhythm: the monthly lists as they were sent out, and the year's rewards and penalties."""

from piccolo.columns import UUID, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.api import now
from jiceng.api.crypto import Column
from jiceng.api.database import APPEND_ONLY, Index, Member, Organization, Personal, TenantKey, TenantTable
from jiceng_points.claims.tables import PointsClaim
from jiceng_points.shelf.tables import KEPT

GROUND = Column("points_adjustment", "reason")
"""Why somebody is rewarded or fined: sealed."""


class PointsDispatch(TenantTable, help_text="每月调度"):
    """One month's list of what is late, as of `day`."""

    month = Date(null=False, help_text="月份（一日）")
    day = Date(null=False, help_text="截至")
    made_at = Timestamptz(default=now, help_text="时间")
    once_a_month = Unique(["tenant_id", "month"])
    _grants = APPEND_ONLY


class PointsDispatchLine(TenantTable, help_text="每月调度明细"):
    """One late claim of a month's list."""

    dispatch = TenantKey(PointsDispatch, help_text="调度")
    claim = TenantKey(PointsClaim, help_text="认领")
    organization = TenantKey(Organization, help_text="组织")
    why = Varchar(length=10, null=False, help_text="原因")
    days = Integer(null=False, help_text="超期天数")
    why_known = Check("why IN ('overdue', 'waiting', 'rejected')")
    _grants = APPEND_ONLY
    _indexes = (Index(("dispatch", "organization")),)


class PointsAdjustment(TenantTable, help_text="奖惩"):
    """A reward or penalty of the year: proposed by one person, confirmed by another, posted as a fact."""

    year = Integer(null=False, help_text="年度")
    member = TenantKey(Member, help_text="党员")
    kind = Varchar(length=4, null=False, help_text="类别")
    worth = Integer(null=False, help_text="分值")
    day = Date(null=False, help_text="日期")
    reason = Text(null=False, default="", help_text="依据")
    state = Varchar(length=9, null=False, default="proposed", help_text="状态")
    proposed_by = UUID(null=True, default=None, help_text="提出人")
    decided_by = UUID(null=True, default=None, help_text="确认人")
    decided_at = Timestamptz(null=True, default=None, help_text="确认时间")
    posted = Boolean(null=False, default=False)
    kind_known = Check("kind IN ('奖励加分', '处分扣分')")
    state_known = Check("state IN ('proposed', 'confirmed', 'refused')")
    worth_within = Check("worth BETWEEN 1 AND 30")
    by_another = Check("decided_by IS NULL OR decided_by IS DISTINCT FROM proposed_by")
    _grants = KEPT
    _indexes = (Index(("year", "state")),)
    _sealed = (GROUND,)
    _personal = (Personal("t.member = :member", {"reason": "''"}),)
