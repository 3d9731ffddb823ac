"""Story: over TLS the cookies are bound to the host and secure, and browsers are told to stay on TLS."""

import msgspec
from litestar import Litestar
from tests.support.web import Browser, browser, tenant_info

from jiceng.accounts.managing.invitations import invite
from jiceng.app import create_app
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.settings import Settings

PASSWORD = "correct horse battery"


def over_tls(app: Litestar) -> Browser:
    """A browser that reaches the application through TLS."""
    reached = browser(app)
    reached.client.base_url = "https://jiceng.test"
    return reached


async def test_cookies_are_host_bound_and_secure(settings: Settings, two_tenants: tuple[int, int]) -> None:
    app = create_app(msgspec.structs.replace(settings, mode="production"), own_database=False)
    with tenant_scope(two_tenants[0]):
        path = await invite(await tenant_info(two_tenants[0]), "lin", "林若溪", "viewer")
    clerk = over_tls(app)
    page = await clerk.get(path)
    assert page.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    entered = await clerk.post(path, {"password": PASSWORD, "again": PASSWORD})
    cookies = [page.headers["set-cookie"], entered.headers["set-cookie"]]
    assert [cookie.split("=")[0] for cookie in cookies] == [
        "__Host-jiceng-form",
        "__Host-jiceng-session-donghu",
    ]
    for cookie in cookies:
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
    assert (await clerk.get("/t/donghu/")).status_code == 200


async def test_the_document_of_the_api_is_shut_for_strangers(
    settings: Settings, two_tenants: tuple[int, int]
) -> None:
    del two_tenants
    app = create_app(msgspec.structs.replace(settings, mode="production"), own_database=False)
    for path in ("/api/v1", "/api/v1/openapi.json", "/api/v1/swagger", "/schema", "/docs"):
        answer = await over_tls(app).get(path)
        assert (path, answer.status_code) == (path, 404)
        assert "openapi" not in answer.text.lower()


async def test_development_mode_sends_no_hsts(app: Litestar, two_tenants: tuple[int, int]) -> None:
    del two_tenants
    assert "strict-transport-security" not in (await browser(app).get("/")).headers
