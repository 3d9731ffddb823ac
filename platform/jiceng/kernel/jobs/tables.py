"""The job table: what must be done, who is doing it, how far it is. And the ticks of schedules."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.kernel import clock
from jiceng.kernel.database import Grants, Index, TenantTable

STATES = ("queued", "running", "done", "failed", "parked", "cancelled")
"""`failed`: refused, with words for a person. `parked`: kept killing its worker or raising."""

_OPEN = "state IN ('queued', 'running')"
_RELAY = Grants(app=("SELECT", "INSERT", "UPDATE"), relay=("SELECT", "INSERT", "UPDATE", "DELETE"))


class JobRow(TenantTable, tablename="job", help_text="后台任务"):
    """One job; `due_at` is when it may be claimed: its time while queued, its lease's end while running."""

    kind = Varchar(length=100)
    args = JSONB(default="{}", help_text="只有编号，没有内容")
    unique_key = Varchar(length=200, null=True, default=None, help_text="结束前不重复排队；结束时清空")
    sort_order = SmallInt(default=0, help_text="小的先做")
    state = Varchar(length=10, default="queued")
    attempts = Integer(default=0)
    fence = BigInt(default=0, help_text="每次认领加一；旧的认领者不能再提交")
    worker = UUID(null=True, default=None)
    due_at = Timestamptz(default=clock.now)
    cancel_asked = Boolean(default=False)
    progress_done = Integer(default=0)
    progress_total = Integer(default=0)
    note = Varchar(length=200, default="")
    error = Text(default="")
    created_at = Timestamptz(default=clock.now)
    started_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)
    set_aside_at = Timestamptz(null=True, default=None, help_text="有人决定不再重做")

    once_at_a_time = Unique(["tenant_id", "kind", "unique_key"])
    state_known = Check(f"state IN {STATES}")

    _grants = _RELAY
    _indexes = (Index(("sort_order", "created_at"), where=_OPEN),)


class TickRow(TenantTable, tablename="tick", help_text="定时任务的每一次"):
    """One moment at which a schedule is due in a tenant; turned into a job exactly once."""

    schedule = Varchar(length=100)
    due_at = Timestamptz()
    zone = Varchar(length=60, default="Asia/Shanghai")
    state = Varchar(length=10, default="waiting")

    once = Unique(["tenant_id", "schedule", "due_at"])
    state_known = Check("state IN ('waiting', 'done', 'skipped')")

    _grants = _RELAY
    _indexes = (Index(("due_at",), where="state = 'waiting'"),)
