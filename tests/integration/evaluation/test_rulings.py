"""Rulings on a star appraisal with ties: shown before, decided with a reason, applied by the next run."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from tests.support.stars import BOOK, DAY, Branches, ten_branches

from jiceng.evaluation import jobs, queries
from jiceng.evaluation.results import listing
from jiceng.evaluation.results.comparing import compare
from jiceng.evaluation.results.listing import Filters
from jiceng.evaluation.rulings import deciding
from jiceng.evaluation.rulings.effects import effects
from jiceng.evaluation.rulings.questions import open_questions, question, questions
from jiceng.evaluation.schemas import RunInfo
from jiceng.evaluation.service import open_run, verify
from jiceng.facts.correcting import correct_fact
from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import run_due_jobs
from jiceng.schemes.service import adopt

BY = new_id()
TIED = {"农村": [95, 90, 90, 80, 70], "社区": [99, 98, 80, 70, 60]}
PART = "decide[0]"


@pytest.fixture
async def branches(two_tenants: tuple[int, int]) -> AsyncIterator[Branches]:
    """East: the second and third tie for the second of two places. West: clear."""
    with tenant_scope(two_tenants[0]):
        yield await ten_branches(TIED)


async def computed() -> RunInfo:
    run = await open_run("stars", DAY)
    await run_due_jobs(jobs.JOBS)
    done = await queries.run(run.id)
    assert done.state == "done", done.reason
    return done


async def grades(run: RunInfo) -> dict[str, str]:
    page = await listing.results(run, Filters())
    return {row.number: row.grade or row.status for row in page.rows}


CLEAR = {
    "E1": "五星", "E4": "四星", "E5": "四星",
    "W1": "五星", "W2": "五星", "W3": "四星", "W4": "四星", "W5": "四星",
}  # fmt: skip


async def test_a_tie_over_the_quota_line_waits_and_nobody_else_does(branches: Branches) -> None:
    run = await computed()
    assert len(branches) == 10
    assert await grades(run) == CLEAR | {"E2": "needs_ruling", "E3": "needs_ruling"}
    assert await open_questions(run) == 2
    shown = (await questions(run)).rows
    assert [(one.number, one.title, one.clause, one.kind_in_words) for one in shown] == [
        ("E2", "按比例定星", "第五条", "并列"),
        ("E3", "按比例定星", "第五条", "并列"),
    ]


async def test_each_choice_shows_what_it_does_before_it_is_made(branches: Branches) -> None:
    run = await computed()
    asked = await question(run, UUID(branches["E3"]), PART)
    (effect,) = await effects(run, asked)
    assert (effect.own, effect.others) == ("五星", 1)
    (mover,) = effect.movers
    assert (mover.name, mover.before, mover.after) == ("农村第2党支部", "待裁定", "四星")
    assert await grades(run) == CLEAR | {"E2": "needs_ruling", "E3": "needs_ruling"}


async def test_the_next_run_applies_the_ruling_and_supersedes(branches: Branches) -> None:
    first = await computed()
    await deciding.decide(first, UUID(branches["E3"]), PART, "first", "群众评价更高", by=BY)
    second = await computed()
    assert (second.number, second.supersedes, second.rulings) == (2, first.id, (1,))
    assert await grades(second) == CLEAR | {"E2": "四星", "E3": "五星"}
    newer = await queries.superseded_by(first.id)
    assert newer is not None
    assert newer.id == second.id
    assert (await verify(2)).equal
    assert (await verify(1)).equal
    assert (await computed()).id == second.id


async def test_a_comparison_tells_who_moved_and_which_decision_changed(branches: Branches) -> None:
    first = await computed()
    await deciding.decide(first, UUID(branches["E3"]), PART, "first", "群众评价更高", by=BY)
    second = await computed()
    found = await compare(first, second)
    assert (found.moved, found.same) == (2, 8)
    assert found.table[("待裁定", "五星")] == 1
    assert found.table[("待裁定", "四星")] == 1
    assert found.table[("五星", "五星")] == 3
    assert [(one.number, one.before.label, one.after.label) for one in found.shown] == [
        ("E2", "待裁定", "四星"),
        ("E3", "待裁定", "五星"),
    ]
    assert found.shown[0].lines == [("按比例定星", "未定", "四星")]
    assert (await compare(first, second, change="score")).found == 0
    only = await compare(first, second, organization=UUID(branches["E2"]))
    assert [one.number for one in only.shown] == ["E2"]


async def test_a_ruling_changes_nobody_it_does_not_touch(branches: Branches) -> None:
    first = await computed()
    await deciding.decide(first, UUID(branches["E2"]), PART, "first", "理由", by=BY)
    second = await computed()
    before, after = await grades(first), await grades(second)
    assert {number: after[number] for number in CLEAR} == {number: before[number] for number in CLEAR}


async def test_an_unstated_rounding_is_ruled_for_the_cohort(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        branches = await ten_branches({"农村": [95, 90, 85, 80], "社区": [9, 8]}, rounding="ask")
        run = await computed()
        waiting = [one.number for one in (await questions(run)).rows if one.kind == "rounding"]
        assert "E2" in waiting
        asked = await question(run, UUID(branches["E2"]), PART)
        offered = {one.choice.key: one.own for one in await effects(run, asked)}
        assert offered["places:农村:五星:2"] == "五星"
        assert offered["places:农村:五星:1"] == "四星"
        await deciding.decide(run, UUID(branches["E2"]), PART, "places:农村:五星:1", "从严", by=BY)
        assert (await grades(await computed()))["E2"] == "四星"


async def test_a_later_ruling_replaces_and_a_withdrawn_one_asks_again(branches: Branches) -> None:
    run = await computed()
    await deciding.decide(run, UUID(branches["E2"]), PART, "first", "一", by=BY)
    id_ = await fetch_value("select id from ruling where number = 1")
    await deciding.withdraw(run, id_, "弄错了", by=BY)
    with pytest.raises(NotFound):
        await deciding.withdraw(run, id_, "再撤一次", by=BY)
    assert (await computed()).id == run.id
    await deciding.decide(run, UUID(branches["E3"]), PART, "first", "二", by=BY)
    assert (await grades(await computed()))["E3"] == "五星"


async def test_the_results_before_a_ruling_that_was_withdrawn_are_computed_once_more(
    branches: Branches,
) -> None:
    first = await computed()
    await deciding.decide(first, UUID(branches["E2"]), PART, "first", "一", by=BY)
    second = await computed()
    id_ = await fetch_value("select id from ruling where number = 1")
    await deciding.withdraw(second, id_, "弄错了", by=BY)
    third = await computed()
    assert (third.number, third.supersedes, third.rulings) == (3, second.id, ())
    assert await grades(third) == await grades(first)
    assert (await computed()).id == third.id


async def test_a_ruling_needs_a_reason_a_choice_and_an_open_question(branches: Branches) -> None:
    run = await computed()
    subject = UUID(branches["E2"])
    with pytest.raises(Invalid, match="理由"):
        await deciding.decide(run, subject, PART, "first", " ", by=BY)
    with pytest.raises(Invalid, match="选一个"):
        await deciding.decide(run, subject, PART, "grade:一星", "理由", by=BY)
    with pytest.raises(NotFound):
        await deciding.decide(run, UUID(branches["E1"]), PART, "first", "理由", by=BY)
    await deciding.decide(run, subject, PART, "first", "理由", by=BY)
    await computed()
    with pytest.raises(Conflict, match="已经被第 2 次取代"):
        await deciding.decide(run, UUID(branches["E3"]), PART, "first", "理由", by=BY)


async def test_a_ruling_does_not_move_to_another_version_of_the_rules(branches: Branches) -> None:
    run = await computed()
    await deciding.decide(run, UUID(branches["E2"]), PART, "first", "理由", by=BY)
    await adopt(
        "stars", toml=(BOOK % "half_up").replace("第五条", "第六条"), in_force_from=DAY, reason="换版"
    )
    again = await computed()
    assert again.rulings == ()
    assert await open_questions(again) == 2


async def test_rulings_are_the_tenants_own_and_cannot_be_changed(
    branches: Branches, two_tenants: tuple[int, int]
) -> None:
    run = await computed()
    await deciding.decide(run, UUID(branches["E2"]), PART, "first", "理由", by=BY)
    with pytest.raises(Exception, match="permission denied"):
        await execute("update ruling set grade = '五星'")
    with tenant_scope(two_tenants[1]):
        assert await fetch_value("select count(*) from ruling") == 0


async def test_what_a_person_can_decide_is_listed_before_what_is_missing(branches: Branches) -> None:
    text = (BOOK % "half_up").replace('title = "考核得分"', 'title = "考核得分", required = true')
    await adopt("stars", toml=text, in_force_from=DAY, reason="必填")
    lowest = await fetch_value("select seq from fact where subject = $1::uuid", branches["E5"])
    await correct_fact(lowest, None, reason="录错")
    rows = (await questions(await computed())).rows
    assert [(one.number, one.kind) for one in rows] == [("E2", "tie"), ("E3", "tie"), ("E5", "missing")]
