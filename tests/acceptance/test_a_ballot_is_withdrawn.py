"""Story: a ballot opened by mistake is withdrawn while nobody took a paper; its links end."""

import pytest
from litestar import Litestar
from tests.support.ballot_story import drafted, links, town, voted
from tests.support.web import Browser, browser, signed_in_browser


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    await town(two_tenants[0], "08-huaihua-vote-mean")
    return await signed_in_browser(app, two_tenants[0], "tenant_admin")


async def test_links_of_a_withdrawn_ballot_end_and_the_same_day_may_be_asked_anew(
    app: Litestar, admin: Browser
) -> None:
    ballot, party = await drafted(admin, "D001", 5, goes_to="review:vote|votes")
    await admin.post(f"{ballot}/open")
    link, *_ = await links(admin, party)
    assert (await admin.post(f"{ballot}/withdraw", {"reason": "名单发错了"})).status_code == 303
    stranger = browser(app)
    assert (await stranger.get(link)).status_code == 404
    assert (await stranger.post(link)).status_code == 404
    again = await admin.post(f"{ballot}/withdraw", {"reason": "再撤一次"})
    assert (again.status_code, "已经计票或撤回，不能撤回" in again.text) == (409, True)
    assert (await admin.post(f"{ballot}/open")).status_code == 409
    anew, _ = await drafted(admin, "D001", 5, goes_to="review:vote|votes")
    assert (await admin.post(f"{anew}/open")).status_code == 303


async def test_a_ballot_of_which_somebody_took_a_paper_must_be_counted(app: Litestar, admin: Browser) -> None:
    ballot, party = await drafted(admin, "D001", 5, goes_to="review:vote|votes")
    await admin.post(f"{ballot}/open")
    link, *_ = await links(admin, party)
    await voted(app, link, 党员D001="优秀")
    page = await admin.get(ballot)
    assert "撤回这次票决" not in page.text
    refused = await admin.post(f"{ballot}/withdraw", {"reason": "结果不好看"})
    assert refused.status_code == 409
    assert "已经有人领票，这次票决不能撤回" in refused.text
