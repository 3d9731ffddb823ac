"""The table of answers given once: what a program asked under a key, and what it was told."""

from piccolo.columns import UUID, Bytea, SmallInt, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Unique

from jiceng.kernel.database import Index, TenantTable


class IdempotencyKey(TenantTable, tablename="idempotency_key", help_text="接口重复请求"):
    """One write of one program: the digest of its request, and the answer to give again until it expires."""

    caller = UUID(null=False, default=None, help_text="the token's id")
    key = Varchar(length=100, null=False)
    request = Bytea(null=False, default=b"", help_text="SHA-256 of method, address and body")
    status = SmallInt(null=False, default=0)
    answer = Bytea(null=False, default=b"", help_text="the body, as it was sent")
    created_at = Timestamptz(null=False, default=TimestamptzNow())
    expires_at = Timestamptz(null=False, default=TimestamptzNow())
    one_answer_per_key = Unique(["tenant_id", "caller", "key"])
    _indexes = (Index(("expires_at",)),)
