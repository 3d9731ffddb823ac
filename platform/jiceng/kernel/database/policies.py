"""The policies' text: the tenant's own rows, and the few tables another role may see whole."""

import re

import msgspec

from jiceng.kernel.database.catalog import Policy
from jiceng.kernel.database.tables import Grants

TENANT_TEST = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::int"
"""No sub-select (Citus refuses it); nullif because a reused connection holds '' and not NULL."""

WHOLE_TABLE = {
    "jiceng_relay": frozenset({"job", "tick"}),
    "jiceng_operator": frozenset({"tenant_summary"}),
    "jiceng_auditor": frozenset({"audit_entry", "audit_head"}),
}
"""The only tables a role sees across tenants; a table that grants more to one of them is refused."""


class Wanted(msgspec.Struct, frozen=True):
    """A policy a tenant table must have."""

    name: str
    role: str
    test: str


def wanted_policies(table: str, grants: Grants) -> tuple[Wanted, ...]:
    """Return the policies of one tenant table.

    Raises:
        ValueError: the table grants rows of every tenant to a role that may not have them.
    """
    policies = [Wanted("tenant_rows", "public", TENANT_TEST)]
    for role in ("relay", "operator", "auditor"):
        if getattr(grants, role):
            name = f"jiceng_{role}"
            if table not in WHOLE_TABLE[name]:
                raise ValueError(f"{table}: {role} may see only {sorted(WHOLE_TABLE[name])} across tenants")
            policies.append(Wanted(f"{role}_rows", name, "true"))
    return tuple(policies)


def matches(policy: Policy, wanted: Wanted) -> bool:
    """Whether the catalog's policy is the wanted one (PostgreSQL prints expressions its own way)."""
    return (
        policy.name == wanted.name
        and policy.permissive
        and policy.command == "*"
        and policy.roles == {wanted.role}
        and _plain(policy.using) == _plain(wanted.test)
        and _plain(policy.check) == _plain(wanted.test)
    )


def _plain(text: str | None) -> str:
    return re.sub(r"[\s()]|::text|::integer|::int\b", "", text or "").lower()
