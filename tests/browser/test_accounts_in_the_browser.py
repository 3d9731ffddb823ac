"""Accounts in Debian's Chromium: a colleague is invited and given a scope, and sets up a second factor."""

from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Watched
from tests.support.site import Site

pytestmark = pytest.mark.browser


def test_a_colleague_is_invited_given_a_branch_and_sets_up_a_second_factor(
    watched: Watched, site: Site, shots: Path | None
) -> None:
    page = watched.page
    page.goto(site.at("login"))
    page.fill("#login", site.login)
    page.fill("#password", site.password)
    page.keyboard.press("Enter")
    page.wait_for_url(site.at())
    page.goto(site.at("accounts"))
    page.fill("#login", "shuji")
    page.fill("#name", "周砚秋")
    page.select_option("#role", "secretary")
    page.fill("#person", "QS-0001")
    page.get_by_role("button", name="生成邀请链接").click()
    link = page.locator("#link").inner_text()
    page.get_by_role("link", name="shuji").click()
    expect(page.get_by_role("heading", name="角色和数据范围")).to_be_visible()
    watched.fits("account", shots)
    page.goto(site.at("security"))
    watched.fits("security", shots)
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(site.at("login"))
    _second_factor(watched, site, shots, link)


def _second_factor(watched: Watched, site: Site, shots: Path | None, link: str) -> None:
    page = watched.page
    page.goto(link)
    page.fill("#password", "correct horse battery")
    page.fill("#again", "correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url(site.at())
    watched.fits("home-secretary", shots)
    page.goto(site.at("second-factor"))
    page.get_by_role("button", name="生成二维码").click()
    expect(page.locator("svg.qr")).to_be_visible()
    assert page.locator("svg.qr").bounding_box()["width"] >= 150  # type: ignore[index]
    watched.fits("second-factor", shots)
    secret = pyotp.TOTP(page.locator("code.addr").inner_text())
    page.fill("#password", "correct horse battery")
    page.fill("#code", secret.now())
    page.get_by_role("button", name="启用", exact=True).click()
    expect(page.get_by_role("heading", name="备用码只显示这一次")).to_be_visible()
    watched.fits("recovery-codes", shots)
    recovery = page.locator("ol.codes code").first.inner_text()
    page.goto(site.at("second-factor"))
    watched.fits("second-factor-on", shots)
    page.get_by_role("button", name="退出").click()
    page.fill("#login", "shuji")
    page.fill("#password", "correct horse battery")
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_focused()
    watched.fits("login-code", shots)
    page.fill("#code", recovery)
    page.keyboard.press("Enter")
    page.wait_for_url(site.at())
