"""The table of API tokens."""

from piccolo.columns import UUID, Array, Bytea, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Unique

from jiceng.accounts.tables import Account
from jiceng.kernel.database import Index, Personal, TenantKey, TenantTable


class ApiToken(TenantTable, tablename="api_token", help_text="接口令牌"):
    """A token with which a program acts for an account, within its scopes; here is its SHA-256."""

    account = TenantKey(Account, null=False, help_text="its role bounds what the token may do")
    name = Varchar(length=64, null=False, help_text="which program it is for")
    digest = Bytea(null=False, default=b"")
    scopes = Array(base_column=Varchar(length=40), null=False, default=list, help_text="permissions")
    created_at = Timestamptz(null=False, default=TimestamptzNow())
    expires_at = Timestamptz(null=False, default=TimestamptzNow())
    used_at = Timestamptz(null=True, default=None, help_text="to the minute")
    ended_at = Timestamptz(null=True, default=None)
    ended_by = UUID(null=True, default=None)
    one_row_per_token = Unique(["tenant_id", "digest"])
    _indexes = (Index(("account",)),)
    _personal = (Personal("t.account = any(:accounts)"),)
