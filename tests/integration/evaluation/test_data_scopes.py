"""Data scopes: every read of persons, organizations, facts and results answers with what may be seen."""

from collections.abc import AsyncIterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

import pytest
from tests.support.appraisal import DAY, claimed, small_town, with_points, workbook

from jiceng.accounts.scope import EVERYTHING, NOTHING, Reach, looking
from jiceng.evaluation import jobs, queries
from jiceng.evaluation.results import listing as results
from jiceng.evaluation.results.listing import Filters
from jiceng.evaluation.schemas import RunInfo
from jiceng.evaluation.service import open_run
from jiceng.facts.service import import_workbook
from jiceng.kernel.database import current_tenant, execute, fetch_value, tenant_scope
from jiceng.kernel.errors import Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import run_due_jobs
from jiceng.roster import listing
from jiceng.roster import queries as roster

ABSENT = UUID("01890000-0000-7000-8000-000000000000")


class Town(NamedTuple):
    """East: D001 and D003; west: D002 and D004; both below the town committee."""

    people: dict[str, UUID]
    places: dict[str, UUID]
    run: RunInfo


@pytest.fixture
async def town(two_tenants: tuple[int, int]) -> AsyncIterator[Town]:
    with tenant_scope(two_tenants[0]):
        people = await small_town(4)
        await with_points()
        await claimed(people["D001"], 5, [10, 20])
        await claimed(people["D002"], 5, [20])
        run = await open_run("points", DAY)
        await run_due_jobs(jobs.JOBS)
        places = {
            number: await fetch_value(
                "select id from organization where tenant_id = $1 and number = $2", current_tenant(), number
            )
            for number in ("O1", "O2", "O3")
        }
        yield Town({n: UUID(key) for n, key in people.items()}, places, await queries.run(run.id))


async def seen(town: Town, reach: Reach) -> dict[str, list[str]]:
    """What each read answers, as sorted numbers."""
    with looking(reach):
        members = await listing.find_members(listing.MemberFilters(), DAY, 1)
        shown = await results.results(town.run, Filters())
        assert shown.total == len(shown.rows)
        assert sum((await queries.counts(town.run.id)).values()) == shown.total
        assert (await roster.counts(DAY)).members == len(members.rows) == members.total
        return {
            "organizations": [row.number for row in await roster.organizations(DAY)],
            "members": [row.number for row in members.rows],
            "listed": [row.number for row in await roster.members(DAY)],
            "results": sorted(row.number for row in shown.rows),
            "numbers": sorted(await roster.subject_numbers("member", DAY)),
        }


async def test_each_scope_sees_its_part_and_nothing_else(town: Town) -> None:
    def everywhere(organizations: list[str], members: list[str]) -> dict[str, list[str]]:
        return {
            "organizations": organizations,
            **dict.fromkeys(("listed", "results", "numbers"), members),
            "members": members,
        }

    all_four, east = ["D001", "D002", "D003", "D004"], ["D001", "D003"]
    places = town.places
    whole = await seen(town, EVERYTHING)
    assert whole["members"] == ["D001", "D003", "D002", "D004"], "by organization"
    assert {**whole, "members": all_four} == everywhere(["O1", "O2", "O3"], all_four)
    below_town = await seen(town, Reach("subtree", places["O1"]))
    assert {**below_town, "members": all_four} == everywhere(["O1", "O2", "O3"], all_four)
    assert await seen(town, Reach("own", places["O1"])) == everywhere(["O1"], [])
    assert await seen(town, Reach("subtree", places["O2"])) == everywhere(["O2"], east)
    assert await seen(town, Reach("own", places["O2"])) == everywhere(["O2"], east)
    assert await seen(town, Reach("self", None, "D003")) == everywhere(["O2"], ["D003"])
    assert await seen(town, Reach("self", None, "D999")) == everywhere([], [])
    assert await seen(town, Reach("own", ABSENT)) == everywhere([], [])
    assert await seen(town, NOTHING) == everywhere([], [])


async def test_results_that_did_not_take_effect_are_counted_where_they_are_seen(town: Town) -> None:
    hold = "insert into held_result (tenant_id, id, run, subject) values ($1, $2, $3, $4)"
    for number in ("D001", "D002", "D004"):
        await execute(hold, current_tenant(), new_id(), town.run.id, town.people[number])
    found = {}
    for reach in (EVERYTHING, Reach("subtree", town.places["O2"]), Reach("self", None, "D003")):
        with looking(reach):
            found[reach.kind] = await queries.held_count(town.run)
    assert found == {"all": 3, "subtree": 1, "self": 0}


async def test_what_is_outside_is_answered_like_what_does_not_exist(town: Town) -> None:
    inside, outside = town.people["D001"], town.people["D002"]
    with looking(Reach("subtree", town.places["O2"])):
        assert await roster.subject_name(inside, DAY) == "党员D001"
        assert (await results.result(town.run, inside)).number == "D001"
        for subject in (outside, ABSENT, town.places["O3"]):
            assert await roster.subject_name(subject, DAY) is None
            with pytest.raises(NotFound) as refused:
                await results.result(town.run, subject)
            assert refused.value.what_zh == "这次评定中没有这个对象"
        for organization in (town.places["O3"], town.places["O1"], ABSENT):
            found = await listing.find_members(listing.MemberFilters(organization), DAY, 1)
            kept = [] if organization != town.places["O1"] else ["D001", "D003"]
            assert [row.number for row in found.rows] == kept
            page = await results.results(town.run, Filters(organization))
            assert sorted(row.number for row in page.rows) == kept
        assert (await results.results(town.run, Filters(name="D002"))).rows == []


async def test_a_scope_follows_the_day_that_is_asked_for(town: Town) -> None:
    before_there_was_anybody = date(2019, 12, 31)
    with looking(Reach("subtree", town.places["O2"])):
        assert await roster.organizations(before_there_was_anybody) == []
        assert await roster.subject_name(town.people["D001"], before_there_was_anybody) is None


async def test_facts_are_taken_for_subjects_inside_only(town: Town) -> None:
    def claim(number: str) -> bytes:
        head = ["编号", "日期", "一事一议"]
        return workbook(一事一议=[head, [number, DAY, "是"]])

    with looking(Reach("own", town.places["O2"])):
        assert [kept.new for kept in await import_workbook("points", claim("D001"), "一.xlsx")] == [1]
        told = []
        for number in ("D002", "D999"):
            with pytest.raises(Invalid) as refused:
                await import_workbook("points", claim(number), "二.xlsx")
            told.append(str(refused.value.faults).replace(number, "?"))
        assert told[0] == told[1]
        assert "名册中没有这个编号" in told[0]


@pytest.mark.usefixtures("town")
async def test_a_run_opened_by_somebody_with_a_narrow_view_still_freezes_everybody() -> None:
    with looking(Reach("self", None, "D003")):
        frame = await roster.subject_frame("member", DAY)
    assert frame.height == 4
    assert sorted(frame["number"]) == ["D001", "D002", "D003", "D004"]
    assert set(frame["organization_number"]) == {"O2", "O3"}
