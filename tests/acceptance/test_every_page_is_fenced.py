"""Story: headers, form tokens, methods, errors and body limits hold on every answer, also on refusals."""

import re
from typing import Any
from uuid import uuid4

import pytest
from litestar import Litestar
from tests.support.costs import Shares
from tests.support.quick_client import QuickClient
from tests.support.routes import rows
from tests.support.web import browser, signed_in_browser

from jiceng.accounts.access import Permission, declared, route_handlers
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.forms import READS
from jiceng.tenancy.service import set_plugin

WANTED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "vary": "Cookie",
}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/health", 200),
        ("/ready", 200),
        ("/t/donghu/login", 200),
        ("/t/donghu/", 303),
        ("/t/donghu/nothing-here", 404),
        ("/t/nobody/", 404),
        ("/t/%00/", 404),
        ("/nothing-here", 404),
        ("/t/donghu/invitation/unknown", 404),
    ],
)
async def test_headers_are_on_every_answer(
    app: Litestar, two_tenants: tuple[int, int], path: str, status: int
) -> None:
    del two_tenants
    answer = await browser(app).get(path)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in WANTED} == WANTED
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_static_files_are_kept_by_the_browser_and_carry_the_headers(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    del two_tenants
    page = await browser(app).get("/")
    for mark in ("console.css", "console.js", "vendor/htmx.min.js", "seal.svg"):
        address = page.text.split(f"/static/{mark}")[1].split('"')[0]
        file = await browser(app).get(f"/static/{mark}{address}")
        assert file.status_code == 200
        assert "max-age=31536000" in file.headers["cache-control"]
        assert file.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
async def test_other_methods_are_refused(app: Litestar, two_tenants: tuple[int, int], method: str) -> None:
    del two_tenants
    answer = await browser(app).client.request(method, "/")
    assert answer.status_code == 405
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_form_without_its_token_is_refused(app: Litestar, two_tenants: tuple[int, int]) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    form = {"login": "gao", "name": "高文渊", "role": "viewer"}
    good = admin.token
    for token in ("", "0" * 64, good[:-1] + ("0" if good[-1] != "0" else "1")):
        admin.token = token
        answer = await admin.post("/t/donghu/accounts", form)
        assert answer.status_code == 403
        assert "页面已过期" in answer.text
        admin.token = good
    other_site = await admin.post(
        "/t/donghu/accounts", form, headers={"accept": "text/html", "sec-fetch-site": "cross-site"}
    )
    assert other_site.status_code == 403
    assert (await admin.post("/t/donghu/accounts", form)).status_code == 200


async def test_a_token_of_another_session_or_browser_is_refused(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    one = await signed_in_browser(app, two_tenants[0], "tenant_admin", "one")
    other = await signed_in_browser(app, two_tenants[0], "tenant_admin", "other")
    one.token = other.token
    assert (await one.post("/t/donghu/logout")).status_code == 403
    stranger = browser(app)
    assert (await stranger.post("/t/donghu/login", {"login": "x", "password": "y"})).status_code == 403


async def test_the_token_may_come_in_the_header_as_htmx_sends_it(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    answer = await admin.client.post("/t/donghu/logout", headers={"x-csrf-token": admin.token})
    assert answer.status_code == 303


async def test_cookies_cannot_be_read_by_scripts_or_sent_by_other_sites(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    del two_tenants
    cookie = (await browser(app).get("/t/donghu/login")).headers["set-cookie"]
    assert cookie.startswith("jiceng-form=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie


async def test_a_large_body_is_refused(app: Litestar, two_tenants: tuple[int, int]) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    answer = await admin.post("/t/donghu/accounts", {"login": "x" * 2_000_000, "name": "n", "role": "viewer"})
    assert answer.status_code == 413
    assert "文件太大" in answer.text


async def test_an_api_client_gets_problem_details(app: Litestar, two_tenants: tuple[int, int]) -> None:
    del two_tenants
    for path, status in (("/api/v1/nothing", 404), ("/t/donghu/accounts", 401)):
        answer = await browser(app).get(path, headers={"accept": "application/json"})
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status


async def test_a_crash_shows_a_reference_and_no_traceback(
    app: Litestar, two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")

    async def crash() -> None:
        raise RuntimeError("canary 110101199003078888")

    monkeypatch.setattr("jiceng.accounts.queries.accounts", crash)
    answer = await admin.get("/t/donghu/accounts")
    assert answer.status_code == 500
    assert "程序出错了，您的内容没有保存" in answer.text
    assert "编号" in answer.text
    assert "canary" not in answer.text
    assert "Traceback" not in answer.text


BY_LINK = {
    *("/t/{tenant:str}/vote/{link:str}", "/t/{tenant:str}/paper", "/t/{tenant:str}/voted"),
    *("/t/{tenant:str}/points/ask/{code:str}", "/t/{tenant:str}/points/m/{link:str}"),
    *("/t/{tenant:str}/points/me", "/t/{tenant:str}/points/me/close"),
    "/t/{tenant:str}/points/me/claim/{item:uuid}",
    "/t/{tenant:str}/points/me/claims/{claim:uuid}/complete",
    "/t/{tenant:str}/points/me/claims/{claim:uuid}/withdraw",
}
"""Open without an account, to whoever holds a one-time link: voters, residents with a need, members."""


def test_every_route_declares_its_permission(app: Litestar) -> None:
    found = [(route.path, declared(handler)) for route, handler in route_handlers(app)]
    assert not [path for path, permission in found if permission is False]
    public = {path for path, permission in found if permission is None}
    assert public - BY_LINK == {
        "/",
        "/health",
        "/ready",
        "/metrics",
        "/language",
        "/api/v1",
        "/api/v1/openapi.json",
        "/static/{file_path:path}",
        "/static/api/{file_path:path}",
        "/static/vendor/{file_path:path}",
        "/t/{tenant:str}/language",
        "/t/{tenant:str}/login",
        "/t/{tenant:str}/login/code",
        "/t/{tenant:str}/invitation/{token:str}",
    }
    assert public >= BY_LINK
    assert all(isinstance(permission, Permission) for path, permission in found if path not in public)


async def test_a_suspended_tenant_can_be_read_but_not_changed(
    app: Litestar, two_tenants: tuple[int, int], superuser: object
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await superuser.execute("UPDATE tenant SET state = 'suspended' WHERE id = $1", two_tenants[0])  # type: ignore[attr-defined]
    assert (await admin.get("/t/donghu/accounts")).status_code == 200
    refused = await admin.post("/t/donghu/accounts", {"login": "gao", "name": "高文渊", "role": "viewer"})
    assert refused.status_code == 403
    assert "本单位已暂停使用，现在只能查看" in refused.text
    assert (await admin.post(f"/t/donghu/accounts/{uuid4()}/disable")).status_code == 403
    assert (await admin.post("/t/donghu/logout")).status_code == 303


async def test_whoever_holds_a_link_changes_nothing_of_a_suspended_tenant_either(
    app: Litestar, two_tenants: tuple[int, int], superuser: Any
) -> None:
    with tenant_scope(two_tenants[0]):
        await set_plugin("points", on=True)
    await superuser.execute("update tenant set state = 'suspended' where id = $1", two_tenants[0])
    public = {
        route.path: bool(handler.opt.get(READS))
        for route, handler in route_handlers(app)
        if route.path.startswith("/t/")
        and declared(handler) is None
        and "POST" in getattr(handler, "http_methods", ())
    }
    anybody = browser(app)
    await anybody.get("/t/donghu/login")
    for path, open_still in public.items():
        filled = path.replace("{tenant:str}", "donghu").replace(":str}", ":uuid}")
        filled = re.sub(r"\{\w+:uuid\}", str(uuid4()), filled)
        answer = await anybody.post(filled)
        assert (answer.status_code == 403) is not open_still, path
        assert ("本单位已暂停使用" in answer.text) is not open_still, path
    assert {path for path, open_still in public.items() if open_still} == {
        "/t/{tenant:str}/login",
        "/t/{tenant:str}/login/code",
        "/t/{tenant:str}/invitation/{token:str}",
        "/t/{tenant:str}/language",
        "/t/{tenant:str}/points/me/close",
    }
    assert len(public) == 12


async def test_nobody_floods_the_log_with_refusals(
    app: Litestar, two_tenants: tuple[int, int], superuser: Any
) -> None:
    for _ in range(65):
        assert (
            await browser(app).post("/t/donghu/login", {"login": "a", "password": "b"})
        ).status_code == 403
    told = "select count(*) from audit_entry where tenant_id = $1 and event = 'permission_refused'"
    assert await superuser.fetchval(told, two_tenants[0]) == 60
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    for _ in range(5):
        assert (await viewer.post("/t/donghu/accounts", {"login": "gao"})).status_code == 403
    assert await superuser.fetchval(told, two_tenants[0]) == 65


NOTHING_RUNS = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""The policy of files that are handed out."""


async def test_the_headers_are_on_every_route_there_is(
    app: Litestar, two_tenants: tuple[int, int], shares: Shares
) -> None:
    admin = QuickClient(app)
    admin.cookies = dict((await signed_in_browser(app, two_tenants[0], "tenant_admin")).client.cookies)
    of_pages = {row.path for row in rows(app) if row.later}
    bare: list[str] = []
    for path in sorted({route.path for route in app.routes}):
        later = path in of_pages
        if shares.wanted(later=later):
            with shares.spending(later=later):
                bare += await without_headers(admin, path)
    assert not bare, "\n".join(bare)


async def without_headers(admin: QuickClient, path: str) -> list[str]:
    """The methods of a route whose answer lacks a header, may run what is not ours, or is a crash."""
    address = re.sub(r"{\w+:uuid}", str(uuid4()), path.replace("{tenant:str}", "donghu"))
    address = re.sub(r"{\w+:\w+}", "1", address)
    bare = []
    for method in ("GET", "POST", "PUT", "OPTIONS"):
        elsewhere = {"accept": "text/html", "origin": "https://elsewhere.test"}
        answer = await admin.send(method, address, elsewhere)
        names = {*WANTED, "content-security-policy", "permissions-policy", "x-request-id"}
        lacking = names - set(answer.headers)
        policy = answer.headers.get("content-security-policy", "")
        saved = answer.headers.get("content-disposition", "").startswith("attachment")
        runs_ours_only = "script-src 'self';" in policy or (saved and policy == NOTHING_RUNS)
        if lacking or not runs_ours_only or "access-control-allow-origin" in answer.headers:
            bare.append(f"{method} {path}: {sorted(lacking)} {policy}")
        if answer.status_code >= 500:
            bare.append(f"{method} {path}: {answer.status_code}")
    return bare
