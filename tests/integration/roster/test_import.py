"""Rosters written to the database: all or nothing, again without change, with history as of any day."""

import datetime as dt
from collections.abc import Iterator

import pytest
from tests.support.roster_books import PEOPLE, TOWN, Rows, roster_book

from jiceng.kernel import clock
from jiceng.kernel.database import execute, fetch, fetch_value, tenant_scope
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.operations.nightly.forgetting import forget_expired
from jiceng.roster import queries, service
from jiceng.roster.importing import applying
from jiceng.roster.listing import MemberFilters, find_members
from jiceng.roster.schemas import NewPost

MARCH, JULY = dt.date(2026, 3, 1), dt.date(2026, 7, 1)
UNITS: Rows = (
    ("单位编号", "单位名称", "单位类型", "职工人数", "应建组织", "组织覆盖", "党组织编号"),
    ("U1", "恒泰机械", "非公企业", 40, "是", "联合组建", "Z1"),
    ("U2", "宏盛纺织", "非公企业", 35, "是", "无党员", None),
)
POSTS: Rows = (
    ("党员编号", "组织编号", "职务", "任职日期", "离任日期"),
    ("M1", "Z1", "书记", "20240101", "20270101"),
)

TOO_EARLY = "名册日期 2026-03-01 早于系统里最近一次变更（2026-07-01）"


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with clock.showing(dt.datetime(2026, 10, 1, 4, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def donghu(two_tenants: tuple[int, int]) -> Iterator[int]:
    with tenant_scope(two_tenants[0]):
        yield two_tenants[0]


def dated(day: dt.date) -> Rows:
    return (("租户", "donghu"), ("名册日期", day.isoformat()))


async def brought_in(data: bytes) -> None:
    await service.apply_roster(await service.preview_roster(data, "名册.xlsx"))


async def rows(tenant: int) -> tuple[int, ...]:
    tables = ("organization", "organization_state", "unit", "member", "member_state", "membership", "post")
    sql = "select count(*) from {} where tenant_id = $1"
    return tuple([await fetch_value(sql.format(table), tenant) for table in tables])


async def test_a_roster_is_brought_in_whole(donghu: int) -> None:
    preview = await service.preview_roster(roster_book(单位=UNITS, 任职=POSTS), "名册.xlsx")
    assert [(c.sheet, c.rows, c.new, c.changed, c.same, c.absent) for c in preview.counts] == [
        ("组织", 3, 3, 0, 0, 0),
        ("单位", 2, 2, 0, 0, 0),
        ("党员", 3, 3, 0, 0, 0),
        ("任职", 1, 1, 0, 0, 0),
    ]
    assert await rows(donghu) == (0, 0, 0, 0, 0, 0, 0)
    await service.apply_roster(preview)
    assert await rows(donghu) == (3, 3, 2, 3, 3, 3, 1)
    assert [(o.number, o.depth, o.town) for o in await queries.organizations(MARCH)] == [
        ("Z0", 0, ""),
        ("Z1", 1, "上圩村党支部"),
        ("Z2", 1, "渡口村党支部"),
    ]
    counts = await queries.counts(MARCH)
    assert counts.coverage == 50
    assert (counts.organizations, counts.members, counts.units, counts.should_have, counts.covered) == (
        3,
        3,
        2,
        2,
        1,
    )


async def test_the_same_file_again_changes_nothing(donghu: int) -> None:
    data = roster_book(单位=UNITS, 任职=POSTS)
    await brought_in(data)
    before = await rows(donghu)
    again = await service.preview_roster(data, "名册.xlsx")
    assert again.does_nothing
    await service.apply_roster(again)
    assert await rows(donghu) == before
    assert await fetch_value("select count(*) from roster_change where tenant_id = $1", donghu) == 1


async def test_a_faulty_file_is_not_written_even_in_part(donghu: int) -> None:
    people = (*PEOPLE, ("M4", "罗昭宁", "农村", "正式", "Z9", "20200701"))
    preview = await service.preview_roster(roster_book(members=people), "名册.xlsx")
    with pytest.raises(Invalid) as caught:
        await service.apply_roster(preview)
    assert caught.value.in_words().startswith("名册有 1 处错误，什么都没有导入（名册.xlsx）")
    assert await rows(donghu) == (0, 0, 0, 0, 0, 0, 0)


async def test_a_failure_in_the_middle_leaves_nothing(donghu: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: list[NewPost]) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(applying, "_write_posts", broken)
    preview = await service.preview_roster(roster_book(任职=POSTS), "名册.xlsx")
    with pytest.raises(OSError, match="disk full"):
        await service.apply_roster(preview)
    assert await rows(donghu) == (0, 0, 0, 0, 0, 0, 0)
    monkeypatch.undo()
    await service.apply_roster(preview)
    assert await rows(donghu) == (3, 3, 0, 3, 3, 3, 1)


@pytest.mark.usefixtures("donghu")
async def test_an_appraisal_sees_the_tree_and_the_members_of_its_day() -> None:
    await brought_in(roster_book())
    moved_branch = (*TOWN[:2], ("Z2", "渡口社区党支部", "党支部", "社区", "Z1", "19650101"))
    people: Rows = (
        ("M1", "许文澜", "社区", "正式", "Z2", "20050701", "20260601"),
        ("M2", "沈听舟", "农村", "正式", "Z1", "20100701", None, "20260515", "去世"),
        *PEOPLE[2:],
    )
    preview = await service.preview_roster(roster_book(moved_branch, people, cover=dated(JULY)), "七月.xlsx")
    assert [(c.sheet, c.changed, c.same, c.leaving) for c in preview.counts] == [
        ("组织", 1, 2, 0),
        ("党员", 2, 1, 1),
    ]
    await service.apply_roster(preview)
    then = {
        o.number: (o.name, o.field, o.depth) for o in await queries.organizations(JULY - dt.timedelta(days=1))
    }
    now = {o.number: (o.name, o.field, o.depth) for o in await queries.organizations(JULY)}
    assert then["Z2"] == ("渡口村党支部", "农村", 1)
    assert now["Z2"] == ("渡口社区党支部", "社区", 2)
    frames = {day: await queries.subject_frame("member", day) for day in (MARCH, JULY)}
    shown = {
        day: frame.select("number", "category", "organization_number").rows() for day, frame in frames.items()
    }
    assert shown[MARCH] == [("M1", "农村", "Z1"), ("M2", "农村", "Z1"), ("M3", "特殊群体", "Z2")]
    assert shown[JULY] == [("M1", "社区", "Z2"), ("M3", "特殊群体", "Z2")]
    assert (
        len(
            await queries.descendants(
                next(o.id for o in await queries.organizations(JULY) if o.number == "Z1"), JULY
            )
        )
        == 2
    )
    assert set(await queries.subject_numbers("member", JULY)) == {"M1", "M2", "M3"}


async def test_a_corrected_day_of_transfer_is_also_the_day_he_left_the_organization_before(
    donghu: int,
) -> None:
    await brought_in(roster_book())
    moved: Rows = (("M1", "许文澜", "农村", "正式", "Z2", "20050701"), *PEOPLE[1:])
    await brought_in(roster_book(members=moved, cover=dated(JULY)))
    told: Rows = (("M1", "许文澜", "农村", "正式", "Z2", "20050701", "20260501"), *PEOPLE[1:])
    await brought_in(roster_book(members=told, cover=dated(JULY)))
    sql = """
    select o.number, b.since, b.until from membership b join organization o on o.id = b.organization
    join member m on m.id = b.member where b.tenant_id = $1 and m.number = 'M1' order by b.since
    """
    may, joined = dt.date(2026, 5, 1), dt.date(2005, 7, 1)
    assert [tuple(row) for row in await fetch(sql, donghu)] == [("Z1", joined, may), ("Z2", may, None)]
    wrong: Rows = (("M1", "许文澜", "农村", "正式", "Z2", "20050701", "20040101"), *PEOPLE[1:])
    preview = await service.preview_roster(roster_book(members=wrong, cover=dated(JULY)), "名册.xlsx")
    assert [fault.what for fault in preview.errors] == [
        "转入日期 2004-01-01 早于在原组织的日期（2026-05-01）"
    ]


@pytest.mark.usefixtures("donghu")
async def test_a_dissolved_organization_is_gone_from_its_day_on() -> None:
    head = ("组织编号", "组织名称", "组织类型", "领域", "上级组织编号", "成立日期", "撤销日期")
    organizations = (head, *TOWN[:2], (*TOWN[2], "20260601"))
    await brought_in(roster_book(None, None, 组织=organizations))
    assert len(await queries.organizations(dt.date(2026, 5, 31))) == 3
    assert len(await queries.organizations(dt.date(2026, 6, 1))) == 2
    assert len(await queries.organizations(dt.date(1960, 1, 1))) == 1


@pytest.mark.usefixtures("donghu")
async def test_columns_the_file_lacks_and_people_it_lacks_stay_as_they_are() -> None:
    head = ("党员编号", "姓名", "评议类别", "党员状态", "所在组织编号", "学历")
    first: Rows = (head, *((*row[:5], "大专") for row in PEOPLE))
    await brought_in(roster_book(members=None, 党员=first))
    second: Rows = (head[:5], ("M1", "许文澜", "社区", "正式", "Z1"))
    preview = await service.preview_roster(
        roster_book(None, None, cover=dated(JULY), 党员=second), "七月.xlsx"
    )
    assert [(c.changed, c.same, c.absent) for c in preview.counts] == [(1, 0, 2)]
    await service.apply_roster(preview)
    members = {member.number: (member.category, member.education) for member in await queries.members(JULY)}
    assert members == {"M1": ("社区", "大专"), "M2": ("农村", "大专"), "M3": ("特殊群体", "大专")}


@pytest.mark.usefixtures("donghu")
async def test_a_roster_older_than_the_last_change_is_refused() -> None:
    await brought_in(roster_book())
    renamed = (("Z0", "青石镇新党委", "党委", "农村", None, "19520101"), *TOWN[1:])
    await brought_in(roster_book(renamed, cover=dated(JULY)))
    preview = await service.preview_roster(roster_book(cover=dated(MARCH)), "三月.xlsx")
    assert [str(fault) for fault in preview.errors] == [
        f"组织 名册日期「2026-03-01」：{TOO_EARLY}；请用最新的名册，或核对封面上的名册日期"
    ]


async def test_a_preview_made_before_another_import_is_refused(donghu: int) -> None:
    mine = await service.preview_roster(roster_book(), "我的.xlsx")
    await brought_in(roster_book(members=None))
    with pytest.raises(Conflict) as caught:
        await service.apply_roster(mine)
    assert caught.value.in_words() == "预览之后，名册已被别人改动（我的.xlsx）。请重新预览这份文件，再导入。"
    assert (await rows(donghu))[3] == 0


async def test_another_tenant_sees_nothing_of_it(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        await brought_in(roster_book())
        upload = await service.keep_upload(roster_book(), "名册.xlsx", None)
    with tenant_scope(two_tenants[1]):
        assert await queries.members(MARCH) == []
        assert await queries.names([]) == {}
        with pytest.raises(NotFound):
            await service.preview_upload(upload)


async def test_an_uploaded_file_is_kept_for_a_day_and_dropped_when_imported(donghu: int) -> None:
    old = await service.keep_upload(roster_book(), "旧.xlsx", None)
    past = clock.now() - dt.timedelta(days=2)
    await execute("update roster_upload set uploaded_at = $2 where tenant_id = $1", donghu, past)
    new = await service.keep_upload(roster_book(), "新.xlsx", None)
    with pytest.raises(NotFound):
        await service.preview_upload(old)
    assert await service.apply_upload(new, 0, by=None) is not None
    with pytest.raises(NotFound):
        await service.preview_upload(new)


async def test_a_waiting_file_is_encrypted_read_for_a_day_and_gone_after_the_night(donghu: int) -> None:
    kept = await service.keep_upload(roster_book(), "名册.xlsx", None)
    stored = await fetch_value("select content from roster_upload where tenant_id = $1", donghu)
    assert bytes(stored).startswith(b"aes-256-gcm:1:")
    assert b"PK\x03\x04" not in bytes(stored)
    await service.preview_upload(kept)
    past = clock.now() - dt.timedelta(hours=24, seconds=1)
    await execute("update roster_upload set uploaded_at = $2 where tenant_id = $1", donghu, past)
    with pytest.raises(NotFound):
        await service.preview_upload(kept)
    assert (await forget_expired())["roster_upload"] == 1
    assert await fetch_value("select count(*) from roster_upload where tenant_id = $1", donghu) == 0


@pytest.mark.usefixtures("donghu")
async def test_members_are_found_by_filters_in_pages() -> None:
    await brought_in(roster_book())
    village = next(o.id for o in await queries.organizations(JULY) if o.number == "Z1")
    everybody = await find_members(MemberFilters(), JULY, 1)
    assert [member.number for member in everybody.rows] == ["M1", "M2", "M3"]
    assert (everybody.total, everybody.pages, everybody.first, everybody.last) == (3, 1, 1, 3)
    assert [m.name for m in (await find_members(MemberFilters(village), JULY, 1)).rows] == [
        "许文澜",
        "沈听舟",
    ]
    assert [m.name for m in (await find_members(MemberFilters(category="特殊群体"), JULY, 1)).rows] == [
        "何岸"
    ]
    assert [m.name for m in (await find_members(MemberFilters(name="听"), JULY, 1)).rows] == ["沈听舟"]
    assert (await find_members(MemberFilters(name="%"), JULY, 1)).rows == []
