"""Story: somebody is looked for by name; the name reaches no address, and a copied one shows nothing (39)."""

import re
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from litestar import Litestar
from tests.support.appraisal import small_town
from tests.support.programs import Program, program
from tests.support.web import Browser, signed_in_browser

from jiceng.kernel.crypto.hidden import hide, shown
from jiceng.kernel.database import fetch_value, tenant_scope

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


@pytest.fixture
async def caller(app: Litestar, two_tenants: tuple[int, int]) -> Program:
    with tenant_scope(two_tenants[0]):
        await small_town(3)
    return await program(app, two_tenants[0])


async def test_a_program_posts_the_name_and_is_answered_like_the_list(
    caller: Program, two_tenants: tuple[int, int]
) -> None:
    everybody = (await caller.get("members?fields=sex")).json()["items"]
    for wanted in (NAME, "D002", "员D002"):
        answer = await caller.post("members/search", {"name": wanted, "fields": ["sex"]})
        assert answer.status_code == 200
        assert answer.json() == {"items": everybody[2:], "page": 1, "size": 50, "total": 1}
    assert [one["name"] for one in everybody] == ["党员D001", "党员D003", NAME]
    paged = (await caller.post("members/search", {"name": "党员", "page": 2, "size": 2})).json()
    assert ([one["number"] for one in paged["items"]], paged["total"]) == (["D002"], 3)
    assert (await caller.post("members/search", {"name": NAME, "category": "企业"})).json()["total"] == 0
    with tenant_scope(two_tenants[0]):
        told = "select count(*) from audit_entry where tenant_id = $1 and event = 'members_read'"
        assert await fetch_value(told, two_tenants[0]) == 6
        kept = "select count(*) from idempotency_key where tenant_id = $1"
        assert await fetch_value(kept, two_tenants[0]) == 0, "an answer with names is not kept"


async def test_a_program_cannot_put_the_name_into_an_address(caller: Program, app: Litestar) -> None:
    for address in ("members", "members/search"):
        assert (await caller.get(f"{address}?name={quote(NAME)}")).status_code in {400, 405}
    assert (await caller.post(f"members/search?name={quote(NAME)}", {"name": NAME})).status_code == 400
    document = app.openapi_schema.to_schema()
    named = [
        (path, parameter["name"])
        for path, item in document["paths"].items()
        for operation in item.values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query" and parameter["name"] in {"name", "q", "words", "login", "phone"}
    ]
    assert named == []


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"name": ""},
        {"name": "林" * 65},
        {"name": NAME, "size": 201},
        {"name": NAME, "page": 0},
        {"name": NAME, "colour": "red"},
        {"name": NAME, "fields": ["password"]},
        {"name": None},
        [],
    ],
    ids=str,
)
async def test_a_search_with_faults_is_refused_and_the_name_not_repeated(
    caller: Program, wrong: object
) -> None:
    answer = await caller.post("members/search", wrong)
    assert answer.status_code in {400, 422}
    assert NAME not in answer.text
    assert answer.json()["status"] == answer.status_code


async def test_odd_names_are_found_nowhere(caller: Program) -> None:
    for odd in (
        "%",
        "_",
        "\\",
        "'; drop table member; --",
        "\u0000",
        "\ud800".encode("utf-8", "replace").decode(),
    ):
        answer = await caller.post("members/search", {"name": odd})
        assert answer.status_code in {200, 400, 422}, odd
        assert answer.json().get("total", 0) == 0, odd


async def test_no_other_page_is_opened_by_the_form(clerk: Browser) -> None:
    for page in ("", "https://example.org", "security", "members/../accounts", "runs/x/results"):
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


async def test_a_suspended_tenant_is_searched_as_it_is_read(
    app: Litestar, clerk: Browser, two_tenants: tuple[int, int], superuser: Any
) -> None:
    caller = await program(app, two_tenants[0])
    await superuser.execute("update tenant set state = 'suspended' where id = $1", two_tenants[0])
    sent = await clerk.post(f"{HERE}/find", {"page_": "members", "name": NAME})
    assert sent.status_code == 303
    assert people((await clerk.get(sent.headers["location"])).text) == [NAME]
    found = await caller.post("members/search", {"name": NAME})
    assert (found.status_code, [one["name"] for one in found.json()["items"]]) == (200, [NAME])
