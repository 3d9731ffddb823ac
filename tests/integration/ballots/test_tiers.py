"""Tiered review from the tree: who rates whom; units that took no part; results as far as one may see."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import polars as pl
import pytest
from tests.support.balloting import on_paper, one_party, wanted

from jiceng.accounts.scope import Reach, looking
from jiceng.facts.ballots import counting, drafting, opening, proposals, rolls, stored, tiers
from jiceng.facts.ballots.asking import USUAL
from jiceng.facts.ballots.results import result
from jiceng.kernel.database import bulk_insert, tenant_scope, transaction
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.roster.tables import Organization, OrganizationState, Unit, UnitState

BEGINNING = date(2020, 1, 1)
TREE = {
    "区委": (None, "社区"),
    "东街": ("区委", "社区"),
    "西街": ("区委", "社区"),
    "民政局": ("区委", "机关"),
    "望湖": ("东街", "社区"),
    "临江": ("东街", "社区"),
    "青松": ("西街", "社区"),
}
ANNA, BERT = uuid4(), uuid4()
Places = dict[str, UUID]


@pytest.fixture
async def places(two_tenants: tuple[int, int]) -> AsyncIterator[Places]:
    """A district with two streets, three communities, a department, and two units in one community."""
    ids = {name: new_id() for name in TREE}
    units = {"一中": new_id(), "邮政": new_id()}
    with tenant_scope(two_tenants[0]):
        async with transaction():
            numbers = {"id": [str(one) for one in ids.values()], "number": list(ids)}
            await bulk_insert(Organization, pl.DataFrame(numbers))
            states = [
                {
                    "organization": str(ids[name]),
                    "since": BEGINNING,
                    "name": f"{name}党委",
                    "short_name": name,
                    "kind": "党委",
                    "field": field,
                    "parent": str(ids[above]) if above else None,
                }
                for name, (above, field) in TREE.items()
            ]
            await bulk_insert(OrganizationState, pl.DataFrame(states, infer_schema_length=None))
            numbers = {"id": [str(one) for one in units.values()], "number": list(units)}
            await bulk_insert(Unit, pl.DataFrame(numbers))
            kept = [
                {
                    "unit": str(one),
                    "since": BEGINNING,
                    "name": name,
                    "kind": "学校",
                    "should_have": False,
                    "coverage": "单独组建",
                    "organization": str(ids["望湖"]),
                }
                for name, one in units.items()
            ]
            await bulk_insert(UnitState, pl.DataFrame(kept))
        yield ids | units


async def a_draft(kind: str = "organization") -> UUID:
    return await drafting.draft(
        wanted(kind=kind, measure="rate", options=USUAL["satisfied"], title="逐级评议")
    )


async def drawn(ballot: UUID, places: Places) -> dict[str, tuple[list[str], list[str]]]:
    """Group → labels on its roll, names of those it rates."""
    names = {one: name for name, one in places.items()}
    return {
        party.title: (
            [voter.label for voter in await stored.roll(party.id)],
            [names[one] for one in party.rates],
        )
        for party in await stored.parties(ballot)
    }


async def layer(ballot: UUID, which: str, top: UUID, slips: int = 0) -> int:
    return await tiers.add_layer(ballot, which, top, slips=slips, word="", weight=1)


async def test_residents_rate_their_own_community(places: Places) -> None:
    ballot = await a_draft()
    assert await layer(ballot, "residents", places["东街"], slips=6) == 2
    numbered = ["001", "002", "003", "004", "005", "006"]
    assert await drawn(ballot, places) == {
        "临江居民": (numbered, ["临江"]),
        "望湖居民": (numbered, ["望湖"]),
    }
    assert [party.small for party in await stored.parties(ballot)] == [False, False]
    await opening.open_ballot(ballot)


async def test_communities_rate_their_street_and_few_of_them_are_told(places: Places) -> None:
    ballot = await a_draft()
    assert await layer(ballot, "below", places["区委"]) == 2
    assert await drawn(ballot, places) == {
        "东街下级": (["临江", "望湖"], ["东街"]),
        "西街下级": (["青松"], ["西街"]),
    }
    assert [party.small for party in await stored.parties(ballot)] == [True, True]


async def test_streets_and_communities_rate_departments(places: Places) -> None:
    ballot = await a_draft()
    assert await layer(ballot, "departments", places["区委"]) == 1
    assert await drawn(ballot, places) == {
        "街道和社区": (["东街", "临江", "望湖", "西街", "青松"], ["民政局"])
    }


async def test_streets_and_communities_rate_the_units_among_them(places: Places) -> None:
    ballot = await a_draft("enterprise")
    assert await layer(ballot, "units", places["区委"]) == 1
    assert await drawn(ballot, places) == {"东街和所属社区": (["东街", "临江", "望湖"], ["一中", "邮政"])}


async def test_a_layer_that_rates_nobody_or_others_is_refused(places: Places) -> None:
    ballot = await a_draft()
    with pytest.raises(Conflict, match="评议的对象和本次票决不同"):
        await layer(ballot, "units", places["区委"])
    with pytest.raises(Invalid, match="没有可以这样评议的对象"):
        await layer(ballot, "departments", places["东街"])
    with pytest.raises(Invalid, match="评议层级应是"):
        await layer(ballot, "sideways", places["东街"])
    with pytest.raises(Invalid, match="每处的份数应在 1 到 2000 之间"):
        await layer(ballot, "residents", places["东街"], slips=0)
    assert await stored.parties(ballot) == ()


async def test_a_group_rates_its_own_and_a_roll_takes_nobody_twice(places: Places) -> None:
    ballot = await a_draft()
    await layer(ballot, "residents", places["东街"], slips=5)
    subjects, parties = await stored.subjects(ballot), await stored.parties(ballot)
    assert [[one.name for one in party.of(subjects)] for party in parties] == [["临江党委"], ["望湖党委"]]
    other = await drafting.add_party(ballot, word="街道", title="", weight=1, small=True)
    assert await rolls.add_organizations(other, places["区委"]) == 3
    assert await rolls.add_organizations(other, places["区委"]) == 0


async def test_units_that_took_no_part_are_proposed_and_decided_once_with_a_reason(places: Places) -> None:
    ballot = await a_draft("enterprise")
    await layer(ballot, "units", places["区委"])
    school, post = await stored.subjects(ballot)
    await drafting.pledge(ballot, school.id, "开放操场", took_part=True)
    await drafting.pledge(ballot, post.id, "", took_part=False)
    assert await proposals.proposals() == []  # a draft proposes nothing
    await opening.open_ballot(ballot)
    (proposed,) = await proposals.proposals()
    assert (proposed.name, proposed.decided) == ("邮政", "")
    with pytest.raises(Invalid, match="没有保存"):
        await proposals.decide(ballot, post.id, "taken", " ", by=ANNA)
    with pytest.raises(Conflict, match="参与了评议"):
        await proposals.decide(ballot, school.id, "taken", "未报到", by=ANNA)
    with pytest.raises(NotFound):
        await proposals.decide(ballot, uuid4(), "taken", "未报到", by=ANNA)
    await proposals.decide(ballot, post.id, "taken", "全年未报到", by=ANNA)
    with pytest.raises(Conflict, match="已经处置过"):
        await proposals.decide(ballot, post.id, "dropped", "补报", by=ANNA)
    (decided,) = await proposals.proposals()
    assert (decided.decided, decided.reason) == ("taken", "全年未报到")


async def test_results_are_told_of_those_somebody_may_see(places: Places) -> None:
    ballot, party = await one_party(
        6, numbers=("东街", "西街"), kind="organization", measure="rate", options=USUAL["satisfied"]
    )
    await on_paper(party, ((4, 1, 0, 1), (3, 0, 0, 0)), 6, ANNA, BERT)
    with pytest.raises(Conflict, match="还没有计票"):
        await result(ballot)
    await opening.close_ballot(ballot)
    await counting.count(ballot)
    whole = await result(ballot)
    assert [(one.name, told and (told.votes, told.rate)) for one, told in whole.subjects] == [
        ("东街党委", ({"满意": 4, "基本满意": 1, "不了解": 1}, Decimal("83.33"))),
        ("西街党委", None),  # three votes are too few
    ]
    assert [(one.returned, one.demanded, one.valid) for one in whole.parties] == [(6, 5, True)]
    with looking(Reach("subtree", places["西街"], "")):
        assert [one.name for one, _ in (await result(ballot)).subjects] == ["西街党委"]
