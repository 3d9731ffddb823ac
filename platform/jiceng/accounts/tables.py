"""Tables of accounts: people who log in, their sessions, second factors, invitations, counted attempts."""

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Integer, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique

from jiceng.accounts.access import SEPARATED_ROLES, Role
from jiceng.kernel.database import Grants, Index, Personal, TenantKey, TenantTable

_THEIRS = Personal("t.account = any(:accounts)")
"""Rows of a person's account that go with the person."""


class Account(TenantTable, help_text="账号"):
    """A person who logs in to one tenant. Only an argon2id hash of the password is ever stored.

    One person has one account, so nobody holds two of the three administrators' roles at once.
    """

    login = Varchar(length=64, null=False, help_text="lower case, NFKC")
    name = Varchar(length=64, null=False)
    role = Varchar(length=32, null=False)
    state = Varchar(length=16, null=False, default="invited", help_text="invited, active or disabled")
    password_hash = Varchar(length=200, null=False, default="", secret=True)
    password_check = Bytea(null=True, default=None, secret=True, help_text="see signing_in/vouching.py")
    created_at = Timestamptz(null=False, default=TimestamptzNow())
    enabled_at = Timestamptz(null=True, default=None, help_text="when it was enabled again")
    password_set_at = Timestamptz(null=True, default=None)
    person = Varchar(
        length=30, null=True, default=None, help_text="the person's number, as on the roster; None: not given"
    )
    scope = Varchar(length=8, null=False, default="all", help_text="which part of the roster it sees")
    organization = UUID(null=True, default=None, help_text="where a scope of subtree or own begins")
    one_login_per_tenant = Unique(["tenant_id", "login"])
    one_account_per_person = Unique(["tenant_id", "person"])
    role_of_the_table = Check(f"role IN {tuple(role.value for role in Role)}")
    administrators_are_named = Check(f"person IS NOT NULL OR role NOT IN {SEPARATED_ROLES}")
    known_scope = Check("scope IN ('all', 'subtree', 'own', 'self')")
    scope_begins_somewhere = Check("(scope IN ('subtree', 'own')) = (organization IS NOT NULL)")
    self_is_somebody = Check("scope <> 'self' OR person IS NOT NULL")
    known_state = Check("state IN ('invited', 'active', 'disabled')")
    hashed_password = Check("password_hash = '' OR password_hash LIKE '$argon2id$%'")
    _personal = (
        Personal(
            "t.id = any(:accounts)",
            {
                "name": "'已清除'",
                "login": "'erased-' || right(t.id::text, 12)",
                "person": "'erased-' || right(t.id::text, 12)",
                "password_hash": "''",
                "password_check": "null",
                "state": "'disabled'",
            },
        ),
    )


class AccountSession(TenantTable, tablename="account_session", help_text="登录"):
    """A signed-in browser. The token is only in the browser's cookie; here is its SHA-256."""

    account = TenantKey(Account, null=False)
    digest = Bytea(null=False, default=b"")
    device = Varchar(length=80, null=False, default="", help_text="kind of browser, in words")
    created_at = Timestamptz(null=False, default=TimestamptzNow())
    seen_at = Timestamptz(null=False, default=TimestamptzNow())
    expires_at = Timestamptz(null=False, default=TimestamptzNow(), help_text="absolute limit")
    ended_at = Timestamptz(null=True, default=None)
    proved = Boolean(null=False, default=True, help_text="false while the second factor is asked for")
    one_row_per_token = Unique(["tenant_id", "digest"])
    _indexes = (Index(("account",)),)
    _personal = (_THEIRS,)


class Invitation(TenantTable, help_text="邀请"):
    """A one-time link with which a person sets the password; here is the SHA-256 of its token."""

    account = TenantKey(Account, null=False)
    digest = Bytea(null=False, default=b"")
    created_at = Timestamptz(null=False, default=TimestamptzNow())
    expires_at = Timestamptz(null=False, default=TimestamptzNow())
    used_at = Timestamptz(null=True, default=None)
    one_row_per_token = Unique(["tenant_id", "digest"])
    _indexes = (Index(("account",)),)
    _personal = (_THEIRS,)


class LoginAttempt(TenantTable, tablename="login_attempt", help_text="登录失败计数"):
    """Attempts counted for one login name, whether or not it exists; every process counts here."""

    login_digest = Bytea(null=False, default=b"")
    failures = Integer(null=False, default=0)
    last_at = Timestamptz(null=False, default=TimestamptzNow())
    locked_until = Timestamptz(null=True, default=None)
    one_row_per_login = Unique(["tenant_id", "login_digest"])


class SecondFactor(TenantTable, tablename="second_factor", help_text="动态口令"):
    """A person's code generator. Its secret is made from `nonce` and the installation's key, never stored."""

    account = TenantKey(Account, null=False)
    nonce = Bytea(null=False, default=b"")
    created_at = Timestamptz(null=False, default=TimestamptzNow())
    confirmed_at = Timestamptz(null=True, default=None, help_text="None until a code has proved it")
    algorithm = Varchar(length=8, null=False, default="sha1", help_text="sha1, or sm3 under gm")
    last_step = BigInt(null=False, default=0, help_text="the time step of the last code used")
    check_value = Bytea(null=True, default=None, secret=True, help_text="see signing_in/vouching.py")
    one_per_account = Unique(["tenant_id", "account"])
    _personal = (_THEIRS,)


class RecoveryCode(TenantTable, tablename="recovery_code", help_text="备用码"):
    """A code that stands in for the generator once; here is its SHA-256."""

    account = TenantKey(Account, null=False)
    digest = Bytea(null=False, default=b"")
    used_at = Timestamptz(null=True, default=None)
    check_value = Bytea(null=True, default=None, secret=True, help_text="see signing_in/vouching.py")
    one_row_per_code = Unique(["tenant_id", "account", "digest"])
    _personal = (_THEIRS,)


class PasswordHistory(TenantTable, tablename="password_history", help_text="用过的密码"):
    """The argon2id hashes of a person's latest passwords, so that mlps3 can refuse the last five."""

    account = TenantKey(Account, null=False)
    password_hash = Varchar(length=200, null=False, default="", secret=True)
    set_at = Timestamptz(null=False, default=TimestamptzNow())
    hashed_password = Check("password_hash LIKE '$argon2id$%'")
    _personal = (_THEIRS,)


class ApprovalRequest(TenantTable, tablename="approval_request", help_text="待批事项"):
    """An act that needs a second person: what was asked for, by whom, and what became of it."""

    act = Varchar(length=40, null=False, help_text="see accounts/second_person/kinds.py")
    about = Varchar(length=120, null=False, default="")
    title = Varchar(length=200, null=False, default="")
    arguments = Text(null=False, default="{}", help_text="JSON: what the act is done with")
    reason = Text(null=False, default="")
    asked_by = TenantKey(Account, null=False)
    asked_at = Timestamptz(null=False, default=TimestamptzNow())
    expires_at = Timestamptz(null=False, default=TimestamptzNow())
    state = Varchar(length=12, null=False, default="waiting")
    waits_for = Varchar(length=170, null=True, default=None, help_text="act and about while it waits")
    decided_by = TenantKey(Account, null=True)
    decided_at = Timestamptz(null=True, default=None)
    decision = Text(null=False, default="")
    one_waits = Unique(["tenant_id", "waits_for"])
    never_oneself = Check("decided_by <> asked_by OR state = 'withdrawn'")
    _grants = Grants(app=("SELECT", "INSERT", "UPDATE"))
    _indexes = (Index(("state", "asked_at")),)
    _personal = (Personal("t.about = :member::text", {"title": "'已清除'", "reason": "''"}),)
