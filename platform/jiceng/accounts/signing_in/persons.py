"""From an account's row to the person behind a request: role, reach, and what must be done first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.accounts.access import SEPARATED_ROLES, Role
from jiceng.accounts.schemas import SignedIn
from jiceng.accounts.scope import Reach
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant
from jiceng.tenancy import schemas as tenancy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

SEPARATION, POLICY, ADMINS_PROVE = tenancy.SEPARATION, tenancy.POLICY, tenancy.ADMINS_PROVE
PASSWORD_LASTS = timedelta(days=90)
"""Under mlps3 only; asvs asks for no change (V6.2.10)."""
ALWAYS_PROVE = frozenset({Role.OPERATOR.value, *SEPARATED_ROLES})

ACCOUNT = f"""
a.id, a.login, a.name, a.role, a.scope, a.organization, a.person, a.password_set_at,
exists (select 1 from second_factor f where f.tenant_id = a.tenant_id and f.account = a.id
  and f.confirmed_at is not null) as second_factor,
(select jsonb_object_agg(s.name, s.value)::text from (
  select distinct on (name) name, value from tenant_setting
  where tenant_id = a.tenant_id and valid_from <= $4
    and name in ('{SEPARATION}', '{POLICY}', '{ADMINS_PROVE}')
  order by name, valid_from desc) s) as settings
"""  # noqa: S608 - constants
"""The columns of `account a` that `person` needs; $4 is today's date."""


class Rules(msgspec.Struct, frozen=True):
    """The tenant's settings about accounts; None: not set, the installation's own rule holds."""

    three_administrators: bool = False
    password_policy: str = "asvs"  # noqa: S105 - the name of a policy
    second_factor_for_admins: bool | None = None

    @property
    def separated(self) -> bool:
        """Whether the tenant has three administrators."""
        return self.three_administrators


def rules_in(settings: str | None) -> Rules:
    """The rules in the settings' JSON object (None: nothing set)."""
    return msgspec.json.decode(settings, type=Rules) if settings else Rules()


def must_prove(role: str, rules: Rules, *, production: bool) -> bool:
    """Whether the role has to use a second factor (control 5).

    Operators and the three administrators always; a tenant's administrator as the tenant has set, and where
    it has set nothing in production only.
    """
    if role in ALWAYS_PROVE:
        return True
    chosen = rules.second_factor_for_admins
    return role == Role.TENANT_ADMIN and (production if chosen is None else chosen)


def password_expired(set_at: datetime | None, rules: Rules, moment: datetime) -> bool:
    """Whether the password must be changed now: after 90 days under mlps3."""
    return rules.password_policy == "mlps3" and set_at is not None and moment - set_at >= PASSWORD_LASTS  # noqa: S105 - the name of a policy


def person(
    row: Mapping[str, Any], session: UUID, scopes: frozenset[str] | None = None, *, production: bool = False
) -> SignedIn:
    """The person of an account's row; a program's token (`scopes`) is confined to nothing."""
    rules = rules_in(row["settings"])
    confined = ""
    if scopes is None:
        if password_expired(row["password_set_at"], rules, now()):
            confined = "sessions"
        elif not row["second_factor"] and must_prove(row["role"], rules, production=production):
            confined = "second-factor"
    return SignedIn(
        row["id"],
        row["login"],
        row["name"],
        row["role"],
        current_tenant(),
        session,
        scopes,
        Reach(row["scope"], row["organization"], row["person"]),
        rules.separated,
        confined,
    )
