"""A run end to end: inputs frozen, the same inputs the same run, results exact, failures in plain words."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from tests.support.appraisal import DAY, YEAR, claimed, small_town, with_points
from tests.support.told import told_since

from jiceng.evaluation import jobs, queries
from jiceng.evaluation.results import listing
from jiceng.evaluation.results.listing import Filters
from jiceng.evaluation.runs.computing import analysis_of, history_of
from jiceng.evaluation.schemas import RunInfo
from jiceng.evaluation.service import open_run, verify
from jiceng.kernel.clock import CHINA, showing
from jiceng.kernel.database import current_tenant, execute, fetch_value, tenant_scope
from jiceng.kernel.errors import Conflict, NotFound, Refusal
from jiceng.kernel.jobs import cancel, run_due_jobs
from jiceng.schemes.service import adopt
from jiceng.tenancy.service import set_plugin

People = dict[str, str]


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[People]:
    """D001: all required and 30 self-chosen. D002: one required short. D003: only required. D004: nothing."""
    with tenant_scope(two_tenants[0]):
        people = await small_town(4)
        await with_points()
        await claimed(people["D001"], 5, [10, 20])
        await claimed(people["D002"], 4, [20, 20])
        await claimed(people["D003"], 5)
        yield people


async def computed(day: date = DAY) -> RunInfo:
    run = await open_run("points", day)
    await run_due_jobs(jobs.JOBS)
    return await queries.run(run.id)


async def scores(run: RunInfo) -> dict[str, tuple[Decimal | None, str | None]]:
    page = await listing.results(run, Filters())
    return {row.number: (row.score, row.grade) for row in page.rows}


async def test_a_run_is_computed_by_the_job_and_its_results_are_exact(people: People) -> None:
    opened = await open_run("points", DAY)
    assert (opened.state, opened.number, opened.subjects) == ("queued", 1, 4)
    assert await run_due_jobs(jobs.JOBS) == 1
    run = await queries.run(opened.id)
    assert (run.state, run.reason, run.period) == ("done", "", "2026 年度")
    assert await told_since(current_tenant(), 0) >= {"run_opened", "run_finished"}
    assert await scores(run) == {
        "D001": (Decimal(80), "合格"),
        "D002": (Decimal(40), "不合格"),
        "D003": (Decimal(50), "不合格"),
        "D004": (Decimal(0), "不合格"),
    }
    assert await queries.counts(run.id) == {"合格": 1, "暂缓登记": 0, "不合格": 3}
    first = await listing.result(run, UUID(people["D001"]))
    assert (first.name, first.organization, first.status) == ("党员D001", "东街党支部", "rated")
    assert first.outputs == {"handling": "登记", "may_exchange": True}


async def test_a_run_begins_and_ends_by_the_clock_of_this_process(people: People) -> None:
    del people
    shown = datetime(2026, 12, 30, 9, tzinfo=CHINA)
    with showing(shown):
        run = await computed()
    assert (run.opened_at, run.finished_at) == (shown, shown)


async def test_starting_twice_gives_the_same_run_and_no_second_job(people: People) -> None:
    del people
    runs = [
        await open_run("points", DAY),
        *await asyncio.gather(*(open_run("points", DAY) for _ in range(3))),
    ]
    assert len({run.id for run in runs}) == 1
    assert await run_due_jobs(jobs.JOBS) == 1
    again = await open_run("points", date(2026, 11, 1))
    assert (again.id, again.state) == (runs[0].id, "done")
    assert await run_due_jobs(jobs.JOBS) == 0


async def test_facts_that_arrive_after_the_start_do_not_change_the_run_and_make_a_new_one(
    people: People,
) -> None:
    opened = await open_run("points", DAY)
    await claimed(people["D004"], 5, [20, 20])
    await run_due_jobs(jobs.JOBS)
    assert (await scores(await queries.run(opened.id)))["D004"] == (Decimal(0), "不合格")
    later = await computed()
    assert later.number == 2
    assert (await scores(later))["D004"] == (Decimal(90), "合格")
    assert (await scores(await queries.run(opened.id)))["D004"] == (Decimal(0), "不合格")


async def test_a_changed_roster_makes_a_new_run_and_the_old_one_still_verifies(people: People) -> None:
    first = await computed()
    await execute(
        "update member_state set category = '农村' where tenant_id = $1 and member = $2",
        current_tenant(),
        UUID(people["D001"]),
    )
    second = await computed()
    assert (first.number, second.number) == (1, 2)
    proved = await verify(1)
    assert (proved.subjects, proved.differences, proved.equal) == (4, (), True)


async def test_a_new_rulebook_makes_a_new_run(people: People) -> None:
    del people
    await computed()
    await adopt("points", preset="three_required", in_force_from=YEAR, reason="改为三项")
    second = await computed()
    assert (second.number, second.version) == (2, 2)
    assert (await scores(second))["D002"] == (Decimal(70), "暂缓登记")


async def test_verifying_finds_a_result_that_was_tampered_with(people: People, superuser: object) -> None:
    run = await computed()
    assert (await verify(run.number)).equal
    await superuser.execute(  # type: ignore[attr-defined]  # asyncpg is untyped
        "update fact set numbers = array[19000000] where subject = $1 and seq = 6", UUID(people["D001"])
    )
    proved = await verify(run.number)
    assert proved.differences == (people["D001"],)
    assert not proved.equal


async def test_results_of_another_tenant_are_as_good_as_absent(
    people: People, two_tenants: tuple[int, int]
) -> None:
    run = await computed()
    with tenant_scope(two_tenants[1]):
        await with_points()
        others = await small_town(2)
        await claimed(others["D001"], 5, [20, 20])
        theirs = await computed()
        assert theirs.number == 1
        assert await scores(theirs) == {"D001": (Decimal(90), "合格"), "D002": (Decimal(0), "不合格")}
        with pytest.raises(NotFound, match="没有这次评定"):
            await queries.run(run.id)
        with pytest.raises(NotFound):
            await queries.content(run.id, "outcome")
        with pytest.raises(NotFound, match="没有这个对象"):
            await listing.result(theirs, UUID(people["D001"]))
    assert len(await scores(run)) == 4


async def test_last_years_result_is_the_history_of_this_year(people: People) -> None:
    await adopt("points", in_force_from=date(2025, 1, 1), reason="上年也用")
    await claimed(people["D003"], 0, [10])  # 60 points this year
    last = await open_run("points", date(2025, 6, 1))
    await run_due_jobs(jobs.JOBS)
    assert (await queries.counts(last.id))["不合格"] == 4
    run = await computed()
    assert run.previous == (last.id,)
    fourth = await listing.result(run, UUID(people["D004"]))
    assert fourth.outputs["handling"] == "连续两年不合格，提请支部研究"
    book = (await analysis_of(run.rulebook)).book
    (whole, alone) = (await history_of(run, book), await history_of(run, book, people["D004"]))
    assert whole is not None
    assert alone is not None
    assert alone.rows() == whole.filter(subject=people["D004"]).rows() != []
    assert await history_of(run, book, str(UUID(int=7))) is None


@pytest.mark.usefixtures("people")
async def test_what_the_engine_refuses_fails_the_run_with_the_reason_and_it_can_be_started_again(
    superuser: object,
) -> None:
    await superuser.execute("update fact set numbers = array[99000000] where seq = 1")  # type: ignore[attr-defined]
    run = await computed()
    assert run.state == "failed"
    assert "run_failed" in await told_since(current_tenant(), 0)
    assert "分值" in run.reason
    assert "99" in run.reason
    assert await fetch_value("select count(*) from result where tenant_id = $1", current_tenant()) == 0
    await superuser.execute("update fact set numbers = array[10000000] where seq = 1")  # type: ignore[attr-defined]
    again = await computed()
    assert (again.id, again.state, again.reason) == (run.id, "done", "")


@pytest.mark.usefixtures("people")
async def test_a_cancelled_run_whose_job_was_forgotten_since_can_still_be_started_again(
    superuser: object,
) -> None:
    opened = await open_run("points", DAY)
    assert opened.job is not None
    await cancel(opened.job)
    await superuser.execute("delete from job")  # type: ignore[attr-defined]
    forgotten = await queries.run(opened.id)
    assert (forgotten.state, forgotten.reason) == ("failed", "计算被取消，可以重新开始")
    again = await computed()
    assert (again.id, again.state) == (opened.id, "done")


@pytest.mark.usefixtures("people")
async def test_a_cancelled_run_says_so_and_can_be_started_again() -> None:
    opened = await open_run("points", DAY)
    assert opened.job is not None
    await cancel(opened.job)
    cancelled = await queries.run(opened.id)
    assert (cancelled.state, cancelled.reason) == ("failed", "计算被取消，可以重新开始")
    again = await computed()
    assert (again.id, again.state) == (opened.id, "done")


async def test_an_empty_roster_is_refused_in_plain_words_and_leaves_no_run(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]):
        await with_points()
        with pytest.raises(Refusal, match="名册里没有评定对象，不能开始评定"):
            await open_run("points", DAY)
        assert await queries.runs() == []


@pytest.mark.usefixtures("people")
async def test_a_closed_period_and_a_plugin_switched_off_refuse_the_start_and_keep_the_results() -> None:
    run = await computed()
    await execute("update period set state = 'closed' where tenant_id = $1", current_tenant())
    with pytest.raises(Conflict, match="期间已经关闭"):
        await open_run("points", DAY)
    await set_plugin("points", on=False)
    with pytest.raises(NotFound, match="没有这个方案"):
        await open_run("points", DAY)
    assert len(await scores(run)) == 4


@pytest.mark.usefixtures("people")
async def test_a_roster_without_an_attribute_the_rules_read_is_named() -> None:
    text = """
    title   = "身高积分"
    subject = "member"
    grades  = ["高", "矮"]
    [facts]
    height = { kind = "number", title = "身高", source = "roster", min = 0, max = 300 }
    [items]
    score = { title = "得分", points = "height" }
    [[decide]]
    do   = "bands"
    rows = [{ when = "score >= 170", grade = "高" }, { when = "score < 170", grade = "矮" }]
    """
    await adopt("height", toml=text, in_force_from=YEAR, reason="试")
    with pytest.raises(Refusal, match="名册没有规则要读的属性（身高（height））"):
        await open_run("height", DAY)


async def test_lists_are_narrowed_by_subtree_grade_status_and_name(people: People) -> None:
    run = await computed()

    async def found(**given: object) -> list[str]:
        page = await listing.results(run, Filters(**given))  # type: ignore[arg-type]
        return [row.number for row in page.rows]

    ids = {
        number: await fetch_value(
            "select id from organization where tenant_id = $1 and number = $2", current_tenant(), number
        )
        for number in ("O1", "O3")
    }
    assert await found() == ["D001", "D003", "D002", "D004"]
    assert await found(organization=ids["O1"]) == ["D001", "D003", "D002", "D004"]
    assert await found(organization=ids["O3"]) == ["D002", "D004"]
    assert await found(grade="合格") == ["D001"]
    assert await found(status="exempt") == []
    assert await found(name="D003") == ["D003"]
    assert await found(name="员D00", organization=ids["O3"], grade="不合格") == ["D002", "D004"]
    assert await found(name="%") == []
    page = await listing.results(run, Filters(), page=2, size=3)
    assert ([row.number for row in page.rows], page.total, page.first, page.last) == (["D004"], 4, 4, 4)
    assert (await listing.results(run, Filters(), page=99, size=3)).page == 2
    assert people
