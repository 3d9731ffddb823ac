"""Who rates whom: oneself, an organization above, whoever sees all."""

from uuid import UUID

import pytest

from jiceng.accounts.scope import Reach
from jiceng.facts.campaigns.standing import Place, stages_of

ROOT, TOWN, BRANCH, OTHER, MEMBER = (UUID(int=number) for number in range(1, 6))


def place(home: UUID, *above: UUID, subject: UUID | None = None) -> Place:
    found = subject or home
    return Place(
        subject=str(found),
        number="1",
        name="甲",
        town="",
        home=str(home),
        above=tuple(str(one) for one in above),
    )


@pytest.mark.parametrize(
    ("reach", "stages"),
    [
        (Reach("own", BRANCH), ("self",)),
        (Reach("subtree", BRANCH), ("self",)),
        (Reach("subtree", TOWN), ("superior",)),
        (Reach("subtree", ROOT), ("superior",)),
        (Reach("own", TOWN), ()),
        (Reach("subtree", OTHER), ()),
        (Reach("none"), ()),
        (Reach("all"), ("department",)),
    ],
)
def test_a_branch_below_a_town(reach: Reach, stages: tuple[str, ...]) -> None:
    assert stages_of(reach, place(BRANCH, TOWN, ROOT)) == stages


def test_who_sees_all_is_the_superior_of_what_lies_directly_below_the_top() -> None:
    assert stages_of(Reach("all"), place(TOWN, ROOT)) == ("superior", "department")
    assert stages_of(Reach("all"), place(ROOT)) == ("self", "superior", "department")


def test_a_member_rates_himself_and_his_branch_is_asked_for_him() -> None:
    member = place(BRANCH, TOWN, ROOT, subject=MEMBER)
    assert stages_of(Reach("self", person="D001"), member, person=MEMBER) == ("self",)
    assert stages_of(Reach("self", person="D002"), member, person=OTHER) == ()
    assert stages_of(Reach("own", BRANCH), member) == ("self",)
