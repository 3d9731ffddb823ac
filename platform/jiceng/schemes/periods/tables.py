"""Tables of periods: every opening and closing with its reason, and the tenant's working-day calendar."""

from piccolo.columns import UUID, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique

from jiceng.kernel.database import APPEND_ONLY, TenantKey, TenantTable
from jiceng.schemes.tables import Period


class PeriodChange(TenantTable):
    """One opening, closing or re-opening of a period; `organization` when it was for one subtree only."""

    period = TenantKey(Period, null=False)
    act = Varchar(length=10, null=False, help_text="opened, closed, reopened")
    organization = UUID(null=True, default=None)
    reason = Text(null=False, default="")
    by = UUID(null=True, default=None, help_text="account")
    at = Timestamptz(null=False, default=TimestamptzNow())
    act_known = Check("act in ('opened', 'closed', 'reopened')")
    _grants = APPEND_ONLY


class CalendarYear(TenantTable):
    """A year whose working days the tenant entered itself; years that come with the platform need no row."""

    year = Integer(null=False)
    source = Varchar(length=300, null=False, default="", help_text="the notice it was taken from")
    by = UUID(null=True, default=None)
    at = Timestamptz(null=False, default=TimestamptzNow())
    one_row_per_year = Unique(["tenant_id", "year"])


class CalendarDay(TenantTable):
    """A day that is not what its weekday says: a holiday, or a working day at a weekend."""

    day = Date(null=False)
    working = Boolean(null=False, default=False)
    note = Varchar(length=100, null=False, default="")
    by = UUID(null=True, default=None)
    at = Timestamptz(null=False, default=TimestamptzNow())
    one_row_per_day = Unique(["tenant_id", "day"])
