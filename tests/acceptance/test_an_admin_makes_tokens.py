"""Story: an administrator makes a token for another system; it may no more than he, and ends at once."""

import re
from datetime import timedelta

import pytest
from litestar import Litestar
from tests.support.programs import Program
from tests.support.web import Browser, browser, signed_in_browser

from jiceng.accounts.programs.tokens import MOST_OPEN
from jiceng.kernel import clock
from jiceng.kernel.database import execute, fetch, tenant_scope

WISH = {"name": "区财政系统", "scopes": "view_schemes", "days": "30"}


async def made(admin: Browser, **changes: object) -> str:
    await admin.get("/t/donghu/tokens")
    page = await admin.post("/t/donghu/tokens", {**WISH, **changes})  # type: ignore[dict-item]
    assert page.status_code == 200
    (secret,) = re.findall(r'<code class="addr" id="secret">(jiceng_[\w-]{43})</code>', page.text)
    return str(secret)


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    return await signed_in_browser(app, two_tenants[0], "tenant_admin")


async def test_the_secret_is_shown_once_and_stored_nowhere(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    assert "还没有令牌" in (await admin.get("/t/donghu/tokens")).text
    secret = await made(admin)
    again = await admin.get("/t/donghu/tokens")
    assert "区财政系统" in again.text
    assert "读取方案和规则" in again.text
    assert secret not in again.text
    with tenant_scope(two_tenants[0]):
        rows = await fetch("select * from api_token where tenant_id = $1", two_tenants[0])
    assert len(rows) == 1
    assert secret.removeprefix("jiceng_") not in str([dict(row) for row in rows])
    caller = Program(app, "donghu", secret)
    assert (await caller.get("schemes")).status_code == 200
    assert (await caller.get("members")).status_code == 403


async def test_several_boxes_are_several_permissions(app: Litestar, admin: Browser) -> None:
    caller = Program(app, "donghu", await made(admin, scopes=["view_schemes", "view_roster"]))
    assert (await caller.get("schemes")).status_code == 200
    assert (await caller.get("members")).status_code == 200


async def test_a_token_ended_or_expired_is_no_token(app: Litestar, admin: Browser) -> None:
    caller = Program(app, "donghu", await made(admin))
    with clock.showing(clock.now() + timedelta(days=29)):
        assert (await caller.get("schemes")).status_code == 200
    with clock.showing(clock.now() + timedelta(days=31)):
        assert (await caller.get("schemes")).status_code == 401
    page = await admin.get("/t/donghu/tokens")
    address = re.findall(r'action="(/t/donghu/tokens/[0-9a-f-]+/end)"', page.text)[0]
    assert (await admin.post(address)).status_code == 303
    assert (await caller.get("schemes")).status_code == 401
    assert (await admin.post(address)).status_code == 404


async def test_a_token_ends_with_the_account_it_acts_for_and_shrinks_with_its_role(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    caller = Program(app, "donghu", await made(admin, scopes="open_run"))
    body = {"scheme": "points", "day": "2026-11-22"}
    assert (await caller.post("runs", body)).status_code == 404
    change = "UPDATE account SET {} WHERE tenant_id = $1 AND login = 'tenant_admin-1'"
    with tenant_scope(two_tenants[0]):
        await execute(change.format("role = 'viewer'"), two_tenants[0])
        assert (await caller.post("runs", body)).status_code == 403
        await execute(change.format("state = 'disabled'"), two_tenants[0])
    assert (await caller.post("runs", body)).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "长" * 65},
        {"scopes": ""},
        {"scopes": "manage_accounts"},
        {"scopes": "everything"},
        {"days": "0"},
        {"days": "367"},
        {"days": "many"},
    ],
)
async def test_a_wish_with_a_fault_makes_nothing(admin: Browser, wrong: dict[str, str]) -> None:
    await admin.get("/t/donghu/tokens")
    page = await admin.post("/t/donghu/tokens", {**WISH, **wrong})
    assert page.status_code == 422
    assert "令牌没有建立" in page.text
    assert "还没有令牌" in page.text


async def test_a_wish_with_a_fault_need_not_be_typed_again(admin: Browser) -> None:
    await admin.get("/t/donghu/tokens")
    wish: dict[str, str | list[str]] = {**WISH, "scopes": ["view_schemes", "view_roster"], "days": "999"}
    page = (await admin.post("/t/donghu/tokens", wish)).text
    assert 'name="name" value="区财政系统"' in page
    assert 'name="days" inputmode="numeric" maxlength="3" value="999"' in page
    ticked = re.findall(r'name="scopes" value="(\w+)" checked', page)
    assert sorted(ticked) == ["view_roster", "view_schemes"]


async def test_the_number_of_open_tokens_is_bounded(admin: Browser) -> None:
    for _ in range(MOST_OPEN):
        await made(admin)
    page = await admin.post("/t/donghu/tokens", WISH)
    assert page.status_code == 422


async def test_the_document_is_for_whoever_is_signed_in_and_asks_no_other_host(
    app: Litestar, admin: Browser
) -> None:
    page = await admin.get("/t/donghu/api")
    assert page.status_code == 200
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert address.startswith(("/", "#"))
        if address.startswith("/static/api"):
            assert (await admin.get(address)).status_code == 200
    document = await admin.get("/t/donghu/api/openapi.json")
    assert document.json()["openapi"].startswith("3.1")
    for path in ("/t/donghu/api", "/t/donghu/api/openapi.json"):
        assert (await browser(app).get(path)).status_code == 303
