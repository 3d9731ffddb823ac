"""Bad input to rating sheets: out of range, too early, too late, without proof, by the wrong one, by two."""

import re

import pytest
from httpx import Response
from litestar import Litestar
from tests.support.rating import Rating, days, filled, person, star_campaign
from tests.support.web import Browser

from jiceng.kernel.database import execute, tenant_scope
from jiceng.schemes.editing.centre import NewForm, start

HX = {"accept": "text/html", "sec-fetch-site": "same-origin", "hx-request": "true"}


@pytest.fixture
async def rating(two_tenants: tuple[int, int]) -> Rating:
    return await star_campaign(two_tenants[0])


async def east_of(app: Litestar, rating: Rating) -> Browser:
    east = await person(app, rating.tenant, "secretary", "own", "O2")
    await east.get(rating.sheet("O2"))
    return east


async def hand_in(who: Browser, rating: Rating, number: str = "O2", **values: str) -> Response:
    return await who.post(f"{rating.sheet(number)}/own/hand-in", filled(**values))


async def test_what_cannot_stand_is_kept_as_typed_and_told_when_it_is_handed_in(
    app: Litestar, rating: Rating
) -> None:
    east = await east_of(app, rating)
    saved = await east.post(f"{rating.sheet('O2')}/own", filled(rest="110.01"), headers=HX)
    assert "已存；应在 0–110 之间" in saved.text
    refused = await hand_in(east, rating, rest="110.01", lead_judged="一点")
    assert refused.status_code == 422
    assert "其余五项合计（含加分）「110.01」：应在 0–110 之间" in refused.text
    assert "领导班子酌情扣分「一点」：不是数字" in refused.text
    assert 'value="110.01"' in (await east.get(rating.sheet("O2"))).text
    assert (await hand_in(east, rating, rest="60", lead_judged="")).status_code == 303


async def test_a_sheet_once_handed_in_is_closed(app: Litestar, rating: Rating) -> None:
    east = await east_of(app, rating)
    assert (await hand_in(east, rating, rest="60")).status_code == 303
    again = await hand_in(east, rating, rest="70")
    assert again.status_code == 409
    assert "已经提交" in again.text
    assert "现在由您填" not in (await east.get(rating.sheet("O2"))).text


async def test_each_stage_has_its_time(app: Litestar, rating: Rating) -> None:
    town = await person(app, rating.tenant, "secretary", "subtree", "O1")
    early = await town.post(f"{rating.sheet('O2')}/review", filled(rest="60"))
    assert early.status_code == 409
    assert "现在是自评阶段，不是上级评议阶段" in early.text
    clerk = await person(app, rating.tenant, "clerk")
    await clerk.get(rating.at)
    assert (await clerk.post(f"{rating.at}/close")).status_code == 409
    await clerk.post(f"{rating.at}/next")
    late = await hand_in(await east_of(app, rating), rating, rest="60")
    assert late.status_code == 409
    assert "现在是上级评议阶段，不是自评阶段" in late.text
    await clerk.post(f"{rating.at}/next")
    assert (await clerk.post(f"{rating.at}/close")).status_code == 303
    over = await clerk.post(f"{rating.sheet('O2')}/review", filled(rest="60"))
    assert over.status_code == 409
    assert "已办结" in over.text


async def test_before_it_begins_and_after_the_last_day_nothing_is_taken(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    rating = await star_campaign(two_tenants[0], days(begins=3))
    east = await east_of(app, rating)
    assert "评定活动未开始" in (await hand_in(east, rating, rest="60")).text
    with tenant_scope(rating.tenant):
        await execute(
            "update campaign set self_from = $2, self_until = $3, superior_until = null, "
            "department_until = $4 where tenant_id = $1",
            *(rating.tenant, *(days(begins=past).self_from for past in (-99, -89, -79))),
        )
    clerk = await person(app, rating.tenant, "clerk")
    await clerk.get(rating.at)
    over = await clerk.post(f"{rating.sheet('O2')}/review", filled(rest="60"))
    assert over.status_code == 409
    assert "部门评定已于" in over.text


async def test_where_proof_is_asked_for_every_value_needs_it(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    rating = await star_campaign(two_tenants[0], proof=True)
    east = await east_of(app, rating)
    refused = await hand_in(east, rating, rest="60")
    assert refused.status_code == 422
    assert "其余五项合计（含加分）：没有写佐证" in refused.text
    assert (await hand_in(east, rating, rest="60", rest_proof="台账")).status_code == 303


async def test_two_people_at_one_sheet_lose_nothing(app: Litestar, rating: Rating) -> None:
    first = await east_of(app, rating)
    second = await person(app, rating.tenant, "declarer", "own", "O2")
    await second.get(rating.sheet("O2"))
    path = f"{rating.sheet('O2')}/own"
    saved = await first.post(path, {**filled(rest="60"), "r.rest": "0"}, headers=HX)
    assert 'name="r.rest" form="sheet" value="1"' in saved.text
    crossed = await second.post(path, {**filled(rest="50"), "r.rest": "0"}, headers=HX)
    assert "没有存：另一人已改成「60」" in crossed.text
    assert 'value="60"' in (await first.get(rating.sheet("O2"))).text
    plain = await second.post(path, {**filled(rest="50"), "r.rest": "0"})
    assert plain.status_code == 409
    assert re.search(r'name="v.rest"[^>]*value="50"', plain.text), "what was typed is still there"
    assert "周砚秋：60" in plain.text
    await second.post(path, {**filled(rest="50"), "r.rest": "1"}, headers=HX)
    assert 'value="50"' in (await first.get(rating.sheet("O2"))).text


async def test_the_reviewer_is_never_the_submitter(app: Litestar, rating: Rating) -> None:
    east = await east_of(app, rating)
    assert (await hand_in(east, rating, rest="60")).status_code == 303
    clerk = await person(app, rating.tenant, "clerk")
    await clerk.get(rating.at)
    await clerk.post(f"{rating.at}/next")
    await clerk.post(f"{rating.at}/next")
    with tenant_scope(rating.tenant):
        await execute(
            "update account set role = 'clerk', scope = 'all', organization = null "
            "where tenant_id = $1 and login = 'secretary-own-o2'",
            rating.tenant,
        )
    promoted = await east.post(f"{rating.sheet('O2')}/review/hand-in", filled(rest="60"))
    assert promoted.status_code == 409
    assert "评的人和被评的人不能是同一人" in promoted.text


async def test_nobody_rates_what_is_not_his(app: Litestar, rating: Rating) -> None:
    west = await person(app, rating.tenant, "secretary", "own", "O3")
    await west.get(rating.sheet("O3"))
    assert (await hand_in(west, rating, rest="60")).status_code == 404
    assert (await west.get(rating.sheet("O2"))).status_code == 404
    assert "东街党支部" not in (await west.get(rating.at)).text
    town = await person(app, rating.tenant, "secretary", "subtree", "O1")
    await town.get(rating.sheet("O2"))
    assert (await hand_in(town, rating, rest="60")).status_code == 403
    viewer = await person(app, rating.tenant, "viewer")
    await viewer.get(rating.sheet("O2"))
    assert (await hand_in(viewer, rating, rest="60")).status_code == 403


async def test_a_scheme_that_is_a_draft_only_is_not_offered_and_hinders_nothing(
    app: Litestar, rating: Rating
) -> None:
    with tenant_scope(rating.tenant):
        await start(NewForm("还没有发布的办法", "organization", "优秀、合格"), None)
    clerk = await person(app, rating.tenant, "clerk")
    page = await clerk.get("/t/donghu/campaigns")
    assert page.status_code == 200
    assert "还没有发布的办法" not in page.text
