"""A clerk's first day in Debian's Chromium: nothing leaves the host, the browser complains about nothing."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Watched
from tests.support.site import TENANTS, TOWN, Site

pytestmark = pytest.mark.browser


def enter(watched: Watched, site: Site) -> None:
    """Sign in by keyboard alone."""
    page = watched.page
    page.goto(site.at("login"))
    expect(page.locator("#login")).to_be_focused()
    page.keyboard.type(site.login)
    page.keyboard.press("Tab")
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type(site.password)
    page.keyboard.press("Enter")
    page.wait_for_url(site.at())


def test_the_way_in_by_keyboard_with_a_visible_focus(
    watched: Watched, site: Site, shots: Path | None
) -> None:
    page = watched.page
    page.goto(site.address + "/")
    watched.fits("start", shots)
    page.get_by_role("link", name="青石镇党委").click()
    page.wait_for_url(site.at("login"))
    watched.fits("login", shots)
    expect(page.locator("#login")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    enter(watched, site)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    watched.fits("home", shots)


def test_on_a_telephone_the_menu_opens_by_touch_and_by_keyboard(watched: Watched, site: Site) -> None:
    enter(watched, site)
    page = watched.page
    schemes = page.get_by_role("link", name="方案", exact=True)
    expect(schemes).to_be_visible()
    expect(page.get_by_text("菜单", exact=True)).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 768})
    expect(schemes).to_be_hidden()
    expect(page.get_by_role("link", name="工作台", exact=True)).to_be_visible()
    page.get_by_text("菜单", exact=True).click()
    expect(schemes).to_be_visible()
    page.get_by_role("checkbox", name="菜单").press("Space")
    expect(schemes).to_be_hidden()


def test_large_type_stays_and_the_language_switches(watched: Watched, site: Site, shots: Path | None) -> None:
    enter(watched, site)
    page = watched.page
    page.get_by_role("button", name="大字").click()
    page.reload()
    assert page.evaluate("document.documentElement.className") == "large"
    watched.fits("home-large", shots)
    page.get_by_role("button", name="大字").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    watched.fits("home-en", shots)
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


def test_accounts_and_sessions(watched: Watched, site: Site, shots: Path | None) -> None:
    enter(watched, site)
    page = watched.page
    page.get_by_role("link", name="账号", exact=True).click()
    page.fill("#login", "gao")
    page.fill("#name", "高文渊")
    page.get_by_role("button", name="生成邀请链接").click()
    link = page.locator("#link").inner_text()
    watched.fits("accounts", shots)
    page.goto(site.at("sessions"))
    watched.fits("sessions", shots)
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(site.at("login"))
    page.goto(link)
    watched.fits("invitation", shots)


def test_the_record_console_is_chinese_and_read_only(
    watched: Watched, site: Site, shots: Path | None
) -> None:
    enter(watched, site)
    page = watched.page
    page.goto(site.at("admin/#/organization"))
    expect(page.get_by_role("heading", name="党组织")).to_be_visible()
    expect(page.get_by_role("cell", name="QS0010")).to_be_visible()
    assert page.get_by_text("添加行").is_hidden()
    expect(page.locator('option[label="每页 15 条"]')).to_have_count(1)
    if shots is not None:
        page.screenshot(path=shots / "records-1366.png")
    page.get_by_role("link", name="回到工作台").click()
    page.wait_for_url(site.at())


def test_from_the_roster_to_a_score_that_explains_itself(
    watched: Watched, site: Site, shots: Path | None
) -> None:
    enter(watched, site)
    page = watched.page
    go(watched, "组织", "organizations", shots)
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    go(watched, "人员", "members", shots)
    go(watched, "导入", "import", shots)
    page.set_input_files("input[type=file]", TENANTS / TOWN / "roster.xlsx")
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("这份名册与系统里的完全一样")).to_be_visible()
    watched.fits("preview", shots)
    go(watched, "方案", "schemes", shots)
    page.get_by_role("link", name="党员积分年度评定").click()
    expect(page.get_by_role("heading", name="评价项目")).to_be_visible()
    watched.fits("scheme", shots)
    page.get_by_role("link", name="导入事实").click()
    expect(page.get_by_role("button", name="上传并导入")).to_be_visible()
    watched.fits("facts-import", shots)
    go(watched, "评定结果", "runs", shots)
    offered = page.locator("form").filter(has=page.locator("input[name=scheme][value=points]"))
    offered.get_by_role("button", name="开始评定").click()
    page.get_by_role("link", name="看结果").click(timeout=30_000)  # the page reloads itself when it is done
    expect(page.get_by_role("heading", name="结果表")).to_be_visible()
    watched.fits("results", shots)
    page.get_by_role("row").filter(has_text="已评定").first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="分数是怎么来的")).to_be_visible()
    watched.fits("result", shots)
    scores = [int(text) for text in page.locator("tbody").first.locator("td:last-child").all_inner_texts()]
    assert sum(scores[:-1]) == scores[-1] > 0  # the lines add up to the score in the last row
    page.get_by_role("link", name="全部事实").click()
    expect(page.get_by_role("heading", name="的事实")).to_be_visible()
    watched.fits("facts", shots)
    page.get_by_role("link", name="工作台").click()
    latest = page.get_by_role("row", name="党员积分年度评定，2026 年度").first
    expect(latest.get_by_text("拟定", exact=True)).to_be_visible()
    watched.fits("home-after", shots)


def go(watched: Watched, place: str, name: str, shots: Path | None) -> None:
    """Open a place of the main navigation and look at it."""
    navigation = watched.page.get_by_role("navigation", name="主导航")
    navigation.get_by_role("link", name=place, exact=True).click()
    expect(navigation.get_by_role("link", name=place, exact=True)).to_have_attribute("aria-current", "page")
    watched.fits(name, shots)
