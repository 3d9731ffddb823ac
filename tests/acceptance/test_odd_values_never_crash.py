"""Story: whatever is put into an address or a form, the answer is a page or a refusal, never a crash."""

import pytest
from litestar import Litestar
from tests.support.web import browser, signed_in_browser

RECORDS = "/t/donghu/admin/api/tables/"
ADDRESSES = [
    RECORDS + "organization/?__order=evil",
    RECORDS + "organization/?__page=99999999999999999999",
    RECORDS + "organization/?__page_size=-1",
    RECORDS + "organization/?number=A%00B",
    RECORDS + "organization/?founded=notadate",
    RECORDS + "organization/?founded__operator=zz",
    RECORDS + "organization/ids/?search=%00",
    RECORDS + "organization/ids/?offset=-1",
    RECORDS + "organization/count/?number=A%00",
    RECORDS + "run/?state=%27%3Bdrop%20table%20run",
    RECORDS + "member/?organization.number=A",
    "/t/donghu/login?next=%00",
    "/t/donghu/organizations?at=9999-99-99",
    "/t/donghu/organizations?at=0001-01-01&kind=%00",
    "/t/donghu/members?page=-1",
    "/t/donghu/members?page=99999999999999999999",
    "/t/donghu/members?page=x",
    "/t/donghu/members?name=%00",
    "/t/donghu/members?name=%25%27%22%3Cscript%3E",
    "/t/donghu/schemes/%00",
    "/t/donghu/runs/not-an-id",
    "/t/donghu/invitation/%00",
]


@pytest.mark.parametrize("address", ADDRESSES)
async def test_an_odd_address_is_answered(app: Litestar, two_tenants: tuple[int, int], address: str) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    answer = await admin.get(address)
    assert answer.status_code < 500
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "odd", ["a\x00b", "😀" * 300, "'; DROP TABLE account; --", "{{ 77777 * 77777 }}", "%s%n"]
)
async def test_an_odd_form_is_answered(app: Litestar, two_tenants: tuple[int, int], odd: str) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    anybody = browser(app)
    await anybody.get("/t/donghu/login")
    answers = [
        await anybody.post("/t/donghu/login", {"login": odd, "password": odd}),
        await admin.post("/t/donghu/accounts", {"login": odd, "name": odd, "role": odd}),
        await admin.post("/t/donghu/password", {"old": odd, "password": odd, "again": odd}),
        await admin.post("/t/donghu/runs", {"scheme": odd, "day": "2026-01-01"}),
        await admin.post("/t/donghu/language", {"to": odd, "back": odd}),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert [
        answer for answer in answers if "6049261729" in answer.text
    ] == []  # 77777 squared: no template runs
