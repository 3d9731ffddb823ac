"""A rating campaign in Debian's Chromium: opened in four clicks, a sheet saves each change by itself."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Watched
from tests.support.site import Site

pytestmark = pytest.mark.browser


def test_a_campaign_is_opened_and_a_sheet_keeps_what_is_typed(
    watched: Watched, site: Site, shots: Path | None
) -> None:
    page = watched.page
    page.goto(site.at("login"))
    page.fill("#login", site.login)
    page.fill("#password", site.password)
    page.keyboard.press("Enter")
    page.wait_for_url(site.at())
    page.get_by_role("link", name="评定活动").click()
    page.get_by_role("link", name="星级党组织评定").click()
    watched.fits("campaign-new", shots)
    page.get_by_role("button", name="开始").click()
    expect(page.get_by_text("等您自评的还有 1 张")).to_be_visible()
    watched.fits("campaign", shots)
    page.get_by_role("link", name="中共青石镇委员会").first.click()
    lead = page.get_by_label("领导班子的评分")
    lead.fill("13.5")
    lead.press("Tab")
    row = page.get_by_role("row", name="领导班子 必填")
    expect(row.get_by_text("已存")).to_be_visible()
    page.get_by_label("领导班子的佐证").fill("换届材料")
    page.get_by_label("骨干队伍的评分").fill("99")
    page.get_by_label("活动阵地的评分").focus()
    expect(page.get_by_text("应在 0–10 之间")).to_be_visible()
    page.reload()
    expect(page.get_by_label("领导班子的评分")).to_have_value("13.5")
    expect(page.get_by_label("领导班子的佐证")).to_have_value("换届材料")
    expect(page.get_by_label("骨干队伍的评分")).to_have_value("99")
    watched.fits("campaign-sheet", shots)
    page.goto(site.at("star-rating"))
    expect(page.get_by_role("heading", name="星级", exact=True)).to_be_visible()
    watched.fits("stars", shots)
