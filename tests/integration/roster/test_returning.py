"""Whoever has left is not taken back by a file that does not tell the day: only by a word of the clerk."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest
from tests.support.roster_books import PEOPLE, TOWN, Rows, roster_book

from jiceng.kernel import clock
from jiceng.kernel.database import fetch, fetch_value, tenant_scope
from jiceng.kernel.errors import Invalid
from jiceng.kernel.ids import new_id
from jiceng.roster import service

JULY = (("租户", "donghu"), ("名册日期", "2026-07-01"))
LEFT = dt.date(2026, 5, 15)
HEAD = ("组织编号", "组织名称", "组织类型", "领域", "上级组织编号", "成立日期", "撤销日期")
TERMS = ("党员编号", "组织编号", "职务", "任职日期", "离任日期")
ENDED = ("M1", "Z1", "书记", "20240101", "20260101")
GONE: Rows = (PEOPLE[0], (*PEOPLE[1], None, "20260515", "转出"), (*PEOPLE[2], None, "20260515", "去世"))


@pytest.fixture
async def donghu(two_tenants: tuple[int, int]) -> AsyncIterator[int]:
    """M2 went away, M3 died, Z2 was dissolved, a secretary's term has ended."""
    october = dt.datetime(2026, 10, 1, 4, tzinfo=dt.UTC)
    with tenant_scope(two_tenants[0]), clock.showing(october):
        book = roster_book(None, GONE, 组织=(HEAD, *TOWN[:2], (*TOWN[2], "20260601")), 任职=(TERMS, ENDED))
        await service.apply_roster(await service.preview_roster(book, "名册.xlsx"))
        yield two_tenants[0]


async def left(tenant: int) -> list[tuple[str, str, dt.date | None]]:
    sql = """
    select m.number, o.number as place, b.until from membership b join member m on m.id = b.member
    join organization o on o.id = b.organization where b.tenant_id = $1 order by 1, b.since
    """
    return [tuple(row) for row in await fetch(sql, tenant)]


async def dissolved(tenant: int) -> dt.date | None:
    sql = "select dissolved from organization where tenant_id = $1 and number = 'Z2'"
    day: dt.date | None = await fetch_value(sql, tenant)
    return day


async def test_a_list_without_days_of_leaving_takes_nobody_back_and_says_whom_it_leaves_away(
    donghu: int,
) -> None:
    before = await left(donghu)
    short = ("党员编号", "姓名", "评议类别", "党员状态", "所在组织编号", "进入原因")
    people = [(*row[:5], "发展") for row in PEOPLE]
    for members in ({"members": PEOPLE}, {"members": None, "党员": (short, *people)}):
        preview = await service.preview_roster(
            roster_book(None, cover=JULY, **members),
            "七月.xlsx",
        )
        assert [(each.of, each.number, each.left, each.left_by, each.back) for each in preview.returning] == [
            ("党员", "M2", LEFT, "转出", False),
            ("党员", "M3", LEFT, "去世", False),
        ]
        assert preview.staying_away == 2
        await service.apply_roster(preview)
        assert await left(donghu) == before


async def test_in_another_organization_he_stays_away_too_unless_his_day_of_joining_is_told(
    donghu: int,
) -> None:
    moved: Rows = (("M2", "沈听舟", "农村", "正式", "Z0", "20100701"), (*PEOPLE[2], "20260620"))
    preview = await service.preview_roster(roster_book(None, moved, cover=JULY), "七月.xlsx")
    assert [each.number for each in preview.returning] == ["M2", "M3"]  # nobody joins after he died
    assert preview.does_nothing
    told: Rows = (("M2", "沈听舟", "农村", "正式", "Z0", "20100701", "20260620"),)
    preview = await service.preview_roster(roster_book(None, told, cover=JULY), "七月.xlsx")
    assert preview.returning == ()
    await service.apply_roster(preview)
    assert ("M2", "Z0", None) in await left(donghu)


async def test_organizations_and_terms_that_ended_stay_ended_and_come_back_only_when_named(
    donghu: int,
) -> None:
    book = roster_book(None, None, cover=JULY, 组织=(HEAD, *TOWN), 任职=(TERMS, ENDED[:4]))
    preview = await service.preview_roster(book, "七月.xlsx")
    assert [(each.of, each.number, each.name, each.left_by) for each in preview.returning] == [
        ("组织", "Z2", "渡口村党支部", "撤销"),
        ("任职", "M1", "书记", "离任"),
    ]
    assert preview.does_nothing
    back = {preview.returning[0].id}
    again = await service.preview_roster(book, "七月.xlsx", back)
    assert [(count.sheet, count.changed, count.returned) for count in again.counts] == [
        ("组织", 1, 1),
        ("任职", 0, 0),
    ]
    await service.apply_roster(again)
    assert await dissolved(donghu) is None
    assert await fetch_value("select until from post where tenant_id = $1", donghu) == dt.date(2026, 1, 1)


async def test_the_clerk_names_who_came_back_or_all_and_it_can_be_taken_back(donghu: int) -> None:
    before = await left(donghu)
    upload = await service.keep_upload(roster_book(None, cover=JULY), "七月.xlsx", None)
    preview = await service.preview_upload(upload)
    with pytest.raises(Invalid):
        await service.apply_upload(upload, preview.version, by=None, back={new_id()})
    one = {preview.returning[0].id}
    change = await service.apply_upload(upload, preview.version, by=None, back=one)
    assert change is not None
    assert [(number, until) for number, _, until in await left(donghu)] == [
        ("M1", None),
        ("M2", None),
        ("M3", LEFT),
    ]
    await service.undo_import(change, "勾错了", by=new_id())
    assert await left(donghu) == before
    upload = await service.keep_upload(roster_book(None, cover=JULY), "七月.xlsx", None)
    version = (await service.preview_upload(upload)).version
    await service.apply_upload(upload, version, by=None, all_back=True)
    assert [until for _, _, until in await left(donghu)] == [None, None, None]
