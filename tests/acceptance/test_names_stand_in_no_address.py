"""Story: somebody is looked for by name; the name reaches no address, and a copied one shows nothing (39)."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from litestar import Litestar
from tests.support.appraisal import small_town
from tests.support.web import Browser, signed_in_browser

from jiceng.kernel.crypto.hidden import hide, shown
from jiceng.kernel.database import tenant_scope

HERE = "/t/donghu"
NAME = "党员D002"


@pytest.fixture
async def clerk(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    with tenant_scope(two_tenants[0]):
        await small_town(3)
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    await clerk.get(f"{HERE}/members")
    return clerk


def people(page: str) -> list[str]:
    return re.findall(r"党员D\d+(?=</a>)", page)


async def test_a_name_is_found_and_stands_in_no_address_of_the_answer(clerk: Browser) -> None:
    form = {"page_": "members", "name": NAME, "category": "社区"}
    sent = await clerk.post(f"{HERE}/find", form)
    address = sent.headers["location"]
    assert sent.status_code == 303
    assert address.startswith(f"{HERE}/members?category=")
    page = (await clerk.get(address)).text
    assert people(page) == [NAME]
    assert f'value="{NAME}"' in page, "the field keeps what was looked for"
    for link in [address, *re.findall(r'(?:href|action)="([^"]*)"', page)]:
        assert NAME not in link
        assert quote(NAME) not in link


async def test_a_name_typed_into_the_address_is_not_looked_for(clerk: Browser) -> None:
    page = (await clerk.get(f"{HERE}/members", params={"name": NAME})).text
    assert len(people(page)) == 3
    assert f'value="{NAME}"' not in page


async def test_no_other_page_is_opened_by_the_form(clerk: Browser) -> None:
    for page in ("", "https://example.org", "accounts", "members/../accounts", "runs/x/results"):
        assert (await clerk.post(f"{HERE}/find", {"page_": page, "name": NAME})).status_code == 404


async def test_hidden_words_open_in_their_tenant_only(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        hidden = await hide(f" {NAME} ")
        assert await shown(hidden) == NAME
        assert await hide("  ") == ""
        assert [await shown(wrong) for wrong in ("", NAME, "abc", hidden[:-4], "5qyn6Ziz")] == [""] * 5
        assert parse_qs(urlsplit(f"/x?name={hidden}").query)["name"] == [hidden]
    with tenant_scope(two_tenants[1]):
        assert await shown(hidden) == ""
