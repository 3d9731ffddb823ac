"""The shelf against the database: review by another person, points, needs of residents and their erasing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from tests.support.appraisal import People, small_town, with_points
from tests.support.points import CLERK, REVIEWER, claimed_by, item, on_shelf

from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, execute, fetch_value, tenant_scope
from jiceng.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.kernel.limits import TooMany
from jiceng_points.shelf import needs, queries, service
from jiceng_points.shelf.schemas import ShelfFilter


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[People]:
    with tenant_scope(two_tenants[0]):
        people = await small_town(4)
        await with_points()
        yield people


async def test_an_item_shows_once_another_person_has_given_it_points(people: People) -> None:
    del people
    assert CLERK.account is not None
    assert REVIEWER.account is not None
    added = await service.add_item(item("ZX01", worth=8), by=CLERK.account)
    wanted = ShelfFilter(year=today().year)
    assert await queries.items(wanted) == []
    with pytest.raises(Forbidden, match="不能是录入的人"):
        await service.approve(added, 8, by=CLERK.account)
    await service.approve(added, 6, by=REVIEWER.account)
    (shown,) = await queries.items(wanted)
    assert (shown.number, shown.worth, shown.state) == ("ZX01", 6, "shelf")


@pytest.mark.parametrize(("worth", "words"), [(-1, "不能是负数"), (21, "最高 20 分"), (None, "请给出分值")])
async def test_negative_points_too_many_or_none_are_refused(
    people: People, worth: int | None, words: str
) -> None:
    del people
    assert REVIEWER.account is not None
    added = await service.add_item(item(), by=CLERK.account)
    with pytest.raises(Invalid, match=words):
        await service.approve(added, worth, by=REVIEWER.account)


async def test_every_fault_of_an_item_is_told_at_once(people: People) -> None:
    del people
    last = item().deadline.replace(year=today().year + 1)
    bad = item("编 号", title=" ", kind="别的", worth=-3, capacity=0, times=0, deadline=last)
    with pytest.raises(Invalid) as refused:
        await service.add_item(bad, by=CLERK.account)
    assert len(refused.value.faults) == 7


async def test_a_number_is_used_once_a_year(people: People) -> None:
    del people
    await service.add_item(item(), by=CLERK.account)
    with pytest.raises(Conflict, match="已经用过"):
        await service.add_item(item(), by=CLERK.account)


async def test_places_are_never_fewer_than_taken_and_open_claims_follow_the_deadline(people: People) -> None:
    assert REVIEWER.account is not None
    added = await on_shelf(capacity=3)
    for number in ("D001", "D002"):
        await claimed_by(people[number], added)
    with pytest.raises(Invalid, match="已有 2 个名额"):
        await service.change_limits(added, 1, item().deadline, by=REVIEWER.account)
    earlier = item().deadline - timedelta(days=3)
    await service.change_limits(added, 2, earlier, by=REVIEWER.account)
    due = await fetch_value("select min(due) from points_claim where tenant_id = $1", current_tenant())
    assert due == earlier


async def test_a_need_sent_by_a_form_shows_only_after_review_and_its_contact_is_erased_on_time(
    people: People,
) -> None:
    del people
    place = await fetch_value("select id from organization where tenant_id = $1 limit 1", current_tenant())
    form = await queries.form(await needs.open_form(place, by=new_id()))
    await needs.send_need(form.code, "楼道灯坏了", "0000-1", caller="192.0.2.1")
    (need,) = (await queries.needs()).rows
    assert (need.state, need.contact, need.source) == ("new", "0000-1", "form")
    stored = await fetch_value("select contact from points_need where tenant_id = $1", current_tenant())
    assert "0000-1" not in stored
    made = await needs.shelve(need.id, item("XQ01", source="需求"), by=new_id())
    assert (await queries.item(made)).state == "draft"
    (answered,) = (await queries.needs()).rows
    assert answered.erase_on == today() + timedelta(days=30)
    assert await needs.erase_due(today() + timedelta(days=29)) == 0
    assert await needs.erase_due(today() + timedelta(days=30)) == 1
    (erased,) = (await queries.needs()).rows
    assert (erased.contact, erased.what, erased.erased_at is not None) == ("", "楼道灯坏了", True)


async def test_a_declined_need_loses_its_words_too(people: People) -> None:
    del people
    await needs.enter_need("帮我查邻居", "", None)
    (need,) = (await queries.needs()).rows
    with pytest.raises(Invalid, match="理由"):
        await needs.decline(need.id, " ", by=new_id())
    await needs.decline(need.id, "不属于服务事项", by=new_id())
    with pytest.raises(Conflict, match="未采纳"):
        await needs.decline(need.id, "再说一次", by=new_id())
    assert await needs.erase_due(today() + timedelta(days=31)) == 1
    (erased,) = (await queries.needs()).rows
    assert erased.what == ""


async def test_a_form_is_limited_by_address_and_a_closed_one_is_gone(people: People) -> None:
    del people
    place = await fetch_value("select id from organization where tenant_id = $1 limit 1", current_tenant())
    form = await queries.form(await needs.open_form(place, by=new_id()))
    for _ in range(5):
        await needs.send_need(form.code, "修灯", "", caller="192.0.2.7")
    with pytest.raises(TooMany):
        await needs.send_need(form.code, "修灯", "", caller="192.0.2.7")
    await needs.send_need(form.code, "修灯", "", caller="192.0.2.8")
    await needs.close_form(form.id)
    with pytest.raises(NotFound):
        await needs.send_need(form.code, "修灯", "", caller="192.0.2.9")


async def test_the_database_refuses_more_claims_than_places(people: People) -> None:
    del people
    added = await on_shelf(capacity=1)
    with pytest.raises(Exception, match="points_item_places_within"):
        await execute("update points_item set taken = 2 where id = $1", added)


async def test_of_two_who_enter_an_item_again_at_once_one_is_told_that_it_waits(people: People) -> None:
    del people
    assert REVIEWER.account is not None
    made = await on_shelf()
    await service.take_off(made, "活动取消", by=REVIEWER.account)
    tries = (service.enter_again(made, by=new_id()) for _ in range(4))
    told = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(one).__name__ for one in told) == ["Conflict"] * 3 + ["NoneType"]
