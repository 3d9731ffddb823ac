"""Story: a project's owner reports by the month; the superior accepts, returns, re-opens a closed month."""

from datetime import date
from typing import TYPE_CHECKING

import pytest
from litestar import Litestar
from tests.support.project_follow_up import AT, SAID, Clock, begun_in_may, owner, superior
from tests.support.web import signed_in_browser

from jiceng.kernel.clock import now, today
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.ids import new_id
from jiceng_project_ledger.course.moving import Hand, carry_out
from jiceng_project_ledger.followup.reminding import remind
from jiceng_project_ledger.followup.standing import reported, standing
from jiceng_project_ledger.library.queries import project as read_project
from jiceng_project_ledger.states import Act

if TYPE_CHECKING:
    from jiceng_project_ledger.library.schemas import Project


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
async def project(two_tenants: tuple[int, int], time: Clock) -> "Project":
    return await begun_in_may(two_tenants[0], time)


async def test_a_report_from_the_first_word_to_its_acceptance(
    app: Litestar, project: "Project", time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(6, 2)
    secretary, reviewer = await owner(app, two_tenants[0]), await superior(app, two_tenants[0])
    at = f"{AT}/projects/{project.id}/reports/2026-05"
    page = (await secretary.get(at)).text
    assert "应报日期 2026-06-05，2026-06-20 关账" in page
    kept = await secretary.post(
        f"{at}/draft",
        data=SAID | {"percent": "1"},
        headers={"hx-request": "true", "sec-fetch-site": "same-origin"},
    )
    assert (kept.status_code, "已暂存" in kept.text) == (200, True)
    assert "填写中" in (await secretary.get(at)).text
    assert (await secretary.post(at, data=SAID)).status_code == 303
    assert (await reviewer.post(f"{at}/return", data={"words": ""})).status_code == 422
    assert (await reviewer.post(f"{at}/return", data={"words": "写清走访了谁"})).status_code == 303
    returned = (await secretary.get(at)).text
    assert "已退回，请改好后再报送" in returned
    assert "写清走访了谁" in returned
    assert (await secretary.post(at, data=SAID | {"work": "走访三个小区 40 户"})).status_code == 303
    assert (await reviewer.post(f"{at}/acceptance")).status_code == 303
    again = await secretary.post(at, data=SAID)
    assert (again.status_code, "月汇报已接收，不能报送" in again.text) == (409, True)
    month = (await reviewer.get(f"{AT}/reports?month=2026-05")).text
    assert "已接收" in month
    time.set(6, 30)
    secretary = await owner(app, two_tenants[0])
    following = (await secretary.get(f"{AT}/projects/{project.id}/reports/2026-06")).text
    assert "开议事会</textarea>" in following  # last month's plan is this month's work
    assert 'value="83.00"' in following


async def test_a_closed_month_takes_a_report_only_when_it_is_opened_again_for_the_project(
    app: Litestar, project: "Project", time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(8, 3)
    secretary, reviewer = await owner(app, two_tenants[0]), await superior(app, two_tenants[0])
    at = f"{AT}/projects/{project.id}/reports/2026-05"
    refused = await secretary.post(at, data=SAID)
    assert refused.status_code == 409
    assert "2026-05 已经关账，不再收汇报" in refused.text
    assert "为这个项目重开这个月" in refused.text
    assert (
        await secretary.post(f"{at}/reopening", data={"until": "2026-08-07", "reason": "忘了"})
    ).status_code == 403
    assert (await reviewer.post(f"{at}/reopening", data={"until": "2026-08-02"})).status_code == 422
    opened = await reviewer.post(f"{at}/reopening", data={"until": "2026-08-07", "reason": "汛期抽调"})
    assert opened.status_code == 303
    assert (await secretary.post(at, data=SAID)).status_code == 303
    assert "迟报" in (await secretary.get(at)).text
    june = await secretary.post(f"{AT}/projects/{project.id}/reports/2026-06", data=SAID)
    assert june.status_code == 409
    time.set(8, 8)
    with tenant_scope(two_tenants[0]):
        assert await remind(today()) == 2


async def test_only_the_owner_reports_and_only_what_can_be(
    app: Litestar, project: "Project", time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(6, 2)
    secretary = await owner(app, two_tenants[0])
    at = f"{AT}/projects/{project.id}/reports"
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    stranger = await clerk.post(f"{at}/2026-05", data=SAID)
    assert (stranger.status_code, "月汇报由责任单位填报" in stranger.text) == (403, True)
    neighbour = await signed_in_browser(app, two_tenants[0], "secretary", "linju", person="D003")
    absent = await neighbour.get(f"{AT}/projects/{new_id()}/reports/2026-05")
    outside = await neighbour.get(f"{at}/2026-05")
    assert (absent.status_code, outside.status_code) == (404, 404)
    wrong = await secretary.post(f"{at}/2026-05", data=SAID | {"percent": "101", "figure": "-1", "work": ""})
    assert wrong.status_code == 422
    for fault in ("自报进度应是 0 到 100 的整数", "对标指标现值不能是负数", "请填本月做了什么"):
        assert fault in wrong.text
    for month in ("2026-13", "2026-5", "2026-05-01", "x"):
        assert (await secretary.get(f"{at}/{month}")).status_code == 422
    for month in ("2026-04", "2026-07"):
        beyond = await secretary.post(f"{at}/{month}", data=SAID)
        assert (beyond.status_code, "月份应在 2026-05 到 2026-06 之间" in beyond.text) == (422, True)
    assert "未报" in (await secretary.get(f"{AT}/reports?month=2026-05")).text


async def test_reminders_come_before_and_after_the_day_and_go_with_the_report(
    app: Litestar, project: "Project", time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(6, 3)
    secretary = await owner(app, two_tenants[0])
    with tenant_scope(two_tenants[0]):
        assert await remind(today()) == 1
        assert await remind(today()) == 0
    assert "将到期" in (await secretary.get(f"{AT}/reminders")).text
    time.set(6, 9)
    with tenant_scope(two_tenants[0]):
        assert await remind(today()) == 1
    secretary = await owner(app, two_tenants[0])
    page = (await secretary.get(f"{AT}/reminders")).text
    assert page.count("红色物业进小区") == 1
    assert "已过期 4 天" in page
    assert "有 1 条催报还没有办" in (await secretary.get(f"{AT}/reports?month=2026-05")).text
    await secretary.post(f"{AT}/projects/{project.id}/reports/2026-05", data=SAID)
    assert "没有要催的" in (await secretary.get(f"{AT}/reminders")).text


async def test_a_report_not_due_yet_when_the_project_is_handed_in_is_not_owed(
    project: "Project", time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(7, 3)
    with tenant_scope(two_tenants[0]):
        await carry_out(project, Act.HAND_IN, Hand("李书记", "", None, now(), today()))
        time.set(7, 20)
        found = await read_project(project.id)
        assert (await standing(found)).missed == (date(2026, 5, 1),)
        assert (await reported([found], 2026))[project.id] == (1, 0)
