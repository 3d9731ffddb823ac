"""One score explained: lines that add up, the facts each item rests on, from what was stored with the run."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import pytest
from tests.support.appraisal import DAY, claimed, claims, small_town, with_points

from jiceng.evaluation import jobs, queries
from jiceng.evaluation.results.explaining import explanation
from jiceng.evaluation.schemas import RunInfo
from jiceng.evaluation.service import open_run
from jiceng.facts.correcting import correct_fact
from jiceng.facts.service import import_facts
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import NotFound
from jiceng.kernel.jobs import run_due_jobs

People = dict[str, str]


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[People]:
    """D001: four required items (one of them twice), self-chosen and recommended ones, a penalty of 3."""
    with tenant_scope(two_tenants[0]):
        people = await small_town(2)
        await with_points()
        await claimed(people["D001"], 4, [15])
        await import_facts("points", "claim", claims(people["D001"], 1), source="再做一次")
        await claimed(people["D001"], 0, [5, 20], kind="推荐")
        fine = {"subject": [people["D001"]], "date": [DAY], "kind": ["处分扣分"], "worth": [3]}
        proof = {"evidence": ["通报批评"], "entered_by": [people["D001"]], "accepted_by": [people["D002"]]}
        await import_facts("points", "adjustment", pl.DataFrame(fine | proof), source="处分")
        yield people


async def computed() -> RunInfo:
    run = await open_run("points", DAY)
    await run_due_jobs(jobs.JOBS)
    return await queries.run(run.id)


async def test_lines_add_up_to_the_score_and_say_why_the_gate_closed(people: People) -> None:
    told = await explanation(await computed(), UUID(people["D001"]))
    assert [(line.title, line.kind, line.points) for line in told.scoring if line.points] == [
        ("必选事项", "item", Decimal(40)),
        ("自选事项", "item", Decimal(15)),
        ("自选事项计入", "gate", Decimal(-15)),
        ("推荐事项", "item", Decimal(25)),
        ("推荐事项", "cap", Decimal(-5)),
        ("处分扣分", "item", Decimal(-3)),
    ]
    assert sum(line.points for line in told.scoring) == told.row.score == Decimal(57)
    (gate,) = [line for line in told.scoring if line.kind == "gate"]
    assert gate.because.endswith("（条件是必选完成项数 ≥ 5，必选完成项数为 4）")
    assert told.row.grade == "不合格"
    assert [line.because for line in told.deciding] == ["评定等次：未定 → 不合格（年度积分 < 60）"]


async def test_each_item_names_the_facts_it_rests_on(people: People) -> None:
    told = await explanation(await computed(), UUID(people["D001"]))
    by_title = {
        line.title: [fact.fields.get("item", fact.title) for fact in group.facts]
        for line in told.scoring
        if (group := told.evidence(line)) is not None
    }
    assert {title: sorted(items) for title, items in by_title.items()} == {
        "必选事项": ["BX01", "BX02", "BX03", "BX04"],
        "自选事项": ["ZX01"],
        "推荐事项": ["ZX01", "ZX02"],
        "处分扣分": ["奖惩"],
    }
    (fine,) = [fact for group in told.groups for fact in group.facts if group.name == "adjustment"]
    assert (fine.evidence, fine.entered_by, fine.accepted_by) == ("通报批评", "党员D001", "党员D002")
    assert told.counted_in(fine) == ["处分扣分"]


async def test_the_score_comes_from_what_was_stored_and_never_from_the_facts(
    people: People, superuser: Any
) -> None:
    run = await computed()
    await superuser.execute("update fact set numbers = array[1000000]")
    told = await explanation(run, UUID(people["D001"]))
    assert told.row.score == sum(line.points for line in told.scoring) == Decimal(57)


async def test_a_later_correction_does_not_change_the_explanation_of_an_earlier_run(people: People) -> None:
    run = await computed()
    await correct_fact(1, None, reason="重复")
    told = await explanation(run, UUID(people["D001"]))
    states = {fact.seq: fact.state for group in told.groups for fact in group.facts}
    assert states[1] == ""
    assert told.row.score == Decimal(57)
    later = await explanation(await computed(), UUID(people["D001"]))
    assert later.row.score == Decimal(47)


async def test_a_member_without_facts_has_zero_lines_and_no_evidence(people: People) -> None:
    told = await explanation(await computed(), UUID(people["D002"]))
    assert told.row.score == Decimal(0)
    assert told.groups == []
    assert [told.evidence(line) for line in told.scoring] == [None] * len(told.scoring)


@pytest.mark.usefixtures("people")
async def test_somebody_the_run_does_not_know_is_not_found() -> None:
    with pytest.raises(NotFound, match="没有这个对象"):
        await explanation(await computed(), uuid4())
