"""From points to a gift in Chromium: the clerk sets it up, acts for a member, hands out; the books agree."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Watched
from tests.browser.test_a_clerks_day import enter
from tests.support.site import Site

pytestmark = pytest.mark.browser


def test_points_become_a_gift(watched: Watched, site: Site, shots: Path | None) -> None:
    page = watched.page
    enter(watched, site)
    _rule(watched, site, shots)
    _gift(watched, site, shots)
    page.goto(site.at("points/gifts"))
    page.get_by_label("党员编号").fill("QS000002")
    page.get_by_role("button", name="查找").click()
    watched.fits("points-no-points", shots)
    page.get_by_role("link", name="明细").click()
    page.locator("#c-p").fill("60.5")
    page.get_by_label("事由").select_option("opening")
    page.get_by_role("button", name="登记积分").click()
    expect(page.locator(".figures")).to_contain_text("60.50")
    watched.fits("points-balance", shots)
    member = page.url.rsplit("/", 1)[1]
    page.goto(site.at(f"points/gifts?member={member}"))
    watched.fits("points-gifts", shots)
    page.get_by_role("button", name="兑换图书一套").click()
    expect(page.locator(".shelf .addr")).to_be_visible()
    watched.fits("points-redemptions", shots)
    _hand_out(watched, site, shots)


def _rule(watched: Watched, site: Site, shots: Path | None) -> None:
    page = watched.page
    page.goto(site.at("points/redemption-rule"))
    page.get_by_label("凭什么兑换").select_option("anyone")
    page.get_by_role("button", name="保存兑换规则").click()
    expect(page.get_by_label("凭什么兑换")).to_have_value("anyone")
    watched.fits("points-rule", shots)


def _gift(watched: Watched, site: Site, shots: Path | None) -> None:
    page = watched.page
    page.goto(site.at("points/stock"))
    watched.fits("points-stock-empty", shots)
    page.get_by_label("名称").fill("图书一套")
    page.get_by_label("说明").fill("党史读物三册")
    page.get_by_label("所需积分").fill("30")
    page.get_by_role("button", name="添加物品").click()
    page.get_by_label("数量").fill("12")
    page.get_by_role("button", name="登记入库").click()
    expect(page.get_by_role("row", name=re.compile("入库"))).to_be_visible()
    watched.fits("points-gift", shots)


def _hand_out(watched: Watched, site: Site, shots: Path | None) -> None:
    page = watched.page
    code = page.locator(".shelf .addr").inner_text()
    page.goto(site.at("points/desk"))
    page.get_by_label("取货码").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="确认发放")).to_be_visible()
    watched.fits("points-desk", shots)
    page.get_by_role("button", name="确认发放").click()
    expect(page.get_by_text("已发放：图书一套")).to_be_visible()
    page.goto(site.at("points/stock"))
    watched.fits("points-stock", shots)
    page.goto(site.at("points/proof"))
    expect(page.get_by_text("账账相符")).to_be_visible()
    watched.fits("points-proof", shots)
