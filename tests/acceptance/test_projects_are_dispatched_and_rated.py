"""Story: late projects are dispatched by the quarter; people rate, a named person confirms; lines are set."""

from typing import TYPE_CHECKING

import pytest
from litestar import Litestar
from tests.support.project_follow_up import AT, Clock, begun_in_may, owner, superior
from tests.support.web import signed_in_browser

from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from jiceng_project_ledger.library.schemas import Project


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
async def project(two_tenants: tuple[int, int], time: Clock) -> "Project":
    return await begun_in_may(two_tenants[0], time)


async def test_a_late_project_is_told_what_to_do_and_answers(
    app: Litestar, project: "Project", time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(7, 9)
    secretary, reviewer = await owner(app, two_tenants[0]), await superior(app, two_tenants[0])
    assert (await secretary.post(f"{AT}/dispatch/2025-01")).status_code == 422
    assert (await reviewer.post(f"{AT}/dispatch/2026-05")).status_code == 303
    assert (await reviewer.post(f"{AT}/dispatch/2026-06")).status_code == 303
    page = (await reviewer.get(f"{AT}/dispatch?quarter=2026-04")).text
    assert page.count(project.title) == 1
    assert "步骤“摸底”已超期 100 天，达到红灯线 30 天" in page
    with tenant_scope(two_tenants[0]):
        line = await fetch_value("select id from ledger_dispatch where tenant_id = $1", two_tenants[0])
    at = f"{AT}/dispatch/lines/{line}"
    early = await secretary.post(f"{at}/answer", data={"answer": "已补上"})
    assert (early.status_code, "这条调度待调度，现在不用答复" in early.text) == (409, True)
    told = {"instruction": "月底前摸清", "answer_due": "2026-07-20"}
    assert (await secretary.post(f"{at}/instruction", data=told)).status_code == 403
    assert (
        await reviewer.post(f"{at}/instruction", data=told | {"answer_due": "2026-07-01"})
    ).status_code == 422
    assert (await reviewer.post(f"{at}/instruction", data=told)).status_code == 303
    assert (await reviewer.post(f"{at}/answer", data={"answer": "代答"})).status_code == 403
    assert (await secretary.post(f"{at}/answer", data={"answer": "已摸清 412 户"})).status_code == 303
    page = (await secretary.get(f"{AT}/dispatch?quarter=2026-04")).text
    assert "已摸清 412 户" in page
    again = await reviewer.post(f"{at}/instruction", data=told)
    assert (again.status_code, "已经答复，不能再改要求" in again.text) == (409, True)
    neighbour = await signed_in_browser(app, two_tenants[0], "secretary", "linju", person="D003")
    assert (await neighbour.post(f"{at}/answer", data={"answer": "x"})).status_code == 404
    assert (
        await neighbour.post(f"{AT}/dispatch/lines/{new_id()}/answer", data={"answer": "x"})
    ).status_code == 404


async def test_several_rate_none_of_the_owner_and_a_named_person_confirms(
    app: Litestar, project: "Project", time: Clock, two_tenants: tuple[int, int]
) -> None:
    at = f"{AT}/projects/{project.id}/ratings/half"
    given = {"year": "2026", "score": "86.5", "comment": "扎实"}
    time.set(5, 20)
    reviewer = await superior(app, two_tenants[0])
    early = await reviewer.post(at, data=given)
    assert (early.status_code, "半年初评从 2026-06-01 开始" in early.text) == (409, True)
    time.set(7, 9)
    secretary = await owner(app, two_tenants[0])
    reviewer = await signed_in_browser(app, two_tenants[0], "reviewer", "pinglun-1")
    own = await secretary.post(at, data=given)
    assert (own.status_code, "责任单位的人员不能给自己单位的项目评分" in own.text) == (403, True)
    for wrong in ("100.5", "-1", "好", ""):
        assert (await reviewer.post(at, data=given | {"score": wrong})).status_code == 422
    assert (await reviewer.post(at, data=given)).status_code == 303
    alone = await reviewer.post(f"{at}/confirmation", data={"year": "2026", "reason": "同意"})
    assert (alone.status_code, "只有 1 人评分，不能确认" in alone.text) == (409, True)
    other = await signed_in_browser(app, two_tenants[0], "reviewer", "pinglun-2")
    assert (await other.post(at, data=given | {"score": "80"})).status_code == 303
    assert (await other.post(at, data=given | {"score": "90.01"})).status_code == 303
    assert (await other.post(f"{at}/confirmation", data={"year": "2026"})).status_code == 422
    assert (
        await other.post(f"{at}/confirmation", data={"year": "2026", "reason": "同意"})
    ).status_code == 303
    page = (await secretary.get(f"{at}?year=2026")).text
    assert "88.26" in page  # (86.50 + 90.01) / 2 = 88.255
    assert "已确认" in page
    late = await reviewer.post(at, data=given)
    assert (late.status_code, "2026 年半年初评已经确认，不能再改" in late.text) == (409, True)
    listed = (await secretary.get(f"{AT}/ratings?year=2026&kind=half")).text
    assert "88.26" in listed
    for path in (f"{AT}/ratings?kind=month", f"{AT}/projects/{project.id}/ratings/month"):
        assert (await secretary.get(path)).status_code == 422


async def test_what_began_after_june_is_not_rated_at_half_year(
    app: Litestar, project: "Project", time: Clock, two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[0]):
        await execute("update ledger_project set began = '2026-07-01' where id = $1", project.id)
    time.set(7, 9)
    reviewer = await superior(app, two_tenants[0])
    at = f"{AT}/projects/{project.id}/ratings/half"
    refused = await reviewer.post(at, data={"year": "2026", "score": "86.5", "comment": ""})
    assert (refused.status_code, "项目 2026 年上半年没有实施，不参加评议" in refused.text) == (409, True)
    assert project.title not in (await reviewer.get(f"{AT}/ratings?year=2026&kind=half")).text
    assert project.title in (await reviewer.get(f"{AT}/ratings?year=2026&kind=year")).text


@pytest.mark.usefixtures("project")
async def test_a_tenant_sets_its_own_lines_and_days(
    app: Litestar, time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(6, 2)
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    typed = {
        "yellow_behind": "5",
        "red_behind": "90",
        "yellow_days": "70",
        "red_days": "90",
        "yellow_missed": "1",
        "red_missed": "2",
        "yellow_findings": "1",
        "red_findings": "3",
        "month_day": "8",
        "quarter_day": "10",
        "half_day": "15",
        "year_day": "20",
        "closes_after": "3",
        "corrects_within": "7",
    }
    wrong = await clerk.post(f"{AT}/follow-settings", data=typed | {"month_day": "31", "yellow_days": "95"})
    assert wrong.status_code == 422
    assert "月汇报的报送日应在 1 到 28 之间" in wrong.text
    assert "步骤超期天数：黄灯应大于 0 且不大于红灯" in wrong.text
    assert (await clerk.post(f"{AT}/follow-settings", data=typed | {"red_days": "-1"})).status_code == 422
    assert (await clerk.post(f"{AT}/follow-settings", data=typed)).status_code == 303
    page = (await clerk.get(f"{AT}/reports?month=2026-05")).text
    assert "应报日期 2026-06-08，2026-06-11 关账" in page
    ledger = (await clerk.get(f"{AT}/ledger?year=2026&by=light")).text
    assert "黄灯（1）" in ledger  # 30 % behind, red only from 90 on; 63 days late, yellow from 70 on
