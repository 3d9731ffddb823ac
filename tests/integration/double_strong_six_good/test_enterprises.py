"""Declarations that become facts, ratings, tiers, help, coverage; and what is refused."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextvars import copy_context
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs
from tests.support.enterprises import (
    FAIR,
    GOOD,
    POOR,
    TYPED,
    Firms,
    evaluated,
    organizations,
    rated,
    town_of_firms,
)
from tests.support.projects import somebody
from tests.support.sample_files import pieces, png

from jiceng.accounts.scope import Reach, looking
from jiceng.api import Conflict, Forbidden, Invalid, NotFound, Refusal, today
from jiceng.api.facts import facts_of
from jiceng.kernel import clock
from jiceng.kernel.database import current_tenant, execute, tenant_scope, transaction
from jiceng.kernel.files import keep_files_in
from jiceng.kernel.ids import new_id
from jiceng.kernel.settings import Settings
from jiceng_double_strong_six_good.coverage.queries import coverage
from jiceng_double_strong_six_good.declarations import evidence, queries, service
from jiceng_double_strong_six_good.declarations.states import Act, State
from jiceng_double_strong_six_good.demo import REASONS, confirm_tiers
from jiceng_double_strong_six_good.firms.queries import firms
from jiceng_double_strong_six_good.help import service as help_service
from jiceng_double_strong_six_good.help.schemas import Draft
from jiceng_double_strong_six_good.help.states import Act as HelpAct
from jiceng_double_strong_six_good.history.queries import moves
from jiceng_double_strong_six_good.home import to_check, to_do
from jiceng_double_strong_six_good.limits import Limits, limits, set_limits
from jiceng_double_strong_six_good.ratings.recording import known, marks_by_party
from jiceng_double_strong_six_good.ratings.service import rate
from jiceng_double_strong_six_good.standing.queries import board, tier_of
from jiceng_double_strong_six_good.standing.service import confirm
from jiceng_double_strong_six_good.vocabulary import CRITERIA

NOVEMBER = dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC)
CHRISTMAS = dt.datetime(2026, 12, 25, 4, tzinfo=dt.UTC)
ENTERPRISE, TOWN = new_id(), new_id()
MARKS = dict.fromkeys(CRITERIA, "8.5")
PLAN = Draft(problems="欠薪", measures="每月一查", helper="张某", deadline=dt.date(2027, 6, 30))


@pytest.fixture
async def town(two_tenants: tuple[int, int]) -> AsyncIterator[Firms]:
    with tenant_scope(two_tenants[0]), clock.showing(NOVEMBER):
        yield await town_of_firms()


async def test_an_accepted_declaration_becomes_facts_and_accepted_again_corrects_them(town: Firms) -> None:
    made = await service.begin(town["U1"], 2026, ENTERPRISE)
    assert await service.begin(town["U1"], 2026, ENTERPRISE) == made
    assert len(await service.write(made, {"growth": "二十"})) == 20
    assert (await queries.declaration(made)).typed == {"growth": "二十"}
    with pytest.raises(Invalid):
        await service.hand_in(made, ENTERPRISE)
    await service.write(made, TYPED)
    await service.hand_in(made, ENTERPRISE)
    with pytest.raises(Conflict, match="不能再改"):
        await service.write(made, TYPED)
    with pytest.raises(Conflict, match="不能自己审核"):
        await service.decide(made, Act.ACCEPT, "好", ENTERPRISE)
    await service.decide(made, Act.ACCEPT, "材料齐全", TOWN)
    told = {one.kind: one.fields["value"] for one in await known(town["U1"], 2026)}
    assert told == {
        "growth": "20",
        "members": "6",
        "has_secretary": "是",
        "has_committee": "否",
        "head_secretary": "否",
        "deputy": "否",
        "election_state": "按期",
        "ledger": "齐全",
    }
    await service.decide(made, Act.REOPEN, "党员数有误", TOWN)
    await service.write(made, TYPED | {"members": "8"})
    await service.hand_in(made, ENTERPRISE)
    await service.decide(made, Act.ACCEPT, "已核对", TOWN)
    members = [one.fields["value"] for one in await known(town["U1"], 2026) if one.kind == "members"]
    assert members == ["8"]
    assert len([one for one in await facts_of(town["U1"]) if one.kind == "members"]) == 2
    acts = [move.act for move in await moves(made)]
    assert acts == ["begin", "hand_in", "accept", "reopen", "hand_in", "accept"]


async def test_of_two_who_begin_a_declaration_at_once_both_come_to_the_same(town: Firms) -> None:
    made = await asyncio.gather(*(service.begin(town["U1"], 2026, ENTERPRISE) for _ in range(4)))
    assert len(set(made)) == 1
    assert (await queries.declaration(made[0])).state is State.DRAFT
    assert len(await moves(made[0])) == 1


async def test_after_the_last_day_nothing_new_is_declared_but_what_was_returned_still_is(town: Firms) -> None:
    made = await service.begin(town["U1"], 2026, ENTERPRISE)
    other = await service.begin(town["U2"], 2026, ENTERPRISE)
    await service.write(made, TYPED)
    await service.write(other, TYPED)
    await service.hand_in(other, ENTERPRISE)
    with clock.showing(CHRISTMAS):
        with pytest.raises(Conflict, match="到 2026-12-20 为止，已经截止"):
            await service.hand_in(made, ENTERPRISE)
        with pytest.raises(Conflict, match="已经截止"):
            await service.begin(town["U3"], 2026, ENTERPRISE)
        await service.decide(other, Act.RETURN, "补充佐证", TOWN)
        await service.hand_in(other, ENTERPRISE)
    assert (await queries.declaration(other)).state is State.HANDED_IN
    with pytest.raises(Conflict, match="还没有开始申报"):
        await service.begin(town["U3"], 2027, ENTERPRISE)
    with pytest.raises(Conflict, match="不参加评定"):
        await service.begin(town["U5"], 2026, ENTERPRISE)


async def test_evidence_of_a_wrong_kind_or_for_no_criterion_is_refused(
    town: Firms, database: Settings, tmp_path: Path
) -> None:
    keep_files_in(structs.replace(database, data_dir=tmp_path))
    made = await service.begin(town["U1"], 2026, ENTERPRISE)
    await evidence.add(made, "culture", "照片.png", pieces(png()), ENTERPRISE)
    with pytest.raises(Refusal) as told:
        await evidence.add(made, "culture", "程序.exe", pieces(b"MZ\x90\x00" + b"x" * 100), ENTERPRISE)
    assert told.value.status == 415
    with pytest.raises(Invalid, match="没有“wealth”这条标准"):
        await evidence.add(made, "wealth", "照片.png", pieces(png()), ENTERPRISE)
    ((one,),) = (await queries.evidence(made)).values()
    info, content = await evidence.evidence_file(made, one.id)
    assert (info.name, content) == ("照片.png", png())
    await evidence.take_away(made, one.id, ENTERPRISE)
    assert await queries.evidence(made) == {}
    with pytest.raises(NotFound):
        await evidence.evidence_file(made, one.id)


async def test_whoever_looks_after_one_branch_sees_its_enterprises_and_decides_nothing(town: Firms) -> None:
    places = await organizations()
    theirs = await service.begin(town["U3"], 2026, TOWN)
    with looking(Reach("own", places["O2"]), "declarer"):
        seen = await firms(today())
        assert sorted(one.number for one in seen.values()) == ["U1", "U2", "U5"]
        made = await service.begin(town["U1"], 2026, ENTERPRISE)
        await service.write(made, TYPED)
        await service.hand_in(made, ENTERPRISE)
        with pytest.raises(NotFound):
            await service.write(theirs, TYPED)
        with pytest.raises(NotFound):
            await service.begin(town["U3"], 2026, ENTERPRISE)
        with pytest.raises(NotFound):
            await rate(town["U3"], 2026, "镇街", MARKS, "会议", ENTERPRISE)
        with pytest.raises(Forbidden):
            await service.decide(made, Act.ACCEPT, "好", TOWN)
        with pytest.raises(Forbidden):
            await rate(town["U1"], 2026, "镇街", MARKS, "会议", ENTERPRISE)
        assert sorted((await coverage(seen)).towns) == ["东街党支部"]


async def test_marks_out_of_range_and_unknown_parties_are_told_at_once(town: Firms) -> None:
    with pytest.raises(Invalid) as told:
        await rate(town["U1"], 2026, "邻居", MARKS | {"culture": "10.5"}, " ", TOWN)
    assert [str(fault) for fault in told.value.faults] == [
        "评价方“邻居”不在 镇街、部门、职工 之中",
        "请写明依据，如会议、票决编号",
        "“企业文化好”评分“10.5”应是 0 到 10 的数，最多 1 位小数",
    ]
    assert await known(town["U1"], 2026) == []
    with pytest.raises(Conflict, match="不参加评定"):
        await rate(town["U5"], 2026, "镇街", MARKS, "会议", TOWN)


async def test_marks_given_again_are_corrections_and_count_once(town: Firms) -> None:
    assert await rate(town["U1"], 2026, "镇街", MARKS, "会议", TOWN) == 6
    assert await rate(town["U1"], 2026, "镇街", MARKS | {"culture": "9"}, "复议", TOWN) == 1
    marks = marks_by_party(await known(town["U1"], 2026))["镇街"]
    assert marks["企业文化好"].values["mark"] == Decimal(9)
    assert len(marks) == 6


async def test_marks_given_twice_at_once_count_once(town: Firms) -> None:
    apart = copy_context()
    async with transaction():
        assert await rate(town["U1"], 2026, "镇街", MARKS | {"culture": "7"}, "会议", TOWN) == 6
        again = rate(town["U1"], 2026, "镇街", MARKS | {"culture": "9"}, "会议", TOWN)
        other = asyncio.create_task(again, context=apart)
        await asyncio.sleep(0.2)
    assert await other == 1
    assert len([one for one in await known(town["U1"], 2026) if one.kind == "rating"]) == 6


async def test_a_tier_confirmed_twice_at_once_is_confirmed_once(town: Firms) -> None:
    await rated(town, 2026, {"U2": FAIR})
    apart = copy_context()
    async with transaction():
        await confirm(town["U2"], 2026, "中间", "看过", TOWN)
        other = asyncio.create_task(confirm(town["U2"], 2026, "中间", "再看", TOWN), context=apart)
        await asyncio.sleep(0.2)
    with pytest.raises(Conflict, match="已经确认为中间"):
        await other
    assert len(await moves(town["U2"])) == 1


async def test_a_tier_is_confirmed_by_a_person_and_asked_for_again_when_it_changes(town: Firms) -> None:
    await rated(town, 2026, {"U1": GOOD, "U2": FAIR, "U3": POOR})
    found = await board(2026, await firms(today()))
    assert found is not None
    assert {row.firm.number: row.tier for row in found.rows} == {"U1": "示范", "U2": "中间", "U3": "后进"}
    with pytest.raises(Conflict, match="最近一次评定是中间"):
        await confirm(town["U2"], 2026, "示范", "看过", TOWN)
    with pytest.raises(Invalid, match="理由"):
        await confirm(town["U2"], 2026, "中间", " ", TOWN)
    await confirm(town["U2"], 2026, "中间", "看过", TOWN)
    with pytest.raises(Conflict, match="已经确认为中间"):
        await confirm(town["U2"], 2026, "中间", "再看", TOWN)
    with pytest.raises(Conflict, match="还没有评出档次"):
        await confirm(town["U5"], 2026, "中间", "看过", TOWN)
    for party in ("镇街", "部门", "职工"):
        await rate(town["U2"], 2026, party, dict.fromkeys(CRITERIA, "1"), "复议", TOWN)
    await evaluated(2026)
    again = await board(2026, await firms(today()))
    assert again is not None
    row = next(row for row in again.rows if row.firm.number == "U2")
    assert (row.tier, row.settled, row.confirmed and row.confirmed.tier) == ("后进", False, "中间")


async def test_the_demo_confirms_by_name_with_reasons_and_leaves_the_middle_of_this_year_waiting(
    town: Firms,
) -> None:
    await confirm_tiers(2026, TOWN)  # nothing was evaluated: nothing happens
    await rated(town, 2026, {"U1": GOOD, "U2": FAIR, "U3": POOR})
    for _ in range(2):
        await confirm_tiers(2026, TOWN)
    found = await board(2026, await firms(today()))
    assert found is not None
    said = {
        row.firm.number: row.confirmed and (row.confirmed.tier, row.confirmed.reason) for row in found.rows
    }
    assert said == {"U1": ("示范", REASONS["示范"]), "U2": None, "U3": ("后进", REASONS["后进"])}
    assert len(await moves(town["U1"])) == 1
    with clock.showing(NOVEMBER + dt.timedelta(days=60)):
        await confirm_tiers(2026, TOWN)
        found = await board(2026, await firms(today()))
    assert found is not None
    assert all(row.settled for row in found.rows if row.tier)


async def test_only_the_last_tier_is_helped_from_the_plan_to_its_acceptance(town: Firms) -> None:
    await rated(town, 2026, {"U1": GOOD, "U3": POOR})
    assert await tier_of(town["U3"], 2026) == "后进"
    with pytest.raises(Conflict, match="没有评为后进"):
        await help_service.write(town["U1"], 2026, PLAN, TOWN)
    made = await help_service.write(town["U3"], 2026, Draft(problems="欠薪"), TOWN)
    with pytest.raises(Invalid) as told:
        await help_service.act(made, HelpAct.START, "", TOWN)
    assert len(told.value.faults) == 3
    await help_service.rewrite(made, PLAN, TOWN)
    await help_service.act(made, HelpAct.START, "", TOWN)
    with pytest.raises(Invalid, match="月份应在 2026-11 到 2026-11 之间"):
        await help_service.report(made, dt.date(2026, 12, 1), 50, "做了", TOWN)
    await help_service.report(made, dt.date(2026, 11, 1), 100, "都做了", TOWN)
    with clock.showing(NOVEMBER.replace(year=2027, month=1)):
        assert [(one.count, one.path) for one in await to_do(somebody()) if one.count and one.late] == [
            (1, "help?only=late&year=2026")
        ]
        assert [(one.count, one.path) for one in await to_check(somebody()) if one.count] == [
            (2, "enterprises?tier=open&year=2026")
        ]
    await help_service.act(made, HelpAct.HAND_IN, "", TOWN)
    with pytest.raises(Conflict, match="不能自己验收"):
        await help_service.act(made, HelpAct.ACCEPT, "好", TOWN)
    await help_service.act(made, HelpAct.ACCEPT, "实地看过", ENTERPRISE)
    acts = [move.act for move in await moves(made)]
    assert acts == ["write", "rewrite", "start", "report", "hand_in", "accept"]


async def test_last_years_coverage_is_read_at_the_last_day_of_last_year(town: Firms) -> None:
    state = "update unit_state set since = '2026-03-01' where tenant_id = $1 and unit = $2"
    await execute(state, current_tenant(), town["U1"])
    await execute(
        "insert into unit_state (tenant_id, id, unit, since, until, name, kind, employees, should_have,"
        " coverage) values ($1, $2, $3, '2020-01-01', '2026-03-01', '企业', '非公企业', 120, true, '无党员')",
        *(current_tenant(), new_id(), town["U1"]),
    )
    seen = await firms(today())
    assert (await coverage(seen)).before is None
    await execute(
        "insert into roster_change (tenant_id, id, version, at, filename, applied_at, counts)"
        " values ($1, $2, 1, '2025-12-31', 'x', now(), '[]')",
        *(current_tenant(), new_id()),
    )
    found = await coverage(seen)
    assert found.before is not None
    assert (found.now.covered, found.now.should, found.now.rate) == (3, 5, Decimal("60.00"))
    assert (found.before.all.covered, found.before.all.should, found.rise) == (2, 5, Decimal("20.00"))
    assert [one.number for one, _ in found.to_found] == ["U5", "U4"]


async def test_limits_hold_from_the_day_they_are_set(town: Firms) -> None:
    del town
    usual = Limits()
    typed = {name: str(getattr(usual, name)) for name in usual.__struct_fields__}
    await set_limits(typed | {"own_branch_from": "5"})
    assert (await limits()).own_branch_from == 5


async def test_after_the_last_day_a_declaration_is_not_taken_back_into_nothing(town: Firms) -> None:
    made = await service.begin(town["U1"], 2026, ENTERPRISE)
    await service.write(made, TYPED)
    await service.hand_in(made, ENTERPRISE)
    with clock.showing(CHRISTMAS), pytest.raises(Conflict, match="已于 2026-12-20 截止，撤回以后不能再提交"):
        await service.take_back(made, ENTERPRISE)
    await service.take_back(made, ENTERPRISE)
    assert (await queries.declaration(made)).state is State.DRAFT
