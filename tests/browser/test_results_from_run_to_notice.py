"""Runs, results, rulings, comparison, publication and the notice in Chromium: they fit, nothing complains."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Watched
from tests.support.database import copied
from tests.support.site import Site, served
from tests.support.stars import BOOK, YEAR, ten_branches

from jiceng.evaluation import jobs, queries
from jiceng.evaluation.schemas import RunInfo
from jiceng.evaluation.service import open_run
from jiceng.kernel import clock
from jiceng.kernel.database import current_tenant, fetch_value
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import run_due_jobs
from jiceng.kernel.settings import Settings
from jiceng.publication import service
from jiceng.publication.acts.confirming import confirm
from jiceng.publication.flow.states import Act
from jiceng.roster.vocabulary import FIELDS
from jiceng.schemes.service import adopt

pytestmark = pytest.mark.browser
TIED = {"农村": [99, 98, 80, 70, 60], "园区": [95, 90, 90, 80, 70]}
SOON = 20_000
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
EXPIRED = datetime(2026, 11, 16, 4, tzinfo=UTC)


async def prepare() -> None:
    """Points of members in effect, one of them held back; stars of branches with a tie that waits."""
    with clock.showing(NOON):
        await ten_branches(TIED)
        await adopt("stars", toml=for_the_town(), in_force_from=YEAR, reason="全镇")
        points = await computed("points")
        await computed("stars")
        by = await fetch_value("select id from account where tenant_id = $1 limit 1", current_tenant())
        top = await fetch_value(
            "select organization from organization_state "
            "where tenant_id = $1 and parent is null and until is null and kind <> '党支部'",
            current_tenant(),
        )
        first = await fetch_value(
            "select m.number from member m join result r on r.tenant_id = m.tenant_id and r.subject = m.id "
            "where m.tenant_id = $1 and r.run = $2 and r.grade is not null order by r.place limit 1",
            current_tenant(),
            points.id,
        )
        await service.move(points.id, Act.REVIEW, "名册、事实核对无误", by=by)
        notice = service.Notice(
            grades=("合格",), first_day=date(2026, 11, 3), working_days=5, office="组织科", phone="0000-0000"
        )
        await service.open_notice(points.id, notice, by=by)
        await confirm(points.id, top, "党委会 11 月 2 日", [first], by=by)
    with clock.showing(EXPIRED):
        await service.move(points.id, Act.FINISH, "公示期满，没有异议", by=by)


def for_the_town() -> str:
    """The rules of the ten branches, for a town whose other organizations have no assessment."""
    fields = msgspec.json.encode(FIELDS).decode()
    text = (BOOK % "half_up").replace('["农村", "社区"]', fields)
    return text.replace('title = "考核得分", ', 'title = "考核得分", required = true, ')


async def computed(key: str) -> RunInfo:
    run = await open_run(key, date(2026, 5, 1), by=new_id())
    await run_due_jobs(jobs.JOBS)
    found = await queries.run(run.id)
    assert found.state == "done", found.reason
    return found


@pytest.fixture(scope="module")
def site(server: Settings, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The town with two runs computed."""
    with (
        copied(server, template, "r") as settings,
        served(settings, tmp_path_factory.mktemp("tenants"), prepare) as site,
    ):
        yield site


@pytest.fixture
def page(watched: Watched, site: Site) -> Page:
    page = watched.page
    page.goto(site.at("login"))
    page.fill("#login", site.login)
    page.fill("#password", site.password)
    page.keyboard.press("Enter")
    page.wait_for_url(site.at())
    return page


def test_a_tie_is_ruled_and_the_runs_compared(
    page: Page, watched: Watched, site: Site, shots: Path | None
) -> None:
    page.goto(site.at("runs"))
    watched.fits("runs-2", shots)
    page.get_by_role("link", name="星级党组织评定").first.click()
    watched.fits("run-stars", shots)
    page.get_by_role("link", name="处理 2 个待裁定").click()
    watched.fits("questions", shots)
    page.get_by_role("row", name="园区第3党支部").get_by_role("link", name="裁定").click()
    expect(page.locator("main")).to_contain_text("园区第2党支部")
    watched.fits("question", shots)
    page.fill("#q-r", "群众评价更高，支部会议记录第 3 号")
    page.get_by_role("button", name="作出裁定").click()
    expect(page.locator("main")).to_contain_text("下一次起作用")
    watched.fits("questions-ruled", shots)
    page.get_by_role("button", name="按 1 条新裁定重算").click()
    page.get_by_role("link", name="看结果").click(timeout=SOON)
    watched.fits("results-stars", shots)
    page.get_by_role("link", name="园区第3党支部").click()
    watched.fits("result-stars", shots)
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="与上次对照").click()
    expect(page.locator("main")).to_contain_text("2 个有变动")
    watched.fits("compare", shots)


def test_results_in_effect_and_their_notice(
    page: Page, watched: Watched, site: Site, shots: Path | None
) -> None:
    page.goto(site.at("notices"))
    watched.fits("notices", shots)
    page.get_by_role("row", name="已生效").get_by_role("link", name="办理").click()
    watched.fits("publication", shots)
    page.get_by_role("link", name="看公示").click()
    expect(page.locator("article")).to_contain_text("共 5 个工作日")
    watched.fits("notice", shots)
    page.emulate_media(media="print")
    watched.fits("notice-print", shots)
    page.emulate_media(media="screen")
    page.goto(site.at("runs"))
    page.get_by_role("row", name="已生效").get_by_role("link").first.click()
    watched.fits("run-final", shots)
    page.get_by_role("link", name="看结果").click()
    watched.fits("results-final", shots)
    page.get_by_role("link", name="其中 1 个未生效").click()
    watched.fits("results-held", shots)
    page.locator("table.list tbody a").first.click()
    expect(page.locator("main")).to_contain_text("没有具名确认")
    watched.fits("result-held", shots)


def test_an_open_notice_takes_confirmations(
    page: Page, watched: Watched, site: Site, shots: Path | None
) -> None:
    page.goto(site.at("notices"))
    page.get_by_role("row", name="星级党组织评定").first.get_by_role("link", name="办理").click()
    watched.fits("publication-computed", shots)


def test_the_scheme_centre_and_its_forms(
    page: Page, watched: Watched, site: Site, shots: Path | None
) -> None:
    page.goto(site.at("schemes"))
    watched.fits("scheme-centre", shots)
    page.goto(site.at("schemes/points"))
    watched.fits("scheme-points", shots)
    page.goto(site.at("schemes/points/clauses"))
    watched.fits("clauses", shots)
    page.goto(site.at("schemes/points/history"))
    watched.fits("history", shots)
    page.goto(site.at("schemes/stars"))
    page.get_by_role("button", name="修改规则").click()
    watched.fits("draft-stars", shots)
    draft = page.url
    for section in ("header", "facts", "items", "groups", "decide", "outputs", "area"):
        page.goto(f"{draft}/parts/{section}/{'-' if section == 'header' else 'new'}")
        watched.fits(f"form-{section}", shots)
    page.goto(f"{draft}/parts/decide/1")
    watched.fits("form-quota", shots)
    page.goto(f"{draft}/ballot")
    watched.fits("form-ballot", shots)
    page.goto(site.at("periods"))
    watched.fits("periods", shots)
    page.goto(site.at("calendar"))
    watched.fits("calendar", shots)
