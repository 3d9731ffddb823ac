"""Who may read and who may enter each field of a member's record: the one table (control 15).

docs/roles.md, the pages, the API, workbooks and the record console are made from it. Jobs and commands work
for the tenant and see every field; a request sees those of its person's role, nobody's role sees none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.accounts.access import ROLES, Permission, Role
from jiceng.accounts.scope import role_here
from jiceng.kernel.errors import Forbidden

if TYPE_CHECKING:
    from collections.abc import Iterable

_R = Role
_SEEING = frozenset(role for role in ROLES if Permission.VIEW_ROSTER in ROLES[role])
_ENTERING = frozenset(role for role in ROLES if Permission.IMPORT_ROSTER in ROLES[role])
_KNOWING = frozenset({_R.OPERATOR, _R.TENANT_ADMIN, _R.CLERK, _R.REVIEWER, _R.SECRETARY})
_OWN_OFFICE = frozenset({_R.TENANT_ADMIN, _R.CLERK})


class Field(msgspec.Struct, frozen=True):
    """One field: its names, the roles that read it, the roles that enter it (by import)."""

    zh: str
    en: str
    read: frozenset[Role] = _SEEING
    enter: frozenset[Role] = _ENTERING


MEMBER_FIELDS: dict[str, Field] = {
    "number": Field("党员编号", "number"),
    "name": Field("姓名", "name"),
    "organization": Field("所在组织", "organization"),
    "since": Field("转入日期", "belongs since"),
    "category": Field("评议类别", "category"),
    "state": Field("党员状态", "standing"),
    "employment": Field("从业状况", "employment"),
    "dual": Field("双报到", "registered twice"),
    "mobile": Field("流动党员", "mobile"),
    "worker": Field("党务工作者", "party worker"),
    "sex": Field("性别", "sex", _KNOWING),
    "birth_year": Field("出生年份", "year of birth", _KNOWING),
    "education": Field("学历", "education", _KNOWING),
    "joined": Field("入党日期", "joined", _KNOWING),
    "phone": Field("手机", "telephone", _OWN_OFFICE | {_R.SECRETARY}, _OWN_OFFICE),
    "id_number": Field("身份证号", "identity number", _OWN_OFFICE, _OWN_OFFICE),
    "sensitivity": Field("敏感级", "security label", enter=frozenset()),
    "sensitivity_reason": Field("定级理由", "why labelled", _OWN_OFFICE, frozenset()),
}
"""The one table: field → who. A column of a member that is not in it fails a test."""


def readable(role: str | None) -> frozenset[str]:
    """The fields of a member that a role reads; None (jobs, commands) reads all."""
    return frozenset(name for name, field in MEMBER_FIELDS.items() if role is None or role in field.read)


def enterable(role: str | None) -> frozenset[str]:
    """The fields of a member that a role may enter; None (jobs, commands) all."""
    return frozenset(name for name, field in MEMBER_FIELDS.items() if role is None or role in field.enter)


def readable_here() -> frozenset[str]:
    """The fields of a member that may be read in this context."""
    return readable(role_here())


def enterable_here() -> frozenset[str]:
    """The fields of a member that may be entered in this context."""
    return enterable(role_here())


def readable_by_all(roles: Iterable[Role]) -> frozenset[str]:
    """The fields that each of the roles reads: what a door shows that cannot tell them apart."""
    return frozenset(MEMBER_FIELDS).intersection(*(readable(role) for role in roles))


def refuse_unreadable(asked: Iterable[str]) -> None:
    """Refuse a request that asks for a field by name which its role does not read.

    Raises:
        Forbidden: naming the fields.
    """
    hidden = sorted(set(asked) - readable_here())
    if hidden:
        told = [MEMBER_FIELDS[name] for name in hidden]
        raise Forbidden(
            "您的角色不能看这些字段：" + "、".join(field.zh for field in told),
            ", ".join(hidden),
            "请去掉这些字段，或请本单位管理员调整角色",
            what_en="this role may not read " + ", ".join(field.en for field in told),
            todo_en="leave these fields out, or ask the administrator for another role",
        )
