"""The workbook of projects: brought in whole, once; every fault at its cell."""

import asyncio
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from tests.support.clocks import shown_to_all
from tests.support.project_books import WHOLE, project_book
from tests.support.projects import project_town

from jiceng.accounts.scope import Reach, looking
from jiceng.facts.correcting import correct_fact
from jiceng.facts.queries import of_subject
from jiceng.facts.service import import_facts
from jiceng.kernel import clock
from jiceng.kernel.database import current_tenant, fetch, fetch_value, tenant_scope, transaction
from jiceng.kernel.errors import Invalid
from jiceng.kernel.spreadsheets import Column
from jiceng.kernel.spreadsheets.columns import letters
from jiceng.roster.queries import names, subject_name
from jiceng.schemes.service import adopt
from jiceng_project_ledger.assessment.handing_in import hand_in
from jiceng_project_ledger.costs.queries import costs
from jiceng_project_ledger.followup import queries as follow_up
from jiceng_project_ledger.followup.standing import reported, standing
from jiceng_project_ledger.library import queries
from jiceng_project_ledger.sheets import columns
from jiceng_project_ledger.sheets.bringing_in import bring_projects
from jiceng_project_ledger.sheets.frames import Brought, verdicts
from jiceng_project_ledger.states import State
from jiceng_project_ledger.views.ledger import entries


@pytest.fixture(autouse=True)
async def town(two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]  # noqa: ANN201
    moment = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    shown_to_all(moment, monkeypatch)
    with tenant_scope(two_tenants[0]):
        await project_town()
        yield


async def test_a_whole_project_is_brought_in_once() -> None:
    async with transaction():
        assert await bring_projects(project_book(), "projects.xlsx") == 1
    async with transaction():
        assert await bring_projects(project_book(), "projects.xlsx") == 0
    (found,) = await queries.projects()
    assert (found.number, found.state, found.budget) == ("P1", State.CLOSED, 3_000_000)
    assert [move.act for move in await queries.moves(found.id)] == [
        "submit",
        "review",
        "approve",
        "start",
        "hand_in",
        "close",
    ]
    stands = await standing(found)
    assert stands.progress.planned == stands.progress.done == 100
    assert stands.light is None
    assert stands.missed == ()
    assert (await reported([found], 2026))[found.id] == (8, 7)
    purchase = (await costs(found.id)).purchases[0]
    assert (len(purchase.quotes), purchase.spent) == (3, 2_800_000)
    verdict = (await follow_up.verdicts([found.id]))[found.id][2026, "half"]
    assert (verdict.score, verdict.raters, verdict.confirmed_name) == (Decimal("85.33"), 3, "周部长")
    assert [line.state for line in await follow_up.dispatches_of(found.id)] == ["已答复"]
    assert [one.standing.project.number for one in await entries(2026)] == ["P1"]
    spans = await fetch("select since, until from project_state where tenant_id = $1", current_tenant())
    assert [tuple(row) for row in spans] == [(date(2025, 12, 20), date(2027, 1, 1))]
    assert found.subject is not None
    assert await names([found.subject]) == {found.subject: "红色物业"}
    assert await subject_name(found.subject, clock.today()) == "红色物业"
    branch = await fetch_value(
        "select id from organization where tenant_id = $1 and number = 'O3'", current_tenant()
    )
    with looking(Reach("own", organization=branch)):
        assert await subject_name(found.subject, clock.today()) is None
    late = await fetch_value("select late from ledger_finding where tenant_id = $1", current_tenant())
    assert late is True


async def test_every_fault_is_told_at_its_cell_and_nothing_is_kept() -> None:
    book = project_book(
        {
            columns.PROJECTS: {"organization": "O9", "ended": None, "deadline": date(2026, 1, 1)},
            columns.STEPS: {"weight": 30},
            columns.REPORTS: {"month": date(2025, 12, 1)},
            columns.COSTS: {"quote_一": None},
            columns.FINDINGS: {"supervisor": "D099"},
            columns.ACCEPTANCES: {"group": "D002、D003"},
            columns.DISPATCHES: {"instruction": None},
            columns.RATINGS: {"number": "P7"},
        }
    )
    with pytest.raises(Invalid) as refused:
        async with transaction():
            await bring_projects(book, "projects.xlsx")
    told = [str(fault) for fault in refused.value.faults]
    for fault in (
        "项目!E2 责任单位编号「O9」：名册里没有这个组织编号",
        "项目!X2 办结日期：已销号的项目要有办结日期",
        "项目!R2 完成期限「2026-01-01」：完成期限早于开始",
        "步骤!F2 权重%「30」：这个项目各步骤权重合计 90%，应为 100%",
        "月汇报!B2 月份「2025-12-01」：这个月项目还没有实施",
        "成本!J2 中选「一」：中选的一家没有报价",
        "监督问题!B2 监督员编号「D099」：名册里没有这个党员编号",
        "验收!E2 验收组编号「D002、D003」：验收组至少 3 人",
        "季调度!G2 答复期限「2026-04-20」：调度要求和答复期限要一起填",
        "评分!A2 项目编号「P7」：「项目」里没有这个编号",
    ):
        assert any(one.startswith(fault) for one in told), (fault, told)
    assert await fetch("select 1 from ledger_project where tenant_id = $1", current_tenant()) == []


async def test_negative_figures_and_a_book_without_projects_are_refused() -> None:
    for changed in ({columns.COSTS: {"amount": Decimal(-1)}}, {columns.REPORTS: {"figure": Decimal(-2)}}):
        with pytest.raises(Invalid):
            async with transaction():
                await bring_projects(project_book(changed), "projects.xlsx")
    with pytest.raises(Invalid) as refused:
        async with transaction():
            await bring_projects(project_book(without=columns.PROJECTS), "projects.xlsx")
    assert "没有这张工作表" in str(refused.value.faults[0])


async def test_a_purchase_without_a_day_of_asking_is_taken_and_one_awarded_before_it_is_not() -> None:
    for changed, told in (
        ({"opened": date(2026, 2, 20)}, "定标早于询价日期"),
        ({"quote_一": Decimal(0)}, "中选的一家没有报价"),
        ({"paid": Decimal("28000.005")}, "最多两位小数"),
    ):
        with pytest.raises(Invalid, match=told):
            async with transaction():
                await bring_projects(project_book({columns.COSTS: changed}), "projects.xlsx")
    async with transaction():
        assert await bring_projects(project_book({columns.COSTS: {"opened": None}}), "projects.xlsx") == 1
    (found,) = await queries.projects()
    inquiry = (await costs(found.id)).purchases[0].inquiry
    assert inquiry is not None
    assert (inquiry.opened, inquiry.closes) == (date(2026, 2, 14), date(2026, 2, 14))


async def test_a_rater_who_stands_there_twice_is_a_fault_and_a_mean_is_rounded_half_up() -> None:
    with pytest.raises(Invalid, match="同样的一行出现了两次"):
        async with transaction():
            await bring_projects(project_book({columns.RATINGS: {"rater": "乙"}}), "projects.xlsx")
    brought = Brought(WHOLE, {"P1": "p"}, {}, {})
    given = [{"project": "p", "year": 2026, "kind": "half", "score": Decimal(n)} for n in ("85", "85.01")]
    assert verdicts(brought, given)[0]["score"] == Decimal("85.01")


async def test_what_a_person_withdrew_is_not_handed_in_again_by_the_next_night() -> None:
    await adopt("project_ledger", in_force_from=date(2026, 1, 1), reason="测试")
    async with transaction():
        await bring_projects(project_book(), "projects.xlsx")
    (found,) = await queries.projects()
    assert found.subject is not None
    phase = next(one for one in await of_subject(found.subject) if one.values.get("name") == "1 准备")
    met = next(one for one in await of_subject(found.subject) if one.kind == "year_met")
    await correct_fact(phase.seq, None, reason="阶段登记有误")
    await correct_fact(met.seq, None, reason="不算")
    assert await hand_in(2026) == (0, 0, 0)
    again = await import_facts(
        "project_ledger",
        "year_met",
        pl.DataFrame([{"subject": str(found.subject), "date": date(2026, 11, 1), "value": True}]),
        source="经办人",
        anew=True,
    )
    assert again.new == 1
    assert await hand_in(2026) == (0, 0, 0)


async def test_a_dispatch_is_of_the_quarter_its_day_lies_in() -> None:
    async with transaction():
        await bring_projects(
            project_book({columns.DISPATCHES: {"quarter": date(2026, 5, 20)}}), "projects.xlsx"
        )
    (line,) = await follow_up.dispatched(date(2026, 4, 1))
    assert line.state == "已答复"


async def test_a_confirmed_rating_without_scores_is_told_at_its_cell() -> None:
    book = project_book({columns.VERDICTS: {"kind": "年终总评"}})
    with pytest.raises(Invalid, match="「评分」里没有这个项目这次评议的评分"):
        await bring_projects(book, "projects.xlsx")


async def test_one_workbook_brought_in_twice_at_once_is_brought_in_once() -> None:
    async def brought() -> int:
        async with transaction():
            return await bring_projects(project_book(), "projects.xlsx")

    assert sorted(await asyncio.gather(brought(), brought())) == [0, 1]


FUTURE = date(2026, 11, 21)
HAPPENED = [
    (sheet, column.field, column.title)
    for sheet, fields in columns.SHEETS.items()
    for column in fields
    if column.past
]


def test_seventeen_columns_tell_of_what_has_happened() -> None:
    assert len(HAPPENED) == 17


@pytest.mark.parametrize(("sheet", "field", "title"), HAPPENED)
async def test_days_to_come_of_what_has_happened_are_refused_at_their_cell(
    sheet: str, field: str, title: str
) -> None:
    data = project_book({sheet: {field: FUTURE}})
    with pytest.raises(Invalid) as refused:
        await bring_projects(data, "projects.xlsx")
    place = column_letters(columns.SHEETS[sheet], field)
    (fault,) = refused.value.faults
    assert str(fault) == (
        f"{sheet}!{place}2 {title}「2026-11-21」：日期晚于今天（2026-11-20）；"
        "填已经发生的日期；还没有发生的先留空"
    )
    assert await queries.projects() == []


async def test_a_rating_of_a_year_to_come_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        await bring_projects(project_book({columns.RATINGS: {"year": 2027}}), "projects.xlsx")
    assert any("年度晚于今年（2026）" in str(one) for one in refused.value.faults)


async def test_a_dash_in_a_cell_that_may_be_empty_stops_nothing() -> None:
    assert await bring_projects(project_book({columns.PROJECTS: {"proposer": "—"}}), "projects.xlsx") == 1


def column_letters(fields: tuple[Column, ...], field: str) -> str:
    return letters([one.field for one in fields].index(field))
