"""Tables of accounts: people who log in, their sessions, open invitations, counted attempts to sign in."""

from piccolo.columns import Bytea, Integer, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique

from jiceng.kernel.database import Index, TenantKey, TenantTable


class Account(TenantTable, help_text="账号"):
    """A person who logs in to one tenant. Only an argon2id hash of the password is ever stored."""

    login = Varchar(length=64, null=False, help_text="lower case, NFKC")
    name = Varchar(length=64, null=False)
    role = Varchar(length=32, null=False)
    state = Varchar(length=16, null=False, default="invited", help_text="invited, active or disabled")
    password_hash = Varchar(length=200, null=False, default="", secret=True)
    created_at = Timestamptz(null=False, default=TimestamptzNow())
    one_login_per_tenant = Unique(["tenant_id", "login"])
    known_role = Check("role IN ('operator', 'tenant_admin', 'viewer')")
    known_state = Check("state IN ('invited', 'active', 'disabled')")
    hashed_password = Check("password_hash = '' OR password_hash LIKE '$argon2id$%'")


class AccountSession(TenantTable, tablename="account_session", help_text="登录"):
    """A signed-in browser. The token is only in the browser's cookie; here is its SHA-256."""

    account = TenantKey(Account, null=False)
    digest = Bytea(null=False, default=b"")
    device = Varchar(length=80, null=False, default="", help_text="kind of browser, in words")
    created_at = Timestamptz(null=False, default=TimestamptzNow())
    seen_at = Timestamptz(null=False, default=TimestamptzNow())
    expires_at = Timestamptz(null=False, default=TimestamptzNow(), help_text="absolute limit")
    ended_at = Timestamptz(null=True, default=None)
    one_row_per_token = Unique(["tenant_id", "digest"])
    _indexes = (Index(("account",)),)


class Invitation(TenantTable, help_text="邀请"):
    """A one-time link with which a person sets the password; here is the SHA-256 of its token."""

    account = TenantKey(Account, null=False)
    digest = Bytea(null=False, default=b"")
    created_at = Timestamptz(null=False, default=TimestamptzNow())
    expires_at = Timestamptz(null=False, default=TimestamptzNow())
    used_at = Timestamptz(null=True, default=None)
    one_row_per_token = Unique(["tenant_id", "digest"])
    _indexes = (Index(("account",)),)


class LoginAttempt(TenantTable, tablename="login_attempt", help_text="登录失败计数"):
    """Attempts counted for one login name, whether or not it exists; every process counts here."""

    login_digest = Bytea(null=False, default=b"")
    failures = Integer(null=False, default=0)
    last_at = Timestamptz(null=False, default=TimestamptzNow())
    locked_until = Timestamptz(null=True, default=None)
    one_row_per_login = Unique(["tenant_id", "login_digest"])
