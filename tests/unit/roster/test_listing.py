"""Totals over the tree of organizations."""

from uuid import UUID, uuid4

from jiceng.roster.listing import with_all_below
from jiceng.roster.schemas import OrganizationRow


def row(number: str, parent: UUID | None) -> OrganizationRow:
    return OrganizationRow(
        id=uuid4(),
        number=number,
        founded=None,
        name=number,
        short_name=None,
        kind="党支部",
        field="农村",
        parent=parent,
        last_election=None,
        next_election=None,
    )


def test_each_organization_counts_itself_and_all_below() -> None:
    root = row("0", None)
    town = row("1", root.id)
    village = row("11", town.id)
    office = row("2", root.id)
    held = {root.id: 1, village.id: 5, office.id: 7}
    totals = with_all_below([root, town, village, office], held)
    assert [totals[one.id] for one in (root, town, village, office)] == [13, 5, 5, 7]
