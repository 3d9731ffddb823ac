"""Tables of schemes: what a tenant has switched on, and every version of every rulebook it ever had."""

from piccolo.columns import UUID, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique

from jiceng.kernel.database import APPEND_ONLY, TenantKey, TenantTable


class Scheme(TenantTable):
    """A scheme of the tenant; `plugin` is empty for a rulebook the tenant wrote itself."""

    key = Varchar(length=60, null=False)
    plugin = Varchar(length=60, null=False, default="")
    preset = Varchar(length=60, null=False, default="")
    title = Varchar(length=200, null=False)
    subject = Varchar(length=20, null=False, help_text="member, organization, enterprise, project")
    enabled = Boolean(null=False, default=True)
    created_at = Timestamptz(null=False, default=TimestamptzNow())
    one_scheme_per_key = Unique(["tenant_id", "key"])


class RulebookVersion(TenantTable):
    """One version of a scheme's rulebook; a published one is never edited.

    `book` is the rulebook as JSON with its order kept (text, not jsonb), `digest` its sha256 in hex.
    """

    scheme = TenantKey(Scheme, null=False)
    number = Integer(null=False)
    book = Text(null=False, default="")
    digest = Varchar(length=64, null=False)
    state = Varchar(length=20, null=False, default="draft", help_text="draft, published")
    in_force_from = Date(null=False)
    reason = Varchar(length=500, null=False, default="")
    by = UUID(null=True, default=None, help_text="account that published it; empty for onboarding")
    created_at = Timestamptz(null=False, default=TimestamptzNow())
    state_known = Check("state in ('draft', 'published')")
    one_version_per_number = Unique(["tenant_id", "scheme", "number"])
    _grants = APPEND_ONLY


class Period(TenantTable):
    """A period of appraisal; results belong to exactly one."""

    kind = Varchar(length=10, null=False, help_text="month, quarter, half, year")
    first_day = Date(null=False)
    last_day = Date(null=False)
    title = Varchar(length=60, null=False)
    state = Varchar(length=10, null=False, default="open", help_text="open, closed")
    kind_known = Check("kind in ('month', 'quarter', 'half', 'year')")
    state_known = Check("state in ('open', 'closed')")
    one_period_per_start = Unique(["tenant_id", "kind", "first_day"])
