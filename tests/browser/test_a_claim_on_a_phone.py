"""The service shelf in Chromium: a secretary claims for a member, the member goes on by a link on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Watched
from tests.browser.test_a_clerks_day import enter
from tests.support.database import copied
from tests.support.points import on_shelf
from tests.support.site import Site, served

from jiceng.kernel.settings import Settings

pytestmark = pytest.mark.browser
MEMBER = "QS000002"


async def two_items() -> None:
    """An item that anybody may claim and a required one."""
    await on_shelf("BX01", kind="必选", title="参加主题党日")
    await on_shelf("ZX01", title="看望独居老人", capacity=5)


@pytest.fixture(scope="module")
def shelf(server: Settings, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The town with two items on its shelf."""
    with (
        copied(server, template, "shelf") as settings,
        served(settings, tmp_path_factory.mktemp("shelf"), two_items) as site,
    ):
        yield site


def watching(shelf: Site, chromium: Browser) -> Watched:
    """A fresh browser that records what must not happen."""
    return Watched(chromium.new_context(locale="zh-CN").new_page(), shelf.address)


def test_a_claim_from_the_shelf_to_the_queue(shelf: Site, chromium: Browser, shots: Path | None) -> None:
    desk = watching(shelf, chromium)
    enter(desk, shelf)
    page = desk.page
    page.goto(shelf.at("points/"))
    desk.fits("points-shelf", shots)
    page.get_by_role("link", name="看望独居老人").click()
    desk.fits("points-item", shots)
    page.get_by_label("党员或组织编号").fill(MEMBER)
    page.get_by_role("button", name="认领这件事").click()
    desk.fits("points-claim", shots)
    page.locator("dd a[href*='/points/members/']").click()
    desk.fits("points-member", shots)
    page.get_by_role("button", name="做一次性链接").click()
    address = page.locator(".addr.said").inner_text()
    for path in ("queue", "overview", "dispatch", "review", "own-lists", "adjustments", "needs", "year-end"):
        page.goto(shelf.at(f"points/{path}"))
        desk.fits(f"points-{path}", shots)
    _on_the_phone(watching(shelf, chromium), address, shots)
    page.goto(shelf.at("points/queue"))
    expect(page.get_by_text("上门看望，一切都好")).to_be_visible()
    desk.fits("points-queue-one", shots)
    expect(page.get_by_role("checkbox")).to_be_disabled()  # who claimed it does not verify it
    assert desk.complaints == []


def _on_the_phone(phone: Watched, address: str, shots: Path | None) -> None:
    page: Page = phone.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    page.get_by_role("button", name="在这台手机上打开").click()
    expect(page.get_by_text("照现在的进度会误期")).to_be_visible()
    phone.fits("points-me", shots)
    page.get_by_label("一句话证明").fill("上门看望，一切都好")
    page.get_by_role("button", name="报完成").click()
    expect(page.get_by_text("待核验")).to_be_visible()
    page.get_by_role("button", name="认领参加主题党日").click()
    expect(page.get_by_label("一句话证明")).to_be_visible()
    phone.fits("points-me-claimed", shots)
    assert phone.complaints == []
