"""The page of background jobs and the record console's export in Debian's Chromium."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from tests.browser.conftest import Watched
from tests.browser.test_a_clerks_day import enter
from tests.support.site import Site

pytestmark = pytest.mark.browser


def test_what_was_started_is_seen_on_the_page_of_jobs(
    watched: Watched, site: Site, shots: Path | None
) -> None:
    enter(watched, site)
    page = watched.page
    page.goto(site.at("runs"))
    page.get_by_role("button", name="开始评定").first.click()
    expect(page.get_by_role("link", name="看结果")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="任务", exact=True).click()
    page.wait_for_url(site.at("jobs"))
    ended = page.get_by_role("region", name="最近结束")
    expect(ended.get_by_role("rowheader", name="评定计算").first).to_be_visible()
    expect(page.get_by_text("没有在做的任务")).to_be_visible(timeout=20_000)
    watched.fits("jobs", shots)


def test_a_table_of_records_is_taken_home_as_a_workbook(
    watched: Watched, site: Site, tmp_path: Path, shots: Path | None
) -> None:
    enter(watched, site)
    page = watched.page
    page.goto(site.at("admin/#/organization"))
    button = page.get_by_role("link", name="导出 Excel")
    expect(button).to_be_visible(timeout=20_000)
    if shots is not None:
        page.screenshot(path=shots / "records-export.png")
    with page.expect_download() as waiting:
        button.click()
    file = tmp_path / "organization.xlsx"
    waiting.value.save_as(file)
    assert load_workbook(file).worksheets[-1].max_row > 5
