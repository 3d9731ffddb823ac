"""Story: a report sent in time and returned is in time when it comes back within the days for correction."""

from datetime import date
from typing import TYPE_CHECKING

import pytest
from litestar import Litestar
from tests.support.project_follow_up import AT, SAID, Clock, begun_in_may, owner
from tests.support.web import signed_in_browser

from jiceng.kernel.clock import today
from jiceng.kernel.database import tenant_scope
from jiceng_project_ledger.followup import queries
from jiceng_project_ledger.followup.reminding import remind
from jiceng_project_ledger.followup.standing import reported, standing

if TYPE_CHECKING:
    from jiceng_project_ledger.library.schemas import Project

MAY = date(2026, 5, 1)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
async def project(two_tenants: tuple[int, int], time: Clock) -> "Project":
    return await begun_in_may(two_tenants[0], time)


def address(project: "Project") -> str:
    return f"{AT}/projects/{project.id}/reports/2026-05"


async def sent(app: Litestar, tenant: int, project: "Project") -> int:
    secretary = await owner(app, tenant)
    return (await secretary.post(address(project), data=SAID)).status_code


async def returned(app: Litestar, tenant: int, project: "Project") -> None:
    reviewer = await signed_in_browser(app, tenant, "reviewer", "shenhe")
    answer = await reviewer.post(f"{address(project)}/return", data={"words": "写清走访了谁"})
    assert answer.status_code == 303


async def in_time(project: "Project") -> tuple[int, int]:
    """Reports due by now, and how many of them count as in time."""
    return (await reported([project], 2026))[project.id]


async def test_corrected_within_the_days_it_counts_from_its_first_day_though_the_month_closed(
    app: Litestar, project: "Project", time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(6, 4)  # due on the 5th, closed after the 20th
    assert await sent(app, two_tenants[0], project) == 303
    time.set(6, 19)
    await returned(app, two_tenants[0], project)
    time.set(6, 22)
    page = (await (await owner(app, two_tenants[0])).get(address(project))).text
    assert "以前改好报送，仍按第一次报送的日期（2026-06-04）算" in page
    with tenant_scope(two_tenants[0]):
        assert (await standing(project)).missed == ()
        assert await remind(today()) == 0
        assert await in_time(project) == (1, 1)
    assert await sent(app, two_tenants[0], project) == 303
    with tenant_scope(two_tenants[0]):
        assert await in_time(project) == (1, 1)
        report = await queries.report(project.id, MAY)
    assert report is not None
    assert (report.handed_in_on, report.late, report.correct_by) == (date(2026, 6, 4), False, None)


async def test_corrected_too_late_it_counts_from_the_day_it_came_back(
    app: Litestar, project: "Project", time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(6, 4)
    await sent(app, two_tenants[0], project)
    time.set(6, 8)
    await returned(app, two_tenants[0], project)
    time.set(6, 18)
    page = (await (await owner(app, two_tenants[0])).get(address(project))).text
    assert "已过，按重新报送的日期算" in page
    with tenant_scope(two_tenants[0]):
        assert (await standing(project)).missed == (MAY,)
    assert await sent(app, two_tenants[0], project) == 303
    with tenant_scope(two_tenants[0]):
        assert await in_time(project) == (1, 0)


async def test_a_report_that_came_late_stays_late_however_soon_it_is_corrected(
    app: Litestar, project: "Project", time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(6, 10)
    await sent(app, two_tenants[0], project)
    await returned(app, two_tenants[0], project)
    await sent(app, two_tenants[0], project)
    with tenant_scope(two_tenants[0]):
        assert await in_time(project) == (1, 0)
