"""The table of rate limits: for each limited caller the moment up to which it has used its allowance."""

from piccolo.columns import Bytea, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Unique

from jiceng.kernel.database import Index, TenantTable


class RateLimit(TenantTable, tablename="rate_limit", help_text="访问频率"):
    """One caller under one limit; the caller is kept as a digest, so no address is stored here."""

    name = Varchar(length=20, null=False, help_text="which limit")
    caller = Bytea(null=False, default=b"", help_text="SHA-256 of the token's id or the address")
    used_until = Timestamptz(null=False, default=TimestamptzNow())
    one_row_per_caller = Unique(["tenant_id", "name", "caller"])
    _indexes = (Index(("used_until",)),)
