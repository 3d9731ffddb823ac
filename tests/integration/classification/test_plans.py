"""Plans: written, started, reported, handed in, accepted by another person from above; the register."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from contextvars import copy_context

import msgspec
import pytest
from tests.support.classes import LEADING, MIDDLE, WEAK, Places, classified, town
from tests.support.projects import somebody

from jiceng.accounts.scope import Reach, looking
from jiceng.api import Conflict, Forbidden, Invalid, NotFound
from jiceng.api.files import SheetOut, write_workbook
from jiceng.api.hooks import Numbers
from jiceng.api.results import latest_results
from jiceng.kernel import clock
from jiceng.kernel.audit import entries
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, execute, tenant_scope, transaction
from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets import read_table, read_workbook
from jiceng_classification.home import to_do
from jiceng_classification.plans import queries, service
from jiceng_classification.plans.schemas import Draft
from jiceng_classification.plans.states import Act, State
from jiceng_classification.sheets.bringing_in import bring_plans
from jiceng_classification.sheets.columns import LEDGER, PLAN, PLANS, REPORT, REPORTS
from jiceng_classification.sheets.reading import read_plans
from jiceng_classification.sheets.writing import register
from jiceng_classification.standing import queries as standing

NOVEMBER = dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC)
MAKER, SUPERIOR = new_id(), new_id()


@pytest.fixture
async def places(two_tenants: tuple[int, int]) -> AsyncIterator[Places]:
    with tenant_scope(two_tenants[0]), clock.showing(NOVEMBER):
        found = await town()
        await classified(found, 2025, {"O1": LEADING, "O2": WEAK, "O3": WEAK})
        await classified(found, 2026, {"O1": LEADING, "O2": MIDDLE, "O3": WEAK})
        yield found


def remedy(places: Places, number: str = "O3", **changes: object) -> Draft:
    given: dict[str, object] = {
        "organization": places[number],
        "year": 2026,
        "programme": "治弱",
        "causes": ("书记长期缺位",),
        "goal": "选好书记",
        "measures": "镇党委派人",
        "helper": "张某",
        "deadline": dt.date(2026, 12, 20),
    }
    return Draft(**given | changes)  # type: ignore[arg-type]


@pytest.mark.usefixtures("places")
async def test_the_board_counts_classes_movements_and_the_turned() -> None:
    board = await standing.board(2026)
    assert board is not None
    assert board.grades == ("先进", "中间", "后进")
    assert {row.number: (row.grade, row.before, row.movement) for row in board.rows} == {
        "O1": ("先进", "先进", "保持"),
        "O2": ("中间", "后进", "晋位"),
        "O3": ("后进", "后进", "保持"),
    }
    assert (board.weak_before, board.turned, str(board.conversion), board.reached) == (2, 1, "50.00", False)
    assert board.matrix == {("先进", "先进"): 1, ("后进", "中间"): 1, ("后进", "后进"): 1}
    assert not board.final
    assert await standing.years() == [2026, 2025]
    assert await standing.board(2024) is None


@pytest.mark.usefixtures("places")
async def test_who_sees_none_of_the_classified_has_no_board() -> None:
    with looking(Reach("subtree", organization=new_id()), "secretary"):
        assert await standing.board(2026) is None


async def test_whoever_is_not_classified_keeps_the_word_the_rulebook_says(places: Places) -> None:
    founded = "update organization set founded = '2027-05-01' where tenant_id = $1 and number = 'O3'"
    await execute(founded, current_tenant())
    with clock.showing(NOVEMBER.replace(year=2027)):
        await classified(places, 2027, {"O1": LEADING, "O2": MIDDLE, "O3": WEAK})
        board = await standing.board(2027)
    assert board is not None
    assert [row.number for row in board.rows] == ["O1", "O2"]
    told = {one.status for one in await latest_results("classification", subject=places["O3"])}
    assert told == {"rated", "当年新成立"}


async def test_a_remedy_runs_its_whole_way(places: Places) -> None:
    plan = await service.write(remedy(places), MAKER)
    await service.act(plan, Act.START, "", MAKER)
    november = dt.date(2026, 11, 1)
    await service.report(plan, november, 60, "书记人选已定", MAKER)
    with pytest.raises(Invalid, match="最近一次月度进展应是 100%"):
        await service.act(plan, Act.HAND_IN, "", MAKER)
    await service.report(plan, november, 100, "书记到任", MAKER)
    await service.act(plan, Act.HAND_IN, "", MAKER)
    with pytest.raises(Conflict, match="申请验收的人不能自己验收"):
        await service.act(plan, Act.ACCEPT, "验收合格", MAKER)
    with pytest.raises(Invalid, match="请写明理由"):
        await service.act(plan, Act.ACCEPT, " ", SUPERIOR)
    await service.act(plan, Act.ACCEPT, "实地看过", SUPERIOR)
    kept = await queries.plan(plan)
    assert (kept.state, kept.percent, kept.ended) == (State.ACCEPTED, 100, dt.date(2026, 11, 20))
    assert [report.percent for report in await queries.reports(plan)] == [100, 60]
    assert [(move.act, move.reason) for move in await queries.moves(plan)] == [
        ("start", ""),
        ("hand_in", ""),
        ("accept", "实地看过"),
    ]
    async with transaction():
        told = [entry async for block in entries() for entry in block]
    states = [json.loads(entry.details)["state"] for entry in told if entry.event == "work_moved"]
    assert states == ["draft", "running", "reported", "reported", "handed_in", "accepted"]
    await service.act(plan, Act.REOPEN, "又涣散了", SUPERIOR)
    assert (await queries.plan(plan)).state is State.RUNNING


async def test_a_remedy_of_last_year_waits_on_the_home_page_and_begins_anew_when_reopened(
    places: Places,
) -> None:
    plan = await service.write(remedy(places), MAKER)
    await service.act(plan, Act.START, "", MAKER)
    await service.report(plan, dt.date(2026, 11, 1), 100, "书记到任", MAKER)
    with clock.showing(NOVEMBER.replace(year=2027, month=1)):
        waits = [(one.count, one.path) for one in await to_do(somebody()) if one.count]
        assert waits == [(1, "programmes/治弱?year=2026&only=late")] * 2
        await service.act(plan, Act.HAND_IN, "", MAKER)
        waits = [(one.count, one.path) for one in await to_do(somebody()) if one.count]
        assert waits == [
            (1, "programmes/治弱?year=2026&only=late"),
            (1, "programmes/治弱?year=2026"),
        ]
        await service.act(plan, Act.ACCEPT, "实地看过", SUPERIOR)
    with clock.showing(NOVEMBER.replace(year=2027, month=6)):
        assert await to_do(somebody()) == []
        await service.act(plan, Act.REOPEN, "又涣散了", SUPERIOR, deadline=dt.date(2027, 9, 30))
        found = await queries.plan(plan)
        assert (found.percent, found.late_months(clock.today())) == (None, [])
        with pytest.raises(Invalid, match="最近一次月度进展应是 100%"):
            await service.act(plan, Act.HAND_IN, "", MAKER)


async def test_a_remedy_does_not_start_before_all_of_it_is_said(places: Places) -> None:
    plan = await service.write(remedy(places, causes=(), helper="", deadline=None), MAKER)
    with pytest.raises(Invalid) as refused:
        await service.act(plan, Act.START, "", MAKER)
    assert [str(fault) for fault in refused.value.faults] == [
        "还没有写期限",
        "还没有写原因",
        "还没有写帮扶人",
    ]
    await service.rewrite(plan, remedy(places))
    await service.act(plan, Act.START, "", MAKER)
    with pytest.raises(Conflict, match="方案已开始实施，不能再改"):
        await service.rewrite(plan, remedy(places))


async def test_bad_plans_and_reports_leave_nothing_behind(places: Places) -> None:
    with pytest.raises(Invalid) as refused:
        await service.write(remedy(places, programme="抓弱", causes=("天气不好",), helper="张" * 61), MAKER)
    assert [str(fault) for fault in refused.value.faults] == [
        "类型“抓弱”不在 示范、提升、治弱 之中",
        "原因“天气不好”不在办法列明的情形之中",
        "帮扶人最多 60 字",
    ]
    with pytest.raises(NotFound):
        await service.write(remedy(places, organization=new_id()), MAKER)
    plan = await service.write(remedy(places), MAKER)
    with pytest.raises(Conflict, match="这个组织本年度已有方案"):
        await service.write(remedy(places), MAKER)
    with pytest.raises(Conflict, match="方案不在实施中"):
        await service.report(plan, dt.date(2026, 11, 1), 10, "开会", MAKER)
    await service.act(plan, Act.START, "", MAKER)
    for month in (dt.date(2026, 10, 1), dt.date(2026, 12, 1), dt.date(2026, 11, 2)):
        with pytest.raises(Invalid, match="月份应在 2026-11 到 2026-11 之间"):
            await service.report(plan, month, 10, "开会", MAKER)
    with pytest.raises(Invalid, match="完成情况应是 0 到 100 的整数"):
        await service.report(plan, dt.date(2026, 11, 1), 101, "开会", MAKER)
    with pytest.raises(Invalid, match="新期限应晚于原期限和今天"):
        await service.act(plan, Act.EXTEND, "来不及", SUPERIOR, deadline=dt.date(2026, 12, 20))
    await service.act(plan, Act.EXTEND, "来不及", SUPERIOR, deadline=dt.date(2027, 3, 31))
    assert (await queries.plan(plan)).deadline == dt.date(2027, 3, 31)
    assert await queries.reports(plan) == []


async def test_an_organization_writes_its_own_plan_and_only_somebody_above_decides(places: Places) -> None:
    own = Reach("own", organization=places["O3"])
    with looking(own, "secretary"):
        plan = await service.write(remedy(places), MAKER)
        await service.act(plan, Act.START, "", MAKER)
        with pytest.raises(Forbidden, match="这一步由上级组织办理"):
            await service.act(plan, Act.STOP, "不想做了", SUPERIOR)
        with pytest.raises(NotFound):
            await service.write(remedy(places, "O2"), MAKER)
    with looking(Reach("own", organization=places["O2"]), "secretary"), pytest.raises(NotFound):
        await queries.plan(plan)
    with looking(Reach("subtree", organization=places["O1"]), "secretary"):
        await service.act(plan, Act.STOP, "改由镇里直接派书记", SUPERIOR)
    assert (await queries.plan(plan)).state is State.STOPPED


async def test_a_stopped_plan_is_drafted_anew_for_the_same_year(places: Places) -> None:
    plan = await service.write(remedy(places), MAKER)
    await service.act(plan, Act.START, "", MAKER)
    await service.act(plan, Act.STOP, "换了书记，办法不合用", SUPERIOR)
    with pytest.raises(Invalid, match="请写明理由"):
        await service.act(plan, Act.REDO, " ", SUPERIOR)
    await service.act(plan, Act.REDO, "请新书记重新拟定", SUPERIOR)
    await service.rewrite(plan, msgspec.structs.replace(remedy(places), goal="半年内摘帽"))
    await service.act(plan, Act.START, "", MAKER)
    found = await queries.plan(plan)
    assert (found.state, found.goal, found.percent) == (State.RUNNING, "半年内摘帽", None)


async def test_one_workbook_of_plans_brought_in_twice_at_once_is_brought_in_once(places: Places) -> None:
    data, apart = workbook(["O3", 2026, "治弱", *[None] * 6, "拟定", None, None]), copy_context()
    async with transaction():
        assert await bring_plans(data, "方案.xlsx") == 1
        other = asyncio.create_task(bring_plans(data, "方案.xlsx"), context=apart)
        await asyncio.sleep(0.2)
    assert await other == 0
    assert len(await queries.plans(2026)) == 1
    del places


async def test_another_tenant_has_none_of_it(places: Places, two_tenants: tuple[int, int]) -> None:
    plan = await service.write(remedy(places), MAKER)
    with tenant_scope(two_tenants[1]):
        assert await queries.plans(2026) == {}
        with pytest.raises(NotFound):
            await queries.plan(plan)


def workbook(*plans: list[object], reports: tuple[list[object], ...] = ()) -> bytes:
    sheets = [SheetOut(PLANS, PLAN, plans), SheetOut(REPORTS, REPORT, reports)]  # type: ignore[arg-type]
    return write_workbook(sheets, made=dt.date(2026, 1, 1))


@pytest.mark.usefixtures("places")
async def test_a_workbook_is_brought_in_once_and_comes_back_in_the_register() -> None:
    first, last = dt.date(2026, 3, 1), dt.date(2026, 12, 20)
    row: list[object] = [
        "O3",
        2026,
        "治弱",
        "换届超期、班子不团结",
        "换届",
        "开会",
        "张某",
        None,
        last,
        "实施中",
        first,
    ]
    data = workbook([*row, None], reports=(["O3", 2026, dt.date(2026, 4, 15), 30, "筹备"],))
    assert await bring_plans(data, "plans.xlsx") == 1
    assert await bring_plans(data, "plans.xlsx") == 0
    (plan,) = (await queries.plans(2026)).values()
    assert (plan.causes, plan.months, plan.percent) == (
        ("换届超期", "班子不团结"),
        (dt.date(2026, 4, 1),),
        30,
    )
    board = await standing.board(2026)
    assert board is not None
    written = read_table(
        read_workbook(register(board.rows, await queries.plans(2026)), "台账").sheets[0], LEDGER
    )
    assert written.values["number"] == ["O1", "O2", "O3"]
    assert written.values["movement"] == ["保持", "晋位", "保持"]
    assert written.values["state"] == [None, None, "实施中"]
    assert written.values["late"][2] == "2026-03、2026-05、2026-06、2026-07、2026-08、2026-09、2026-10"


@pytest.mark.usefixtures("places")
async def test_every_fault_of_a_workbook_is_told_at_its_cell() -> None:
    running: list[object] = [
        "O9",
        2026,
        "治弱",
        "天气不好",
        None,
        "开会",
        None,
        None,
        None,
        "实施中",
        None,
        None,
    ]
    april = dt.date(2026, 4, 15)
    said: tuple[list[object], ...] = (["O3", 2026, april, 30, "筹备"], ["O3", 2026, april, 50, "开会"])
    data = workbook(running, reports=said)
    numbers = Numbers(members={}, organizations={"O3": "x"}, units={})
    told = [f"{fault.address} {fault.what}" for fault in read_plans(data, "plans.xlsx", numbers).faults]
    assert told == [
        "A2 名册里没有这个组织编号",
        "D2 没有“天气不好”这种情形",
        "E2 实施中的方案要有目标",
        "G2 实施中的方案要有帮扶人",
        "I2 实施中的方案要有期限",
        "K2 实施中的方案要有开始日期",
        "A2 这个组织本年度没有方案",
        "A3 这个组织本年度没有方案",
        "C3 同一份方案这个月出现了两次",
    ]


def test_a_month_to_come_and_a_plan_begun_tomorrow_are_at_their_cells_and_a_dash_is_empty() -> None:
    tomorrow = today() + dt.timedelta(days=1)
    begun = ["O3", 2026, "提升", None, "达标", "补短板", "—", "—", tomorrow, "实施中", tomorrow, "—"]
    data = workbook(begun, reports=(["O3", 2026, dt.date(today().year + 1, 1, 5), 30, "筹备"],))
    numbers = Numbers(members={}, organizations={"O3": "x"}, units={})
    told = {one.where: one.what for one in read_plans(data, "方案.xlsx", numbers).faults}
    assert told == {
        "转化提升方案!K2": f"日期晚于今天（{today()}）",
        "月度进展!C2": f"月份还没有到（今天是 {today()}）",
    }


def test_months_in_which_a_plan_did_not_run_are_at_their_cells() -> None:
    march, june = dt.date(2026, 3, 20), dt.date(2026, 6, 10)
    words: list[object] = [2026, "提升", None, "达标", "补短板", None, None, june]
    data = workbook(
        ["O1", *words, "已销号", march, june],
        ["O2", *words, "拟定", None, None],
        ["O3", *words, "已销号", june, march],
        reports=(
            ["O1", 2026, dt.date(2026, 2, 28), 10, "筹备"],
            ["O1", 2026, dt.date(2026, 3, 1), 20, "开会"],
            ["O1", 2026, dt.date(2026, 6, 30), 100, "完成"],
            ["O1", 2026, dt.date(2026, 7, 1), 100, "巩固"],
            ["O2", 2026, dt.date(2026, 3, 1), 10, "筹备"],
        ),
    )
    numbers = Numbers(members={}, organizations={"O1": "x", "O2": "y", "O3": "z"}, units={})
    told = {one.where: one.what for one in read_plans(data, "方案.xlsx", numbers).faults}
    assert told == {
        "转化提升方案!L4": "销号日期早于开始日期",
        "月度进展!C2": "月份早于方案的开始日期（2026-03-20）",
        "月度进展!C5": "月份晚于方案的销号日期（2026-06-10）",
        "月度进展!C6": "拟定的方案还没有开始，不能有月度进展",
    }
