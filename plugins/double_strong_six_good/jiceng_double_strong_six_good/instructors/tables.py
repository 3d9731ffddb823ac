"""Tables of instructors: who is sent to which unit, the visits."""

from piccolo.columns import UUID, Date, Text, Timestamptz, Varchar
from piccolo.constraints import Check

from jiceng.api import now
from jiceng.api.database import APPEND_ONLY, Grants, Index, TenantKey, TenantTable, Unit


class SixGoodInstructor(TenantTable, help_text="党建工作指导员"):
    """One instructor at one unit; `until` is planned, `ended` the day it really ended."""

    unit = TenantKey(Unit, help_text="单位")
    name = Varchar(length=60, null=False, help_text="指导员")
    employer = Varchar(length=60, null=False, default="", help_text="所在单位和职务")
    since = Date(null=False, help_text="开始日期")
    until = Date(null=False, help_text="到期日期")
    task = Text(null=False, default="", help_text="任务")
    ended = Date(null=True, default=None, help_text="结束日期")
    in_order = Check("until > since")
    _grants = Grants(app=("SELECT", "INSERT", "UPDATE"))


class SixGoodVisit(TenantTable, help_text="指导员走访"):
    """A visit as reported; kept as it was said."""

    instructor = TenantKey(SixGoodInstructor, help_text="指导员")
    day = Date(null=False, help_text="走访日期")
    done = Text(null=False, help_text="做了什么")
    next = Text(null=False, default="", help_text="下一步")
    by = UUID(null=True, default=None, help_text="填报账号")
    at = Timestamptz(default=now, help_text="时间")
    _grants = APPEND_ONLY
    _indexes = (Index(("instructor", "day")),)
