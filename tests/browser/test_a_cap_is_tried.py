"""A clerk lowers a cap in the table of a draft; the panel beside it says at once who would move."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Watched
from tests.support.site import Site

pytestmark = pytest.mark.browser
SOON = 20_000


def test_a_lower_cap_shows_who_falls_before_anything_is_published(
    watched: Watched, site: Site, shots: Path | None
) -> None:
    page = watched.page
    page.goto(site.at("login"))
    page.fill("#login", site.login)
    page.fill("#password", site.password)
    page.keyboard.press("Enter")
    page.wait_for_url(site.at())
    page.goto(site.at("schemes/points"))
    page.get_by_role("button", name="修改规则").click()
    panel = page.locator("#trial")
    expect(panel).to_contain_text("谁会变动：没有", timeout=SOON)
    cap = page.get_by_label("自选事项封顶")
    cap.fill("25")
    cap.blur()
    expect(panel).to_contain_text("自选事项封顶 40 → 25 分", timeout=SOON)
    expect(panel).to_contain_text(re.compile(r"谁会变动：\d+ 个（升 0，降 \d+）"))
    watched.fits("draft-trial", shots)
    panel.locator(".legend a").first.click()
    expect(panel.locator(".legend a[aria-current]")).to_have_count(1)
    page.goto(f"{page.url}/trial/print")
    expect(page.get_by_role("heading", name="草稿试算")).to_be_visible()
    expect(page.locator("main")).to_contain_text("自选事项封顶 40 → 25 分", timeout=SOON)
    watched.fits("draft-trial-page", shots)
