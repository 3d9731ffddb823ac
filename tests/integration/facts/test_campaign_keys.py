"""What the database itself keeps of rating campaigns: one stage for each account, days in order, one each."""

from datetime import date, datetime, time
from uuid import UUID

import asyncpg
import pytest
from tests.support.rating import Rating, days, star_campaign

from jiceng.facts.campaigns.campaigns import campaign, move_on, open_campaign, reopen
from jiceng.facts.campaigns.handing_in import hand_in, hand_in_all
from jiceng.facts.campaigns.schemas import Typed
from jiceng.facts.campaigns.settling import close
from jiceng.facts.campaigns.sheets import all_writable, rubric, save, writable
from jiceng.kernel.clock import CHINA, now, showing, today
from jiceng.kernel.database import current_tenant, execute, fetch, tenant_scope
from jiceng.kernel.errors import Conflict, Invalid
from jiceng.kernel.ids import new_id

_HANDED = """
insert into rating_sheet (tenant_id, id, campaign, subject, stage, handed_by, handed_at, late)
values ($1, $2, $3, $4, $5, $6, $7, false)
"""
_ACCOUNT = """
insert into account (tenant_id, id, login, name, role, state, password_hash, created_at, scope)
values ($1, $2, 'one', '甲', 'clerk', 'active', '', $3, 'all')
"""


@pytest.fixture
async def rating(two_tenants: tuple[int, int]) -> Rating:
    return await star_campaign(two_tenants[0])


async def test_one_account_hands_in_one_stage_of_a_subject(rating: Rating) -> None:
    account, row = new_id(), (rating.campaign, rating.places["O2"])
    with tenant_scope(rating.tenant):
        await execute(_HANDED, current_tenant(), new_id(), *row, "self", account, now())
        with pytest.raises(asyncpg.UniqueViolationError, match="another_for_each_stage"):
            await execute(_HANDED, current_tenant(), new_id(), *row, "superior", account, now())
        await execute(_HANDED, current_tenant(), new_id(), *row, "superior", new_id(), now())


async def test_a_sheet_opened_before_the_end_is_not_handed_in_after_it(rating: Rating) -> None:
    with tenant_scope(rating.tenant):
        for _ in range(2):
            await move_on(UUID(rating.campaign))
        opened = await writable(UUID(rating.campaign), UUID(rating.places["O2"]), review=True)
        await save(opened, {"rest": Typed("60")}, by=new_id())
        await close(UUID(rating.campaign))
        with pytest.raises(Conflict, match="评定活动已办结"):
            await hand_in(opened, by=new_id())


async def test_all_are_handed_in_but_the_one_whose_earlier_stage_was_the_same_persons(
    rating: Rating,
) -> None:
    one, other = new_id(), new_id()
    with tenant_scope(rating.tenant):
        for _ in range(2):
            await move_on(UUID(rating.campaign))
        info = await campaign(UUID(rating.campaign))
        filled = {line.name: Typed("0" if line.must else "") for line in await rubric(info)} | {
            "rest": Typed("60")
        }
        for number, by in (("O2", other), ("O3", one)):
            await save(await writable(info.id, UUID(rating.places[number]), review=True), filled, by=by)
        earlier = (rating.campaign, rating.places["O2"], "superior", one, now())
        await execute(_HANDED, current_tenant(), new_id(), *earlier)
        await execute(_ACCOUNT, current_tenant(), one, now())
        done, left = await hand_in_all(info, review=True, by=one)
    assert (done, len(left)) == (1, 1)
    assert "您在上级评议阶段填过这张表" in left[0]


async def test_the_days_of_a_campaign_stay_in_order(rating: Rating) -> None:
    with tenant_scope(rating.tenant), pytest.raises(asyncpg.CheckViolationError, match="in_order"):
        await execute("update campaign set self_until = department_until where tenant_id = $1", rating.tenant)


async def test_a_scheme_has_one_campaign_for_a_period(rating: Rating) -> None:
    with tenant_scope(rating.tenant), pytest.raises(Conflict):
        await open_campaign("stars", today(), "又一次", days(), lines=["rest"], proof=False)


async def test_the_button_pressed_twice_begins_one_stage_only(rating: Rating) -> None:
    with tenant_scope(rating.tenant):
        stage = (await campaign(UUID(rating.campaign))).stage(today())
        assert (stage, await move_on(UUID(rating.campaign), stage)) == ("self", "superior")
        with pytest.raises(Conflict, match="现在已经是上级评议阶段"):
            await move_on(UUID(rating.campaign), stage)
        assert (await campaign(UUID(rating.campaign))).stage(today()) == "superior"


async def test_a_stage_opened_again_gives_way_to_the_calendars_once_it_is_handed_in(rating: Rating) -> None:
    superior, subject = new_id(), UUID(rating.places["O2"])
    with tenant_scope(rating.tenant):
        for _ in range(2):
            await move_on(UUID(rating.campaign))
        await reopen(UUID(rating.campaign), subject, "superior", today(), "补评")
        again = await writable(UUID(rating.campaign), subject, review=True)
        await save(again, {"rest": Typed("61")}, by=superior)
        await hand_in(again, by=superior)
        due = await writable(UUID(rating.campaign), subject, review=True)
        assert (again.stage, due.stage) == ("superior", "department")
        listed = {one.place.number: one.stage for one in await all_writable(due.campaign, review=True)}
        assert listed == {"O1": "department", "O2": "department", "O3": "department"}
        await hand_in(due, by=new_id())


async def test_a_stage_that_has_not_begun_is_not_opened_again(rating: Rating) -> None:
    with tenant_scope(rating.tenant), pytest.raises(Invalid) as refused:
        await reopen(UUID(rating.campaign), UUID(rating.places["O2"]), "department", today(), "长" * 501)
    assert refused.value.faults == (
        "请写明理由，最多 500 字",
        "部门评定阶段还没有开始，不用重新开放",
    )


async def test_a_campaign_of_a_year_to_come_is_not_ended_before_it_begins(rating: Rating) -> None:
    """Its facts would be of today, and so of the year before."""
    year = today().year + 1
    with tenant_scope(rating.tenant):
        early = await open_campaign("stars", date(year, 6, 1), "明年", days(), lines=["rest"], proof=False)
        for _ in range(2):
            await move_on(early)
        sheet = await writable(early, UUID(rating.places["O2"]), review=True)
        await save(sheet, {"rest": Typed("60")}, by=new_id())
        await hand_in(sheet, by=new_id())
        with pytest.raises(Conflict, match=f"{year} 年度?还没有开始，不能办结"):
            await close(early)
        begun = datetime.combine(date(year, 1, 1), time(), CHINA)
        with showing(begun):
            assert await close(early) == 1
        days_of = await fetch("select occurred from fact where tenant_id = $1", current_tenant())
    assert [row["occurred"] for row in days_of] == [date(year, 1, 1)]
