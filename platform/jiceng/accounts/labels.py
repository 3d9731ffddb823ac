"""Security labels of records and files, and how high each role is cleared: the one table (control 18).

What is labelled higher than the person at work is cleared for is treated like what does not exist.
Somebody who sees only himself sees his own record whatever its label.
"""

from __future__ import annotations

from enum import IntEnum

from jiceng.accounts.access import Role
from jiceng.accounts.scope import reach_here, role_here
from jiceng.kernel.errors import Invalid


class Label(IntEnum):
    """How sensitive a record is. State secrets have no label: they do not belong into this system."""

    GENERAL = 0
    SENSITIVE = 1
    RESTRICTED = 2


LABEL_NAMES: dict[Label, str] = {
    Label.GENERAL: "一般",
    Label.SENSITIVE: "敏感",
    Label.RESTRICTED: "严控",
}
CLEARANCE: dict[Role, Label] = dict.fromkeys(Role, Label.GENERAL) | {
    Role.TENANT_ADMIN: Label.RESTRICTED,
    Role.CLERK: Label.SENSITIVE,
    Role.REVIEWER: Label.SENSITIVE,
    Role.SECRETARY: Label.SENSITIVE,
}
"""The one table: role → the highest label it reads. docs/roles.md is made from it."""


def clearance_of(role: str | None) -> Label:
    """The highest label a role reads; None (jobs, commands) reads all, an unknown role only the lowest."""
    if role is None:
        return Label.RESTRICTED
    return CLEARANCE[Role(role)] if role in CLEARANCE else Label.GENERAL


def clearance_here() -> Label:
    """The highest label that is read in this context."""
    return Label.RESTRICTED if reach_here().kind == "self" else clearance_of(role_here())


def cleared(alias: str) -> str:
    """A condition for SQL on rows of `alias` with a column `sensitivity`; empty where all is read."""
    level = clearance_here()
    return "" if level is Label.RESTRICTED else f"and {alias}.sensitivity <= {int(level)}"


def label_given(level: int) -> Label:
    """The label with this number, given by the person at work.

    Raises:
        Invalid: no label, or one higher than he is cleared for himself.
    """
    if level not in set(Label) or level > clearance_here():
        offered = "、".join(name for label, name in LABEL_NAMES.items() if label <= clearance_here())
        raise Invalid([f"敏感级只能是{offered}"], "没有保存", where="敏感级")
    return Label(level)


def offered_labels() -> dict[int, str]:
    """The labels the person at work may give, by number."""
    return {int(label): name for label, name in LABEL_NAMES.items() if label <= clearance_here()}
