"""Story: somebody switches the screens to English and back; the choice stays in the browser."""

from litestar import Litestar
from tests.support.web import browser, signed_in_browser


async def test_the_switch_changes_every_page_and_leads_back(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    answer = await viewer.post("/t/donghu/language", {"to": "en", "back": "/t/donghu/sessions"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/t/donghu/sessions")
    page = await viewer.get("/t/donghu/sessions")
    assert '<html lang="en">' in page.text
    assert "My sessions" in page.text
    assert "Sign out" in page.text
    await viewer.post("/t/donghu/language", {"to": "zh", "back": "/t/donghu/sessions"})
    assert "我的登录" in (await viewer.get("/t/donghu/sessions")).text


async def test_it_never_leads_to_another_site(app: Litestar, two_tenants: tuple[int, int]) -> None:
    del two_tenants
    anybody = browser(app)
    await anybody.get("/")
    for back in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        answer = await anybody.post("/language", {"to": "en", "back": back})
        assert answer.headers["location"] == "/"
