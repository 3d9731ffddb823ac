"""「双强六好」 in Debian's Chromium: an enterprise's declaration is written, saved by itself, handed in."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Watched
from tests.support.database import copied
from tests.support.enterprises import TYPED
from tests.support.site import Site, served

from jiceng.kernel.settings import Settings
from jiceng.schemes.service import adopt
from jiceng.tenancy.service import set_plugin
from jiceng_double_strong_six_good.declarations.content import QUESTIONS
from jiceng_double_strong_six_good.vocabulary import SCHEME

pytestmark = pytest.mark.browser


async def with_enterprises() -> None:
    """The plugin on, its scheme in force: the town's own units take part."""
    await set_plugin(SCHEME, on=True)
    await adopt(SCHEME, in_force_from=date(2020, 1, 1), reason="测试")


@pytest.fixture(scope="module")
def site(server: Settings, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The town with its enterprises."""
    with (
        copied(server, template, "e") as settings,
        served(settings, tmp_path_factory.mktemp("tenants"), with_enterprises) as site,
    ):
        yield site


def test_a_declaration_is_written_saved_and_handed_in(
    watched: Watched, site: Site, shots: Path | None
) -> None:
    page = watched.page
    page.goto(site.at("login"))
    page.fill("#login", site.login)
    page.fill("#password", site.password)
    page.keyboard.press("Enter")
    page.wait_for_url(site.at())
    expect(page.get_by_text("非公企业组织覆盖率")).to_be_visible()
    watched.fits("home-with-enterprises", shots)
    page.get_by_role("link", name="双强六好", exact=True).first.click()
    watched.fits("enterprises-board", shots)
    page.goto(site.at("double-strong-six-good/coverage"))
    watched.fits("enterprises-coverage", shots)
    page.goto(site.at("double-strong-six-good/declarations"))
    watched.fits("enterprises-declarations", shots)
    page.locator("tbody th a").first.click()
    page.get_by_role("button", name="开始申报").click()
    expect(page.get_by_text("申报内容")).to_be_visible()
    chosen = {question.name for question in QUESTIONS if question.kind != "number"}
    for name, value in TYPED.items():
        field = page.locator(f'[name="{name}"]')
        if name in chosen:
            field.select_option(value)
        else:
            field.fill(value)
    page.locator('[name="growth"]').press("Tab")
    expect(page.get_by_text("都填好了，可以提交。")).to_be_visible()
    watched.fits("enterprises-declaration", shots)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已提交，待审核").first).to_be_visible()
    page.goto(site.at())
    expect(page.get_by_role("row", name="待审核的企业申报 待办 1")).to_be_visible()
    watched.fits("home-with-a-declaration", shots)
