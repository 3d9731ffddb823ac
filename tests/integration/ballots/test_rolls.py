"""Rolls of voters: a list sent twice gives nobody two votes, and the longest names there are fit."""

from collections.abc import AsyncIterator

import pytest
from tests.support.balloting import PARTIES, town_with, wanted

from jiceng.facts.ballots import drafting, rolls, stored
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, execute, tenant_scope
from jiceng.kernel.errors import Invalid
from jiceng.roster.queries import whole_tree


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[dict[str, str]]:
    with tenant_scope(two_tenants[0]):
        yield await town_with("review", PARTIES)


@pytest.mark.usefixtures("people")
async def test_a_list_sent_twice_gives_nobody_two_votes() -> None:
    ballot = await drafting.draft(wanted())
    party = await drafting.add_party(ballot, word="领导", title="", weight=1, small=True)
    assert await rolls.add_listed(party, ["甲", "乙"]) == 2
    with pytest.raises(Invalid) as refused:
        await rolls.add_listed(party, ["乙", "丙"])
    assert refused.value.faults == ("「乙」已经在名单上",)
    for looks_the_same in ("乙\u200b", "\u3000乙 ", "\u2060乙"):
        with pytest.raises(Invalid, match="「乙」已经在名单上"):
            await rolls.add_listed(party, [looks_the_same])
    assert [one.label for one in await stored.roll(party)] == ["甲", "乙"]
    assert await rolls.add_listed(party, ["丙"]) == 1


@pytest.mark.usefixtures("people")
async def test_an_organization_with_the_longest_name_may_vote() -> None:
    ballot = await drafting.draft(wanted())
    party = await drafting.add_party(ballot, word="领导", title="", weight=1, small=True)
    (top,) = (one for one in await whole_tree(today()) if one.parent is None)
    await execute(
        "update organization_state set name = $2, short_name = null where tenant_id = $1",
        *(current_tenant(), "委" * 100),
    )
    assert await rolls.add_organizations(party, top.id) > 0
    assert {one.label for one in await stored.roll(party)} == {"委" * 60}
