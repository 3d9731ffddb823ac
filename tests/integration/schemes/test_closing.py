"""Periods close and open again; a closed one takes facts only of the organization it is open for."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest
from tests.support.appraisal import DAY, YEAR, claims, small_town, with_points

from jiceng.accounts.managing.invitations import invite
from jiceng.accounts.second_person import Awaiting
from jiceng.evaluation import jobs
from jiceng.evaluation.service import open_run
from jiceng.facts.correcting import correct_fact
from jiceng.facts.service import import_facts
from jiceng.kernel.audit import Actor, acting
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, fetch, fetch_value, tenant_scope, transaction
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import run_due_jobs
from jiceng.schemes.periods import closing, keeping
from jiceng.schemes.periods.calendar import UnknownYear
from jiceng.schemes.periods.opening import open_period
from jiceng.tenancy.queries import by_id
from jiceng.tenancy.service import set_setting

People = dict[str, str]
BY = new_id()


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[People]:
    with tenant_scope(two_tenants[0]):
        people = await small_town(4)
        await with_points()
        yield people


async def organization(number: str) -> UUID:
    found: UUID = await fetch_value(
        "select id from organization where tenant_id = $1 and number = $2", current_tenant(), number
    )
    return found


async def test_a_closed_period_refuses_facts_at_their_rows(people: People) -> None:
    year = await open_period("year", YEAR)
    await closing.close(year.id, "已上报", by=BY)
    with pytest.raises(Invalid) as refused:
        await import_facts("points", "claim", claims(people["D001"], 2), source="补录")
    assert [fault.row for fault in refused.value.faults] == [0, 1]  # type: ignore[attr-defined]
    assert "2026 年度已经关闭" in refused.value.in_words()


async def test_whoever_closes_a_period_waits_for_facts_and_runs_that_are_coming_in(people: People) -> None:
    year, begun = await open_period("year", YEAR), asyncio.Event()

    async def closed_meanwhile() -> None:
        await begun.wait()
        await closing.close(year.id, "已上报", by=BY)

    for coming_in in (
        lambda: import_facts("points", "claim", claims(people["D001"], 2), source="原件"),
        lambda: open_run("points", DAY),
    ):
        begun.clear()
        other = asyncio.create_task(closed_meanwhile())
        async with transaction():
            await coming_in()
            begun.set()
            done, _ = await asyncio.wait({other}, timeout=0.3)
            assert not done, "it is closed when what began before is kept"
        await other
        assert [one.state for one in await closing.periods()] == ["closed"]
        await closing.reopen(year.id, "漏报", None, by=BY)


async def test_re_opened_for_one_branch_it_takes_facts_of_that_branch_only(people: People) -> None:
    year = await open_period("year", YEAR)
    await closing.close(year.id, "已上报", by=BY)
    await closing.reopen(year.id, "东街漏报", await organization("O2"), by=BY)
    kept = await import_facts("points", "claim", claims(people["D001"], 5), source="东街")
    assert kept.new == 5
    with pytest.raises(Invalid, match="已经关闭"):
        await import_facts("points", "claim", claims(people["D002"], 1), source="西街")


async def test_re_opened_for_the_town_it_takes_facts_of_every_branch_below(people: People) -> None:
    year = await open_period("year", YEAR)
    await closing.close(year.id, "已上报", by=BY)
    await closing.reopen(year.id, "全镇漏报", await organization("O1"), by=BY)
    assert (await import_facts("points", "claim", claims(people["D002"], 1), source="西街")).new == 1


async def test_a_fact_of_a_closed_period_cannot_be_corrected(people: People) -> None:
    await import_facts("points", "claim", claims(people["D001"], 1), source="原件")
    year = await open_period("year", YEAR)
    await closing.close(year.id, "已上报", by=BY)
    with pytest.raises(Conflict, match="已经关闭"):
        await correct_fact(1, None, reason="撤回")


async def test_a_run_in_a_closed_period_needs_a_re_opening(people: People) -> None:
    del people
    year = await open_period("year", YEAR)
    await closing.close(year.id, "已上报", by=BY)
    with pytest.raises(Conflict, match="不能再计算"):
        await open_run("points", DAY)
    await closing.reopen(year.id, "东街漏报", await organization("O2"), by=BY)
    await open_run("points", DAY)
    assert await run_due_jobs(jobs.JOBS) == 1


async def test_a_month_opens_for_a_branch_when_the_year_is_open_for_the_town_above_it(people: People) -> None:
    del people
    year, month = await open_period("year", YEAR), await open_period("month", date(2026, 5, 1))
    await closing.close(month.id, "月结", by=BY)
    await closing.close(year.id, "年终", by=BY)
    await closing.reopen(year.id, "西街漏报", await organization("O3"), by=BY)
    with pytest.raises(Conflict, match="较长期间已经关闭（2026 年度）"):
        await closing.reopen(month.id, "东街漏报", await organization("O2"), by=BY)
    await closing.reopen(year.id, "全镇漏报", await organization("O1"), by=BY)
    await closing.reopen(month.id, "东街漏报", await organization("O2"), by=BY)
    assert {one.period.title: one.reopened for one in await closing.shown()} == {
        "2026 年度": ("西街党支部", "湖口镇党委"),
        "2026 年 5 月": ("东街党支部",),
    }


async def test_what_is_open_for_an_organization_is_not_opened_again_and_nobody_else_is_one(
    people: People,
) -> None:
    year = await open_period("year", YEAR)
    await closing.close(year.id, "已上报", by=BY)
    await closing.reopen(year.id, "全镇漏报", await organization("O1"), by=BY)
    for number in ("O1", "O2"):  # pressed twice; a branch of the town
        with pytest.raises(Conflict, match="本来就开放着"):
            await closing.reopen(year.id, "漏报", await organization(number), by=BY)
    with pytest.raises(NotFound, match="没有这个组织"):
        await closing.reopen(year.id, "漏报", UUID(people["D001"]), by=BY)


async def test_closing_again_ends_every_re_opening(people: People) -> None:
    year = await open_period("year", YEAR)
    await closing.close(year.id, "已上报", by=BY)
    await closing.reopen(year.id, "东街漏报", await organization("O2"), by=BY)
    await closing.close(year.id, "补完", by=BY)
    with pytest.raises(Invalid, match="已经关闭"):
        await import_facts("points", "claim", claims(people["D001"], 1), source="东街")
    with pytest.raises(Conflict, match="期间已经关闭"):
        await closing.close(year.id, "再关", by=BY)


async def test_shorter_periods_close_first_and_open_again_last(people: People) -> None:
    del people
    year, month = await open_period("year", YEAR), await open_period("month", date(2026, 5, 1))
    with pytest.raises(Conflict, match="2026 年 5 月"):
        await closing.close(year.id, "年终", by=BY)
    await closing.close(month.id, "月结", by=BY)
    await closing.close(year.id, "年终", by=BY)
    with pytest.raises(Conflict, match="2026 年度"):
        await closing.reopen(month.id, "漏报", None, by=BY)
    with pytest.raises(Conflict, match="2026 年度"):
        await closing.open_by_hand("month", date(2026, 6, 1), by=BY)
    await closing.reopen(year.id, "漏报", None, by=BY)
    await closing.reopen(month.id, "漏报", None, by=BY)
    shown = await closing.shown()
    assert {one.period.title: one.period.state for one in shown} == {
        "2026 年度": "open",
        "2026 年 5 月": "open",
    }
    assert [change.in_words for change in shown[0].changes] == ["重新开放", "关闭"]


async def test_every_act_needs_a_reason_and_a_period_of_the_tenant(
    people: People, two_tenants: tuple[int, int]
) -> None:
    del people
    year = await open_period("year", YEAR)
    with pytest.raises(Invalid, match="理由"):
        await closing.close(year.id, "  ", by=BY)
    with tenant_scope(two_tenants[1]), pytest.raises(NotFound):
        await closing.close(year.id, "别人的", by=BY)


async def test_a_year_is_entered_from_its_notice_and_a_day_is_changed(people: People) -> None:
    del people
    with pytest.raises(UnknownYear):
        (await keeping.calendar()).is_working(date(2027, 1, 4))
    with pytest.raises(Invalid) as refused:
        await keeping.enter_year(2027, "", "2027-13-01 元旦\n2026-01-01 元旦", "", by=BY)
    assert len(refused.value.faults) == 4
    assert await keeping.enter_year(2027, "通知", "2027-01-01 至 2027-01-03 元旦", "2027-1-9", by=BY) == 4
    known = await keeping.calendar()
    assert [known.is_working(date(2027, 1, day)) for day in (1, 4, 9)] == [False, True, True]
    await keeping.set_day(date(2026, 11, 23), working=False, note="本地放假", by=BY)
    assert (await keeping.calendar()).is_working(date(2026, 11, 23)) is False
    assert (await keeping.year_shown(2027)).source == "通知"


async def test_a_year_entered_again_forgets_what_was_entered_wrongly_and_keeps_single_days(
    people: People,
) -> None:
    del people
    await keeping.enter_year(2027, "通知", "2027-10-01 至 2027-10-08 国庆", "2027-09-26", by=BY)
    await keeping.set_day(date(2027, 6, 1), working=False, note="本地放假", by=BY)
    await keeping.enter_year(2027, "通知（更正）", "2027-10-01 至 2027-10-07 国庆", "2027-10-09", by=BY)
    known = await keeping.calendar()
    days = (date(2027, 10, 7), date(2027, 10, 8), date(2027, 10, 9), date(2027, 9, 26), date(2027, 6, 1))
    assert [known.is_working(day) for day in days] == [False, True, True, False, False]


async def test_what_is_too_long_is_told_and_not_cut(people: People) -> None:
    del people
    year = await open_period("year", YEAR)
    with pytest.raises(Invalid, match="理由最多 500 字"):
        await closing.close(year.id, "长" * 501, by=BY)
    with pytest.raises(Invalid, match="说明最多 100 字"):
        await keeping.set_day(DAY, working=False, note="长" * 101, by=BY)
    with pytest.raises(Invalid) as refused:
        await keeping.enter_year(2027, "长" * 301, f"2027-01-01 {'长' * 101}", "", by=BY)
    assert [fault[-8:] for fault in map(str, refused.value.faults)] == ["最多 300 字", "超过 100 字"]


async def test_the_lines_of_a_year_are_read_as_people_write_them_and_no_day_is_told_twice(
    people: People,
) -> None:
    del people
    off = "２０２７－１０－１～2027年10月3日 国庆（节）\n2027/10/4到2027.10.5 国庆\n2027-01-01 元旦"
    assert await keeping.enter_year(2027, "通知", off, "2027-10-09 调休", by=BY) == 7
    days = {day.day: (day.working, day.note) for day in (await keeping.year_shown(2027)).days}
    assert days[date(2027, 10, 3)] == (False, "国庆（节）")
    assert days[date(2027, 10, 5)] == (False, "国庆")
    with pytest.raises(Invalid) as refused:
        await keeping.enter_year(2027, "通知", f"{off}\n2027-10-05 至 2027-10-06", "2027-01-01", by=BY)
    assert refused.value.faults == (
        "“2027-10-05 至 2027-10-06”里的 2027-10-05 前面已经写过",
        "“2027-01-01”里的 2027-01-01 前面已经写过",
    )


async def test_reopening_for_two_organizations_waits_twice_and_each_request_says_for_whom(
    people: People,
) -> None:
    del people
    year = await closing.open_by_hand("year", date(2026, 1, 1), by=BY)
    await closing.close(year.id, "年终", by=BY)
    tenant = await by_id(current_tenant())
    assert tenant is not None
    await invite(tenant, "lin", "林若溪", "tenant_admin")
    lin = await fetch_value("select id from account where tenant_id = $1", current_tenant())
    await set_setting("second_person", ["reopen_period"], today())
    with acting(Actor("web")):
        for number in ("O2", "O3"):
            with pytest.raises(Awaiting):
                await closing.reopen(year.id, "漏报", await organization(number), by=lin)
        with pytest.raises(Conflict, match="已经提交过"):
            await closing.reopen(year.id, "漏报", await organization("O3"), by=lin)
    rows = await fetch("select title from approval_request where tenant_id = $1", current_tenant())
    assert {row["title"] for row in rows} == {"2026 年度：东街党支部", "2026 年度：西街党支部"}


async def test_no_run_and_no_hand_makes_a_month_inside_a_closed_year(people: People) -> None:
    year = await open_period("year", YEAR)
    await closing.close(year.id, "已上报", by=BY)
    with pytest.raises(Conflict, match="它所在的较长期间已经关闭（2026 年度）"):
        await open_period("month", DAY)
    assert [one.kind for one in await closing.periods()] == ["year"]
    await closing.reopen(year.id, "东街漏报", await organization("O2"), by=BY)
    assert (await open_period("month", DAY)).state == "open"
    del people


async def test_a_year_that_came_with_the_platform_is_corrected_as_a_whole(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]):
        given = await keeping.year_shown(2026)
        assert given.lines(working=False).splitlines()[:2] == [
            "2026-01-01 至 2026-01-03 元旦",
            "2026-02-15 至 2026-02-23 春节",
        ]
        assert "2026-01-04 元旦调休" in given.lines(working=True)
        await keeping.set_day(date(2026, 8, 3), working=False, note="本地安排", by=BY)
        off = given.lines(working=False).replace(
            "2026-02-15 至 2026-02-23 春节", "2026-02-16 至 2026-02-22 春节"
        )
        await keeping.enter_year(2026, "更正通知", off, "2026-02-28 春节调休", by=BY)
        days = {day.day: day.working for day in (await keeping.year_shown(2026)).days}
        found = await keeping.calendar()
    assert date(2026, 2, 15) not in days
    assert days[date(2026, 8, 3)] is False
    assert not found.is_working(date(2026, 1, 4)), "a make-up Sunday the new notice does not name"
    assert found.is_working(date(2026, 2, 23))
    assert not found.is_working(date(2026, 8, 3))
