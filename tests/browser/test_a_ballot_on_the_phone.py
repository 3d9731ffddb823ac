"""A ballot in Debian's Chromium: prepared on the desk, voted in on a phone without login or script."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import NARROW, Watched
from tests.support.site import Site

pytestmark = pytest.mark.browser
VOTERS = 5


def test_a_ballot_is_prepared_voted_in_by_phone_and_counted(
    watched: Watched, site: Site, chromium: Browser, shots: Path | None
) -> None:
    page = watched.page
    page.goto(site.at("login"))
    page.fill("#login", site.login)
    page.fill("#password", site.password)
    page.keyboard.press("Enter")
    page.wait_for_url(site.at())
    _prepared(watched, site, shots)
    page.get_by_role("button", name="开放投票").click()
    page.get_by_role("link", name="名册和二维码").click()
    watched.fits("ballot-roll", shots)
    page.get_by_role("button", name="生成二维码").click()
    expect(page.locator("svg.qr")).to_have_count(VOTERS)
    assert page.locator("svg.qr").first.bounding_box()["width"] >= 100  # type: ignore[index]
    watched.fits("ballot-codes", shots)
    for place, link in enumerate(page.locator(".cards .addr").all_inner_texts()):
        _voted(chromium, link, place, shots)
    page.goto(site.at("ballots"))
    watched.fits("ballots", shots)
    page.get_by_role("link", name="群众满意度测评", exact=True).click()
    expect(page.get_by_text(f"票箱里有 {VOTERS} 张密封的票")).to_be_visible()
    page.get_by_role("button", name="结束投票").click()
    page.get_by_role("button", name="计票").click()
    expect(page.get_by_role("cell", name="80.00").first).to_be_visible()
    watched.fits("ballot-results", shots)


def _prepared(watched: Watched, site: Site, shots: Path | None) -> None:
    page = watched.page
    page.goto(site.at("ballots/new"))
    page.fill("#title", "群众满意度测评")
    page.select_option("#kind", "organization")
    page.fill("#day", date(2026, 10, 30).isoformat())
    watched.fits("ballot-new", shots)
    page.get_by_role("button", name="建立票决").click()
    page.fill("#word", "居民")
    page.get_by_role("button", name="加评议方").click()
    page.goto(site.at("organizations"))
    number = page.locator("table.list tbody tr").first.locator("td").first.inner_text()
    page.goto(site.at("ballots"))
    page.get_by_role("link", name="群众满意度测评", exact=True).click()
    page.fill("#numbers", number)
    page.get_by_role("button", name="加对象").click()
    page.locator("input[name=pledge]").fill("每月公开一次账目，群众来访当日答复")
    page.get_by_role("button", name="保存").click()
    watched.fits("ballot-draft", shots)
    page.get_by_role("link", name="名册和二维码").click()
    page.fill("#count", str(VOTERS))
    page.get_by_role("button", name="按份数加").click()
    page.get_by_role("link", name="群众满意度测评", exact=True).click()


def _voted(chromium: Browser, link: str, place: int, shots: Path | None) -> None:
    """One voter on a phone of his own; the first one's browser runs no script."""
    context = chromium.new_context(
        viewport={"width": NARROW, "height": 844}, locale="zh-CN", java_script_enabled=place > 0
    )
    page = context.new_page()
    page.goto(link)
    _seen(page, f"vote-{place}", shots if place == 0 else None)
    page.get_by_role("button", name="领取选票").click()
    expect(page.get_by_text("每月公开一次账目")).to_be_visible()
    option = page.get_by_label("满意", exact=True) if place else page.get_by_label("不满意")
    box = option.locator("xpath=..").bounding_box()
    assert box is not None
    assert box["height"] >= 44  # a thumb's width
    option.check()
    _seen(page, f"paper-{place}", shots if place == 0 else None)
    page.get_by_role("button", name="投出选票").click()
    expect(page.get_by_text("您的选票已经投进票箱")).to_be_visible()
    _seen(page, f"voted-{place}", shots if place == 0 else None)
    assert page.goto(link).status == 404  # type: ignore[union-attr]
    context.close()


def _seen(page: Page, name: str, shots: Path | None) -> None:
    if shots is not None:
        page.screenshot(path=shots / f"{name}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth") if shots is None else NARROW
    assert wide <= NARROW, f"{name} is {wide} px wide"
