"""The one table of a member's fields: complete, and nobody reads what its role does not."""

import pytest

from jiceng.accounts.access import ROLES, Permission, Role
from jiceng.accounts.fields import (
    MEMBER_FIELDS,
    enterable,
    enterable_here,
    readable,
    readable_here,
    refuse_unreadable,
)
from jiceng.accounts.scope import NOTHING, looking
from jiceng.kernel.errors import Forbidden
from jiceng.roster.schemas import MemberRow
from jiceng.roster.tables import Member, MemberState

KEPT_CLOSE = ("sensitivity_reason", "phone", "id_number")
TECHNICAL = {"tenant_id", "id", "member", "until", "phone_index", "id_number_index"}


def test_a_column_of_a_member_without_an_entry_fails() -> None:
    columns = {column._meta.name for table in (Member, MemberState) for column in table._meta.columns}
    assert columns - TECHNICAL <= set(MEMBER_FIELDS)
    assert set(MemberRow.__struct_fields__) - {"id"} <= set(MEMBER_FIELDS)


def test_only_who_sees_the_roster_reads_and_only_who_imports_enters() -> None:
    for field in MEMBER_FIELDS.values():
        assert all(Permission.VIEW_ROSTER in ROLES[role] for role in field.read)
        assert all(Permission.IMPORT_ROSTER in ROLES[role] for role in field.enter)
        assert field.enter <= field.read | {Role.OPERATOR}


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("tenant_admin", set()),
        ("clerk", set()),
        ("reviewer", {"sensitivity_reason", "phone", "id_number"}),
        ("secretary", {"sensitivity_reason", "id_number"}),
        ("viewer", {"sex", "birth_year", "education", "joined", *KEPT_CLOSE}),
        ("supervisor", {"sex", "birth_year", "education", "joined", *KEPT_CLOSE}),
        ("auditor", set(MEMBER_FIELDS)),
        ("", set(MEMBER_FIELDS)),
    ],
)
def test_what_a_role_does_not_read(role: str, hidden: set[str]) -> None:
    assert set(MEMBER_FIELDS) - readable(role) == hidden


def test_jobs_see_all_and_a_request_of_nobody_nothing() -> None:
    assert readable_here() == enterable_here() == set(MEMBER_FIELDS)
    with looking(NOTHING, ""):
        assert readable_here() == enterable_here() == set()
    with looking(NOTHING, "reviewer"):
        assert (enterable_here(), "sex" in readable_here()) == (enterable("reviewer"), True)
        assert enterable_here() == set()
    assert "sensitivity" not in enterable("tenant_admin"), "a label is given on the member's page"


def test_asking_for_a_hidden_field_by_name_is_refused() -> None:
    with looking(NOTHING, "viewer"):
        refuse_unreadable(["name", "dual"])
        with pytest.raises(Forbidden) as refused:
            refuse_unreadable(["name", "sex", "education"])
    assert refused.value.where == "education, sex"
    assert "性别" in refused.value.what_zh
