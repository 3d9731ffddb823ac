"""Story: people open their home page: what waits for them, what is running, the plugins' key figures."""

import re
from datetime import datetime, timedelta

import pytest
from litestar import Litestar
from tests.support.appraisal import claimed, small_town, with_points
from tests.support.enterprises import FAIR, GOOD, POOR, Firms, organizations, rated, town_of_firms
from tests.support.web import signed_in_browser

from jiceng.evaluation.jobs import JOBS
from jiceng.evaluation.queries import runs
from jiceng.evaluation.service import open_run
from jiceng.kernel import clock
from jiceng.kernel.clock import now, today
from jiceng.kernel.database import execute, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import run_due_jobs
from jiceng.publication import service as publishing
from jiceng.publication.flow.states import Act
from jiceng.publication.service import Notice
from jiceng.tenancy.service import set_plugin

HOME = "/t/donghu"
_NARROW = "update account set scope = 'own', organization = $3 where tenant_id = $1 and login = $2"
_OPENED_BY = """
update run set opened_by = (select id from account where tenant_id = $1 and login = $2) where tenant_id = $1
"""


@pytest.fixture
async def town(two_tenants: tuple[int, int]) -> Firms:
    with tenant_scope(two_tenants[0]):
        found = await town_of_firms()
        await rated(found, today().year, {"U1": GOOD, "U2": FAIR, "U3": POOR})
    return found


def lines(page: str, heading: str) -> list[tuple[str, ...]]:
    """The cells of the table below a heading, in words."""
    if f'id="{heading}"' not in page:
        return []
    table = page.split(f'id="{heading}"')[1].split("</table>", maxsplit=1)[0].split("<tbody>")[1]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table.split("</tr>")[:-1]]
    return [tuple(re.sub(r"<[^>]+>", "", cell) for cell in row) for row in rows]


async def test_each_sees_what_waits_for_him_and_nothing_of_what_he_may_not_do(
    app: Litestar, town: Firms, two_tenants: tuple[int, int]
) -> None:
    reviewer = await signed_in_browser(app, two_tenants[0], "reviewer")
    page = (await reviewer.get(HOME)).text
    assert lines(page, "h-wait") == [("待确认的企业档次", "待办", "3")]
    assert 'href="/t/donghu/double-strong-six-good/enterprises?tier=open"' in page
    assert "上线清单" not in page
    said = {"year": f"{today().year}", "tier": "示范", "reason": "现场看过"}
    confirmed = f"{HOME}/double-strong-six-good/enterprises/{town['U1']}"
    await reviewer.get(f"{confirmed}?year={today().year}")
    assert (await reviewer.post(f"{confirmed}/verdict", said)).status_code == 303
    assert lines((await reviewer.get(HOME)).text, "h-wait") == [("待确认的企业档次", "待办", "2")]
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    assert "没有等您办理的事项" in (await viewer.get(HOME)).text


async def test_a_notice_is_running_until_it_is_over_and_then_waits(
    app: Litestar, town: Firms, two_tenants: tuple[int, int]
) -> None:
    del town
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    with tenant_scope(two_tenants[0]):
        (run,) = await runs()
        await publishing.move(run.id, Act.REVIEW, by=new_id())
        notice = Notice(
            grades=("示范",), first_day=today(), working_days=5, office="组织部", phone="0000-0000000"
        )
        await publishing.open_notice(run.id, notice, by=new_id())
    ((title, kind, state, until),) = lines((await admin.get(HOME)).text, "h-now")
    assert (title, kind, state) == (f"{run.title}，{run.period}", "公示", "公示中")
    assert until >= f"{today() + timedelta(days=4)}"
    with clock.showing(now() + timedelta(days=40)):
        later = await signed_in_browser(app, two_tenants[0], "tenant_admin", "later")
        page = (await later.get(HOME)).text
    assert lines(page, "h-now")[0][2] == "公示期满"
    assert ("公示期满，待确认生效", "已过期", "1") in lines(page, "h-wait")


async def test_a_notice_that_is_over_is_late_when_a_working_day_has_gone_by(
    app: Litestar, town: Firms, two_tenants: tuple[int, int]
) -> None:
    del town
    monday = datetime(2026, 11, 23, 12, tzinfo=clock.CHINA)
    with clock.showing(monday), tenant_scope(two_tenants[0]):
        (run,) = await runs()
        await publishing.move(run.id, Act.REVIEW, by=new_id())
        notice = Notice(
            grades=("示范",), first_day=today(), working_days=5, office="组织部", phone="0000-0000000"
        )
        await publishing.open_notice(run.id, notice, by=new_id())
    found = {}
    for days in (5, 7, 8):  # the Saturday after its last day, the Monday and the Tuesday
        with clock.showing(monday + timedelta(days=days)):
            admin = await signed_in_browser(app, two_tenants[0], "tenant_admin", f"after-{days}")
            page = (await admin.get(HOME)).text
        ((_, waits, _),) = [line for line in lines(page, "h-wait") if line[0] == "公示期满，待确认生效"]
        found[days] = waits, '<span class="st bad">公示期满' in page
    assert found == {5: ("待办", False), 7: ("待办", False), 8: ("已过期", True)}


async def test_results_of_a_period_that_is_over_wait_for_review_by_another_and_then_for_the_notice(
    app: Litestar, town: Firms, two_tenants: tuple[int, int]
) -> None:
    del town
    with tenant_scope(two_tenants[0]):
        (run,) = await runs()
    reviewer = await signed_in_browser(app, two_tenants[0], "reviewer")
    assert "待复核" not in (await reviewer.get(HOME)).text
    with clock.showing(now() + timedelta(days=(run.last_day - today()).days + 1)):
        reviewer = await signed_in_browser(app, two_tenants[0], "reviewer", "later")
        page = (await reviewer.get(HOME)).text
        assert ("算好待复核的结果", "待办", "1") in lines(page, "h-wait")
        assert f'href="/t/donghu/runs/{run.id}/publication"' in page
        with tenant_scope(two_tenants[0]):
            await execute(_OPENED_BY, two_tenants[0], "later")
        assert "待复核" not in (await reviewer.get(HOME)).text
        with tenant_scope(two_tenants[0]):
            await publishing.move(run.id, Act.REVIEW, by=new_id())
        assert ("复核后待公示的结果", "待办", "1") in lines((await reviewer.get(HOME)).text, "h-wait")


async def test_figures_are_those_of_the_plugins_that_are_on_within_what_he_sees(
    app: Litestar, town: Firms, two_tenants: tuple[int, int]
) -> None:
    del town
    reviewer = await signed_in_browser(app, two_tenants[0], "reviewer")
    assert 'hx-get="/t/donghu/figures"' in (await reviewer.get(HOME)).text
    whole = (await reviewer.get(f"{HOME}/figures")).text
    assert '<b class="nowrap">60.00%</b>非公企业组织覆盖率' in whole
    assert "3/5" in whole
    declarer = await signed_in_browser(app, two_tenants[0], "declarer", "declarer-o2")
    with tenant_scope(two_tenants[0]):
        await execute(_NARROW, two_tenants[0], "declarer-o2", (await organizations())["O2"])
    own = (await declarer.get(f"{HOME}/figures")).text
    assert ("3/5" in own, "1/2" in own) == (False, True)
    rater = await signed_in_browser(app, two_tenants[0], "rater")
    assert (await rater.get(f"{HOME}/figures")).text.strip() == ""
    with tenant_scope(two_tenants[0]):
        await set_plugin("double_strong_six_good", on=False)
    assert "非公企业" not in (await reviewer.get(f"{HOME}/figures")).text


async def test_a_member_opens_his_own_result_from_his_home_page(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[0]):
        people = await small_town(2)
        await with_points()
        await claimed(people["D001"], 5, [20])
        run = await open_run("points", today(), by=new_id())
        await execute("update job set due_at = clock_timestamp() where tenant_id = $1", two_tenants[0])
        await run_due_jobs(JOBS)
    own = await signed_in_browser(app, two_tenants[0], "member", person="D001")
    at = f"{HOME}/runs/{run.id}/results/{people['D001']}"
    assert f'href="{at}"' in (await own.get(HOME)).text
    assert (await own.get(at)).status_code == 200
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    assert f'href="{HOME}/runs/{run.id}"' in (await clerk.get(HOME)).text
