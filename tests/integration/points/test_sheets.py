"""The plugin's workbooks: every fault at its cell, all or nothing, what is there already counts once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime
from uuid import UUID

import pytest
from tests.support.appraisal import People, small_town, with_points, workbook

from jiceng.api.hooks import Numbers
from jiceng.facts.queries import of_subject
from jiceng.kernel import clock
from jiceng.kernel.clock import today
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Invalid
from jiceng.kernel.spreadsheets import read_workbook
from jiceng_points.claims import queries
from jiceng_points.claims.schemas import ClaimFilter
from jiceng_points.sheets.bringing_in import bring_claims, bring_shelf
from jiceng_points.sheets.reading import read_claims, read_shelf
from jiceng_points.sheets.writing import claims_workbook, template
from jiceng_points.shelf import queries as shelf
from jiceng_points.shelf.schemas import ShelfFilter

HEAD = ("编号", "事项", "类别", "分值", "名额", "开始日期", "截止日期", "适用类别")
ITEMS = (
    HEAD,
    ("BX01", "参加主题党日", "必选", 10, None, date(2026, 1, 1), date(2026, 12, 20), None),
    ("TJ01", "免费维修水电", "推荐", 8, 3, date(2026, 1, 1), date(2026, 12, 20), "社区、两新"),
)
CLAIM_HEAD = ("编号", "事项编号", "认领日期", "完成日期", "状态", "证明", "录入人", "核验人")
DAY, DONE = date(2026, 3, 1), date(2026, 3, 8)
CLAIMS = (
    CLAIM_HEAD,
    ("D001", "BX01", DAY, DONE, "已核验", "签到簿", "D002", "D003"),
    ("D001", "TJ01", DAY, DONE, "待核验", "修好三盏灯", "D002", None),
    ("D002", "TJ01", DAY, None, "已撤回", None, "D001", None),
    ("O2", "BX01", DAY, DONE, "已核验", "共建", "D001", "D002"),
)
OWN = (("编号", "备案日期", "约定事项"), ("D003", DAY, "电话联系支部"))
ADJUSTED = (("编号", "日期", "类别", "分值", "依据"), ("D001", DONE, "奖励加分", 5, "通报表扬"))
NOBODY = Numbers(members={"D001": "1"}, organizations={}, units={})


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[People]:
    with tenant_scope(two_tenants[0]):
        people = await small_town(4)
        await with_points()
        yield people


async def test_a_years_workbooks_come_in_and_a_second_time_nothing_is_new(people: People) -> None:
    items = workbook(事项=ITEMS)
    claims = workbook(认领=CLAIMS, 一事一议=OWN, 奖惩=ADJUSTED)
    assert await bring_shelf(items, "货架.xlsx") == 2
    assert await bring_claims(claims, "认领.xlsx") == 6
    assert (await bring_shelf(items, "货架.xlsx"), await bring_claims(claims, "认领.xlsx")) == (0, 0)
    taken = {row.number: row.taken for row in await shelf.items(ShelfFilter(year=2026))}
    assert taken == {"BX01": 2, "TJ01": 1}
    facts = await of_subject(UUID(people["D001"]))
    assert {(fact.kind, fact.fields.get("item", "")) for fact in facts} == {
        ("claim", "BX01 参加主题党日"),
        ("adjustment", ""),
    }
    (claim,) = [fact for fact in facts if fact.kind == "claim"]
    assert (claim.evidence, claim.entered_by, claim.accepted_by) == ("签到簿", "党员D002", "党员D003")
    assert [fact.kind for fact in await of_subject(UUID(people["D003"]))] == ["exempted"]


async def test_claims_belong_to_the_item_of_their_own_year_although_its_number_came_again(
    people: People,
) -> None:
    del people
    next_year = [
        (*row[:5], date(2027, 1, 1), date(2027, 12, 20), row[7]) if row is not HEAD else row for row in ITEMS
    ]
    for items in (ITEMS, next_year):
        await bring_shelf(workbook(事项=items), "货架.xlsx")
    await bring_claims(workbook(认领=CLAIMS), "认领.xlsx")
    assert len(await queries.claims(ClaimFilter(year=2026))) == 4
    assert {row.due for row in await queries.claims(ClaimFilter(year=2026))} == {date(2026, 12, 20)}
    assert await queries.claims(ClaimFilter(year=2027)) == []


async def test_an_item_nobody_knows_stops_all_of_it(people: People) -> None:
    del people
    with pytest.raises(Invalid, match="货架上没有这些事项：BX01、TJ01"):
        await bring_claims(workbook(认领=CLAIMS), "认领.xlsx")
    assert await queries.claims(ClaimFilter(year=2026)) == []


async def test_a_sheet_uploaded_on_the_page_waits_for_review(people: People) -> None:
    del people
    await bring_shelf(workbook(事项=ITEMS), "货架.xlsx", state="draft")
    assert await shelf.items(ShelfFilter(year=2026)) == []
    assert len(await shelf.items(ShelfFilter(year=2026, state="draft"))) == 2


def test_every_fault_of_a_shelf_is_at_its_cell() -> None:
    bad = (
        HEAD,
        ("编 号", "甲", "必选", 30, None, date(2026, 2, 1), date(2026, 1, 1), None),
        ("ZX01", "乙", "别的", -1, 0, date(2026, 1, 1), date(2027, 1, 1), "外星"),
        ("ZX01", "丙", "自选", 5, None, date(2026, 1, 1), date(2026, 12, 1), None),
    )
    faults = read_shelf(workbook(事项=bad), "货架.xlsx", NOBODY).faults
    assert {fault.address for fault in faults} == {
        *("A2", "D2", "G2"),
        *("C3", "D3", "E3", "G3", "H3"),
        "A4",
    }


def test_a_claim_verified_by_its_claimer_or_without_a_day_is_at_its_cell() -> None:
    bad = (
        CLAIM_HEAD,
        ("D001", "BX01", DAY, None, "已核验", "", None, None),
        ("D001", "BX01", DONE, DAY, "待核验", "", None, "D001"),
        ("D009", "BX01", DAY, DONE, "待核验", "", "D009", None),
    )
    faults = read_claims(workbook(认领=bad), "认领.xlsx", NOBODY).faults
    assert {fault.address for fault in faults} == {"D2", "D3", "H3", "A4", "G4"}


def test_claims_of_days_to_come_are_at_their_cells() -> None:
    with clock.showing(datetime(2026, 3, 5, 9, tzinfo=clock.CHINA)):
        faults = read_claims(workbook(认领=CLAIMS, 奖惩=ADJUSTED), "认领.xlsx", NOBODY).faults
    assert [one.where for one in faults if "日期晚于今天（2026-03-05）" in one.what] == [
        *("认领!D2", "认领!D3", "认领!D5", "奖惩!B2"),
    ]


def test_a_workbook_without_any_known_sheet_says_which_there_should_be() -> None:
    (fault,) = read_claims(workbook(别的=(("甲",), ("乙",))), "认领.xlsx", NOBODY).faults
    assert "认领、一事一议、奖惩" in fault.todo


async def test_what_is_written_can_be_read_again(people: People) -> None:
    del people
    await bring_shelf(workbook(事项=ITEMS), "货架.xlsx")
    await bring_claims(workbook(认领=CLAIMS), "认领.xlsx")
    rows = await queries.claims(ClaimFilter(year=2026))
    book = read_workbook(claims_workbook(rows, {}, today()), "认领.xlsx")
    assert [row[0] for row in book.sheets[0].rows[1:]] == [4, 3, 2, 1]
    assert [sheet.name for sheet in read_workbook(template("claims", today()), "x.xlsx").sheets] == [
        *("认领", "一事一议", "奖惩"),
    ]


async def test_one_workbook_brought_in_twice_at_once_counts_once(people: People) -> None:
    items = workbook(事项=ITEMS)
    shelved = await asyncio.gather(bring_shelf(items, "货架.xlsx"), bring_shelf(items, "货架.xlsx"))
    assert sorted(shelved) == [0, 2]
    claims = workbook(认领=CLAIMS, 奖惩=ADJUSTED)
    kept = await asyncio.gather(bring_claims(claims, "认领.xlsx"), bring_claims(claims, "认领.xlsx"))
    assert sorted(kept) == [0, 5]
    assert len(await queries.claims(ClaimFilter(year=2026))) == 4
    assert len(await of_subject(UUID(people["D001"]))) == 2
