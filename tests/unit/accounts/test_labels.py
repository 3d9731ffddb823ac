"""Security labels: who is cleared for what, and the condition that keeps the others out."""

import pytest

from jiceng.accounts.access import Role
from jiceng.accounts.labels import CLEARANCE, Label, clearance_here, cleared, label_given, offered_labels
from jiceng.accounts.scope import EVERYTHING, NOTHING, Reach, looking
from jiceng.kernel.errors import Invalid


def test_every_role_has_a_clearance_and_only_the_administrator_the_highest() -> None:
    assert set(CLEARANCE) == set(Role)
    assert {role for role, label in CLEARANCE.items() if label is Label.RESTRICTED} == {Role.TENANT_ADMIN}
    assert CLEARANCE[Role.OPERATOR] is CLEARANCE[Role.SYSTEM_ADMIN] is Label.GENERAL


@pytest.mark.parametrize(
    ("role", "condition"),
    [
        ("tenant_admin", ""),
        ("clerk", "and m.sensitivity <= 1"),
        ("viewer", "and m.sensitivity <= 0"),
        ("operator", "and m.sensitivity <= 0"),
        ("", "and m.sensitivity <= 0"),
        ("nonsense", "and m.sensitivity <= 0"),
    ],
)
def test_the_condition_follows_the_role(role: str, condition: str) -> None:
    with looking(EVERYTHING, role):
        assert cleared("m") == condition


def test_jobs_see_all_and_everybody_sees_himself() -> None:
    assert (clearance_here(), cleared("m")) == (Label.RESTRICTED, "")
    with looking(Reach("self", None, "D001"), "member"):
        assert cleared("m") == ""
    with looking(NOTHING, "member"):
        assert cleared("m") == "and m.sensitivity <= 0"


def test_nobody_gives_a_label_above_his_own_clearance() -> None:
    with looking(EVERYTHING, "clerk"):
        assert label_given(1) is Label.SENSITIVE
        assert offered_labels() == {0: "一般", 1: "敏感"}
        for level in (2, 3, -1):
            with pytest.raises(Invalid):
                label_given(level)
