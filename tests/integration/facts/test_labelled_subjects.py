"""Who is labelled above somebody's clearance is not seen by him, and still counted when he ends the work."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import polars as pl
import pytest
from tests.support.appraisal import small_town
from tests.support.rating import days

from jiceng.accounts.scope import EVERYTHING, looking
from jiceng.facts import queries
from jiceng.facts.campaigns.campaigns import move_on, open_campaign
from jiceng.facts.campaigns.handing_in import hand_in
from jiceng.facts.campaigns.rubric import rateable
from jiceng.facts.campaigns.schemas import Typed
from jiceng.facts.campaigns.settling import close
from jiceng.facts.campaigns.sheets import save, writable
from jiceng.facts.service import import_facts
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, execute, fetch_value, tenant_scope
from jiceng.kernel.errors import Invalid
from jiceng.kernel.ids import new_id
from jiceng.schemes.queries import rulebook_for
from jiceng.schemes.service import adopt
from jiceng.tenancy.service import set_plugin

STAR = "member_star"
ALL = ("faith", "study", "service", "example", "conduct", "excused")
_LABEL = "update member set sensitivity = 2 where tenant_id = $1 and number = 'D001'"


@pytest.fixture
async def campaign(two_tenants: tuple[int, int]) -> AsyncIterator[tuple[UUID, dict[str, str]]]:
    """D001 and D002 are rated by the department; D001 is labelled 严控."""
    with tenant_scope(two_tenants[0]):
        people = await small_town(2)
        await set_plugin("star_rating", on=True)
        await adopt(STAR, in_force_from=date(2020, 1, 1), reason="测试")
        lines = rateable((await rulebook_for(STAR, today())).book)
        made = await open_campaign(STAR, today(), "党员评星", days(), lines=lines, proof=False)
        for _ in range(2):
            await move_on(made)
        for subject in people.values():
            opened = await writable(made, UUID(subject), review=True)
            await save(opened, {name: Typed("是") for name in ALL}, by=new_id())
            await hand_in(await writable(made, UUID(subject), review=True), by=new_id())
        await execute(_LABEL, current_tenant())
        yield made, people


async def test_a_clerk_who_may_not_see_somebody_closes_the_campaign_all_the_same(
    campaign: tuple[UUID, dict[str, str]],
) -> None:
    made, people = campaign
    with looking(EVERYTHING, "clerk"):
        assert await close(made) == 2 * len(ALL)
    assert {fact.kind for fact in await queries.of_subject(UUID(people["D001"]))}
    count = "select count(*) from fact where tenant_id = $1 and subject = $2"
    assert await fetch_value(count, current_tenant(), UUID(people["D001"])) == len(ALL)


async def test_what_is_in_the_way_does_not_name_whom_he_may_not_see(
    campaign: tuple[UUID, dict[str, str]],
) -> None:
    made, people = campaign
    rows = pl.DataFrame({"subject": [people["D001"]], "date": [today()], "value": [False]})
    await import_facts(STAR, "faith", rows, source="手工")
    with looking(EVERYTHING, "clerk"), pytest.raises(Invalid) as refused:
        await close(made)
    assert refused.value.faults == ("您看不到的一个对象：「理想信念星」本期已有不同的值",)
