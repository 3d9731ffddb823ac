"""From computed to final: reviewed by another person, on notice by working days, confirmed, then history."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from tests.support.appraisal import claimed, small_town, with_points
from tests.support.clocks import shown_to_all
from tests.support.stars import DAY, ten_branches

from jiceng.accounts.scope import EVERYTHING, Reach, looking
from jiceng.evaluation import jobs
from jiceng.evaluation import queries as evaluation
from jiceng.evaluation.results.explaining import explanation
from jiceng.evaluation.results.final import latest_results
from jiceng.evaluation.results.listing import Filters, results
from jiceng.evaluation.rulings.deciding import decide
from jiceng.evaluation.schemas import RunInfo
from jiceng.evaluation.service import open_run, verify
from jiceng.kernel import clock
from jiceng.kernel.audit import entries
from jiceng.kernel.database import current_tenant, execute, fetch_value, tenant_scope, transaction
from jiceng.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import run_due_jobs
from jiceng.kernel.moves import IllegalMove
from jiceng.publication import queries, service
from jiceng.publication.acts.confirming import Confirmed, confirm, confirm_one
from jiceng.publication.acts.objecting import answer, note
from jiceng.publication.flow.states import Act, State
from jiceng.publication.service import Notice
from jiceng.schemes.periods.calendar import UnknownYear

People = dict[str, str]
OPENER, REVIEWER = new_id(), new_id()


def at(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the morning of a day in China."""
    moment = datetime(day.year, day.month, day.day, 9, tzinfo=clock.CHINA).astimezone(UTC)
    shown_to_all(moment, monkeypatch)


def notice(first: date, **changes: object) -> Notice:
    given = {"grades": ("合格",), "working_days": 5, "office": "组织科", "phone": "0000-000 0000"}
    return Notice(first_day=first, **given | changes)  # type: ignore[arg-type]


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[People]:
    with tenant_scope(two_tenants[0]):
        people = await small_town(4)
        await with_points()
        for number in ("D001", "D002", "D003"):
            await claimed(people[number], 5, [20, 20])
        yield people


async def computed(key: str = "points", day: date = DAY) -> RunInfo:
    run = await open_run(key, day, by=OPENER)
    await execute("update job set due_at = clock_timestamp() where tenant_id = $1", current_tenant())
    await run_due_jobs(jobs.JOBS)
    return await evaluation.run(run.id)


async def organization(number: str) -> UUID:
    found: UUID = await fetch_value(
        "select id from organization where tenant_id = $1 and number = $2", current_tenant(), number
    )
    return found


async def on_notice(run: RunInfo, first: date, **changes: object) -> None:
    await service.move(run.id, Act.REVIEW, by=REVIEWER)
    await service.open_notice(run.id, notice(first, **changes), by=REVIEWER)


async def finished(run: RunInfo, monkeypatch: pytest.MonkeyPatch, day: date) -> RunInfo:
    """Everybody confirmed and the notice over on that day: the run as it is then."""
    await on_notice(run, clock.today())
    await confirm(run.id, await organization("O1"), "会议", [], by=REVIEWER)
    at(day, monkeypatch)
    await service.move(run.id, Act.FINISH, "无异议", by=REVIEWER)
    return await evaluation.run(run.id)


async def test_the_one_who_opened_the_run_may_not_review_it(people: People) -> None:
    del people
    run = await computed()
    with pytest.raises(Forbidden, match="不能是发起"):
        await service.move(run.id, Act.REVIEW, by=OPENER)
    assert await service.move(run.id, Act.REVIEW, by=REVIEWER) is State.REVIEWED
    async with transaction():
        told = [entry.event async for block in entries() for entry in block]
    assert "run_reviewed" in told


async def test_an_illegal_move_changes_nothing(people: People) -> None:
    del people
    run = await computed()
    with pytest.raises(IllegalMove, match="评定结果已计算，不能确认生效"):
        await service.move(run.id, Act.FINISH, "理由", by=REVIEWER)
    with pytest.raises(IllegalMove):
        await service.open_notice(run.id, notice(date(2026, 11, 24)), by=REVIEWER)
    info = await queries.publication(run.id)
    assert (info.state, info.id) == (State.COMPUTED, None)


async def test_a_notice_runs_working_days_and_then_results_take_effect(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    del people
    at(date(2026, 9, 28), monkeypatch)
    run = await computed()
    await on_notice(run, date(2026, 9, 30))
    info = await queries.publication(run.id)
    assert (info.first_day, info.last_day) == (date(2026, 9, 30), date(2026, 10, 12))
    done = await confirm(run.id, await organization("O1"), "支委会 9 月 28 日研究", [], by=REVIEWER)
    assert done == Confirmed(4, 0)
    at(date(2026, 10, 12), monkeypatch)
    with pytest.raises(Conflict, match="公示还没有期满"):
        await service.move(run.id, Act.FINISH, "无异议", by=REVIEWER)
    at(date(2026, 10, 13), monkeypatch)
    with pytest.raises(Invalid, match="理由"):
        await service.move(run.id, Act.FINISH, " ", by=REVIEWER)
    await service.move(run.id, Act.FINISH, "无异议", by=REVIEWER)
    assert (await evaluation.run(run.id)).final_at is not None
    with pytest.raises(IllegalMove, match="评定结果已生效，不能终止"):
        await service.move(run.id, Act.STOP, "理由", by=REVIEWER)
    assert [move.in_words for move in await queries.moves(info.id)] == [  # type: ignore[arg-type]
        "复核通过",
        "开始公示",
        "确认生效",
    ]


async def test_persons_nobody_confirmed_hold_the_end_up_and_exceptions_stay_proposals(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(date(2026, 11, 2), monkeypatch)
    run = await computed()
    await on_notice(run, date(2026, 11, 3))
    east, west = await organization("O2"), await organization("O3")
    with pytest.raises(Invalid) as refused:
        await confirm(run.id, east, "会议", ["D002", "没有"], by=REVIEWER)
    assert len(refused.value.faults) == 2
    assert await confirm(run.id, east, "会议", ["D003"], by=REVIEWER) == Confirmed(1, 1)
    at(date(2026, 11, 16), monkeypatch)
    with pytest.raises(Conflict, match="还有 2 人的结果没有具名确认"):
        await service.move(run.id, Act.FINISH, "无异议", by=REVIEWER)
    await confirm(run.id, west, "会议", ["D002"], by=REVIEWER)
    with looking(Reach("all", person="D002"), "reviewer"), pytest.raises(Forbidden, match="不能办理自己的事"):
        await confirm_one(run.id, "D002", "本人确认", by=REVIEWER)
    await confirm_one(run.id, "D002", "核实后确认", by=REVIEWER)
    info = await queries.publication(run.id)
    standing = await queries.standing(info)
    assert (standing.rated, standing.confirmed, standing.held, standing.waiting) == (4, 3, 1, 0)
    await service.move(run.id, Act.FINISH, "无异议", by=REVIEWER)
    held = await evaluation.held(run.id)
    assert held["subject"].to_list() == [people["D003"]]
    run = await evaluation.run(run.id)
    told = {row.number: row.validity for row in (await results(run, Filters())).rows}
    assert told == {"D001": "effective", "D002": "effective", "D003": "held", "D004": "effective"}
    held_ones = await results(run, Filters(validity="held"))
    assert [row.number for row in held_ones.rows] == ["D003"]
    assert (await results(run, Filters(validity="effective"))).total == 3
    assert (await explanation(run, UUID(people["D003"]))).row.validity.in_words == "未生效"


async def test_a_later_final_run_takes_the_place_of_the_first(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(date(2026, 11, 2), monkeypatch)
    first = await finished(await computed(), monkeypatch, date(2026, 11, 16))
    assert (first.validity, first.replaced_by) == ("effective", None)
    await claimed(people["D004"], 5, [20, 20])
    second = await computed()
    assert (await evaluation.run(first.id)).validity == "effective"
    second = await finished(second, monkeypatch, date(2026, 11, 30))
    first = await evaluation.run(first.id)
    assert (first.validity, first.replaced_by) == ("replaced", second.number)
    assert {row.validity for row in (await results(first, Filters())).rows} == {"replaced"}
    assert {row.validity for row in (await results(second, Filters())).rows} == {"effective"}


async def test_before_the_end_every_result_is_a_proposal_and_cannot_be_narrowed(people: People) -> None:
    del people
    run = await computed()
    listed = await results(run, Filters(validity="effective"))
    assert (listed.total, {row.validity for row in listed.rows}) == (4, {"proposed"})


async def test_an_objection_waits_for_its_answer(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    del people
    at(date(2026, 11, 2), monkeypatch)
    run = await computed()
    with pytest.raises(Conflict, match="不在公示期"):
        await note(run.id, "", "早了", date(2026, 11, 2), by=REVIEWER)
    await on_notice(run, date(2026, 11, 3))
    await confirm(run.id, await organization("O1"), "会议", [], by=REVIEWER)
    at(date(2026, 11, 5), monkeypatch)
    with pytest.raises(Invalid) as refused:
        await note(run.id, "D999", " ", date(2026, 12, 1), by=REVIEWER)
    assert len(refused.value.faults) == 3
    assert await note(run.id, "D001", "少计了一次", date(2026, 11, 4), by=REVIEWER) == 1
    at(date(2026, 11, 16), monkeypatch)
    with pytest.raises(Conflict, match="还有异议没有答复"):
        await service.move(run.id, Act.FINISH, "期满", by=REVIEWER)
    info = await queries.publication(run.id)
    (objection,) = await queries.objections(info.id)  # type: ignore[arg-type]
    assert objection.about == "党员D001"
    await execute("update member set sensitivity = 2 where tenant_id = $1", current_tenant())
    with looking(EVERYTHING, "reviewer"):
        assert [one.about for one in await queries.objections(info.id)] == ["（受限）"]  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        await answer(run.id, new_id(), "答复", by=REVIEWER)
    with looking(Reach("all", person="D001"), "reviewer"), pytest.raises(Forbidden, match="不能办理自己的事"):
        await answer(run.id, objection.id, "本人答复", by=REVIEWER)
    with looking(Reach("all", person="D002"), "reviewer"):
        await answer(run.id, objection.id, "核对无误，已当面答复", by=REVIEWER)
    with pytest.raises(Conflict, match="已经答复过"):
        await answer(run.id, objection.id, "再答一次", by=REVIEWER)
    await service.move(run.id, Act.FINISH, "期满", by=REVIEWER)


async def test_nobody_rules_on_his_own_points(people: People) -> None:
    run, own = await computed(), UUID(people["D001"])
    with looking(Reach("all", person="D001"), "reviewer"), pytest.raises(Forbidden, match="不能办理自己的事"):
        await decide(run, own, "score", "points", "理由", by=REVIEWER, points="5")
    with looking(Reach("all", person="D002"), "reviewer"), pytest.raises(NotFound):
        await decide(run, own, "score", "points", "理由", by=REVIEWER, points="5")


async def test_a_notice_with_faults_tells_all_of_them_and_an_unknown_year_asks(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    del people
    at(date(2026, 12, 28), monkeypatch)
    run = await computed()
    await service.move(run.id, Act.REVIEW, by=REVIEWER)
    faulty = notice(date(2026, 11, 1), grades=("特优",), office=" ", phone="")
    with pytest.raises(Invalid) as refused:
        await service.open_notice(run.id, faulty, by=REVIEWER)
    assert len(refused.value.faults) == 4
    with pytest.raises(UnknownYear, match="2027"):
        await service.open_notice(run.id, notice(date(2026, 12, 29)), by=REVIEWER)
    assert (await queries.publication(run.id)).state is State.REVIEWED


async def test_a_notice_shows_masked_names_without_scores_in_the_order_of_lists(people: People) -> None:
    del people
    run = await computed()
    await on_notice(run, clock.today(), grades=("合格", "暂缓登记", "不合格"))
    info = await queries.publication(run.id)
    rows = await queries.notice_rows(run, info)
    assert [row.name for row in rows if row.grade] == ["党****1", "党****3", "党****2", "党****4"][
        : len(rows)
    ]
    assert {row.score for row in rows} == {None}


async def test_a_superseded_run_is_neither_reviewed_nor_final(people: People) -> None:
    run = await computed()
    await claimed(people["D004"], 5, [20, 20])
    newer = await computed()
    with pytest.raises(Conflict, match=f"已经被第 {newer.number} 次评定取代"):
        await service.move(run.id, Act.REVIEW, by=REVIEWER)


async def test_a_run_whose_successor_was_stopped_is_not_superseded(people: People) -> None:
    run = await computed()
    await claimed(people["D004"], 5, [20, 20])
    newer = await computed()
    await service.move(newer.id, Act.STOP, "事实录错了", by=REVIEWER)
    assert await evaluation.superseded_by(run.id) is None
    assert await service.move(run.id, Act.REVIEW, by=REVIEWER) is State.REVIEWED
    again = await computed()
    assert again.number == 3
    found = await evaluation.superseded_by(run.id)
    assert found is not None
    assert found.number == 3


async def test_only_final_results_are_history_once_the_scheme_says_so(
    two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(two_tenants[0]):
        at(date(2026, 11, 2), monkeypatch)
        await ten_branches({"农村": [95, 90, 85, 80, 70], "社区": [99, 98, 80, 70, 60]})
        first = await computed("stars")
        await on_notice(first, date(2026, 11, 3), grades=("五星",))
        at(date(2027, 1, 4), monkeypatch)
        await service.move(first.id, Act.FINISH, "无异议", by=REVIEWER)
        await service.set_history("stars", only_final=True)
        assert [run.id for run in await evaluation.history("stars", date(2027, 1, 1), only_final=True)] == [
            first.id
        ]
        following = await computed("stars", date(2027, 1, 4))
        assert (following.history, following.previous) == ("final", (first.id,))
        assert (await verify(following.number)).equal


async def test_results_that_are_not_final_are_no_history_for_such_a_scheme(
    two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(two_tenants[0]):
        at(date(2026, 11, 2), monkeypatch)
        await ten_branches({"农村": [95, 90, 85, 80, 70], "社区": [99, 98, 80, 70, 60]})
        first = await computed("stars")
        at(date(2027, 1, 4), monkeypatch)
        assert (await computed("stars", date(2027, 1, 4))).previous == (first.id,)
        await service.set_history("stars", only_final=True)
        assert (await computed("stars", date(2027, 1, 4))).previous == ()


async def test_another_tenant_sees_no_publication(people: People, two_tenants: tuple[int, int]) -> None:
    del people
    run = await computed()
    await service.move(run.id, Act.REVIEW, by=REVIEWER)
    with tenant_scope(two_tenants[1]):
        assert await queries.by_run() == {}
        with pytest.raises(NotFound):
            await service.move(run.id, Act.STOP, "别人的", by=REVIEWER)


async def test_of_two_runs_opened_one_after_the_other_only_the_later_takes_effect(people: People) -> None:
    first = await open_run("points", DAY, by=OPENER)
    await claimed(people["D004"], 5, [20])
    second = await computed()
    assert (second.number, second.supersedes) == (2, None)
    with pytest.raises(Conflict, match="已经被第 2 次评定取代"):
        await service.move(first.id, Act.REVIEW, by=REVIEWER)
    assert await service.move(second.id, Act.REVIEW, by=REVIEWER) is State.REVIEWED


async def test_after_results_were_stopped_the_same_can_be_computed_once_more(people: People) -> None:
    del people
    stopped = await computed()
    await service.move(stopped.id, Act.STOP, "按错了", by=REVIEWER)
    again = await computed()
    assert (again.number, again.supersedes) == (2, stopped.id)
    assert await service.move(again.id, Act.REVIEW, by=REVIEWER) is State.REVIEWED
    assert (await computed()).id == again.id


async def test_results_that_were_stopped_are_no_history_and_on_no_page_of_work(
    two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(two_tenants[0]):
        at(date(2026, 11, 2), monkeypatch)
        await ten_branches({"农村": [95, 90, 85, 80, 70], "社区": [99, 98, 80, 70, 60]})
        first = await computed("stars")
        await service.move(first.id, Act.STOP, "算错了", by=REVIEWER)
        assert await latest_results("stars") == []
        second = await computed("stars")
        assert {row.run for row in await latest_results("stars")} == {second.id}
        await service.move(second.id, Act.STOP, "又错了", by=REVIEWER)
        at(date(2027, 1, 4), monkeypatch)
        assert (await computed("stars", date(2027, 1, 4))).previous == ()


async def test_what_has_no_room_is_told_instead_of_cut_off(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    del people
    at(date(2026, 11, 2), monkeypatch)
    run = await computed()
    await service.move(run.id, Act.REVIEW, by=REVIEWER)
    with pytest.raises(Invalid) as refused:
        await service.open_notice(
            run.id, notice(date(2026, 11, 3), office="科" * 201, document="号" * 101), by=REVIEWER
        )
    assert refused.value.faults == ("受理单位最多 200 字", "文号最多 100 字")
    await service.open_notice(run.id, notice(date(2026, 11, 3)), by=REVIEWER)
    at(date(2026, 11, 5), monkeypatch)
    with pytest.raises(Invalid, match="没有登记"):
        await note(run.id, "", "少" * 2001, date(2026, 11, 4), by=REVIEWER)
    lines = "\r\n".join(["少计了一次，请核对"] * 200)  # 2200 as they are sent, 1999 as they were typed
    await note(run.id, "", lines, date(2026, 11, 4), by=REVIEWER)
    info = await queries.publication(run.id)
    (objection,) = await queries.objections(info.id)  # type: ignore[arg-type]
    assert objection.text == lines.replace("\r\n", "\n")


async def test_words_that_stand_for_a_name_are_not_masked_on_the_notice(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(date(2026, 11, 2), monkeypatch)
    run = await computed()
    await on_notice(run, date(2026, 11, 3))
    await execute(
        "update member set sensitivity = 2 where tenant_id = $1 and id = $2::text::uuid",
        *(current_tenant(), people["D001"]),
    )
    info = await queries.publication(run.id)
    with looking(EVERYTHING, "reviewer"):
        names = [row.name for row in await queries.notice_rows(run, info)]
    assert "（受限）" in names
    assert [name for name in names if "*" not in name] == ["（受限）"]
