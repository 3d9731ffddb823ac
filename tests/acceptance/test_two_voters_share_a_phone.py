"""Story: two voters share a phone; each has the own paper, whoever casts first, and none is lost."""

import re

import httpx
import pytest
from litestar import Litestar
from tests.support.ballot_story import drafted, links, town
from tests.support.web import Browser, browser, signed_in_browser

from jiceng.facts.ballots import voting

SLIP = re.compile(r'name="slip" value="([^"]+)"')


@pytest.fixture
async def sheet(app: Litestar, two_tenants: tuple[int, int]) -> tuple[Browser, str, list[str]]:
    """An open ballot: the admin, its page, the links of five voters."""
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await town(two_tenants[0], "08-huaihua-vote-mean")
    ballot, party = await drafted(admin, "D001", 5, goes_to="review:vote|votes")
    await admin.post(f"{ballot}/open")
    return admin, ballot, await links(admin, party)


async def took(phone: Browser, link: str) -> str:
    """The slip on the paper a voter gets."""
    await phone.get(link)
    taken = await phone.post(link)
    assert taken.status_code == 303, taken.text
    return slip_on(await phone.get(taken.headers["location"]))


def slip_on(page: httpx.Response) -> str:
    found: str = SLIP.findall(page.text)[0]
    return found


async def cast(phone: Browser, page: httpx.Response) -> httpx.Response:
    field, value = re.findall(r'name="(choice-[^"]+)" value="(\d+)"> 合格<', page.text)[0]
    return await phone.post("/t/donghu/paper", {"slip": slip_on(page), field: value})


async def opened(phone: Browser, link: str) -> httpx.Response:
    """The paper that a voter's own link leads to after it was taken."""
    again = await phone.get(link)
    assert again.status_code == 303
    return await phone.get(again.headers["location"])


async def test_each_comes_back_to_the_own_paper_by_the_own_link(
    app: Litestar, sheet: tuple[Browser, str, list[str]]
) -> None:
    admin, ballot, (first, second, *_) = sheet
    phone = browser(app)
    slips = [await took(phone, first), await took(phone, second)]
    assert slips[0] != slips[1]
    papers = [await opened(phone, first), await opened(phone, second)]
    assert [slip_on(one) for one in papers] == slips
    assert "这部手机上有 2 张没有投出的选票" in (await phone.get("/t/donghu/paper")).text
    done = await cast(phone, papers[0])
    assert "这部手机上还有 1 张没有投出的选票" in (await phone.get(done.headers["location"])).text
    assert (await phone.get(first)).status_code == 404
    last = await cast(phone, await opened(phone, second))
    assert "张没有投出" not in (await phone.get(last.headers["location"])).text
    assert "票箱里有 2 张密封的票" in (await admin.get(ballot)).text


async def test_another_voters_mark_opens_no_paper_on_a_phone_without_it(
    app: Litestar, sheet: tuple[Browser, str, list[str]]
) -> None:
    first, second, *_ = sheet[2]
    phone, other = browser(app), browser(app)
    await took(phone, first)
    await took(other, second)
    address = (await phone.get(first)).headers["location"]
    page = await other.get(address)
    assert not SLIP.findall(page.text)
    assert (await other.get(first)).status_code == 404


async def test_a_phone_full_of_papers_takes_no_further_one_and_marks_nobody(
    app: Litestar, sheet: tuple[Browser, str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voting, "MOST_HELD", 2)
    first, second, third, *_ = sheet[2]
    phone = browser(app)
    await took(phone, first)
    await took(phone, second)
    await phone.get(third)
    refused = await phone.post(third)
    assert refused.status_code == 409
    assert "这部手机上已有 2 张没有投出的选票" in refused.text
    assert (await cast(phone, await opened(phone, second))).status_code == 303
    await took(phone, third)
    assert slip_on(await opened(phone, first))
