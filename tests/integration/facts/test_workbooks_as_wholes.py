"""A workbook of facts as a whole: its columns' names told once, last year's rules, taken back in a month."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.support.appraisal import small_town, with_points, workbook

from jiceng.facts import queries
from jiceng.facts.correcting import correct_fact
from jiceng.facts.imports.listing import imports, one_import
from jiceng.facts.imports.titles import Unkept
from jiceng.facts.imports.undoing import undo_import
from jiceng.facts.schemas import FactShown
from jiceng.facts.service import bring_in, import_workbook, tell_titles
from jiceng.kernel import clock
from jiceng.kernel.database import current_tenant, execute, fetch_value, tenant_scope
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.schemes.queries import rulebook_for, scheme
from jiceng.schemes.service import add_version
from jiceng_sdk.rulebook import to_json

HEAD = ["编号", "日期", "项目", "类别", "分值", "状态", "佐证", "录入人", "核验人"]
ON = datetime(2026, 5, 1)  # noqa: DTZ001 - Excel knows no time zones
CLERK, OTHER = UUID(int=1), UUID(int=2)


def row(number: str, item: str, points: int = 10, day: datetime = ON) -> list[Any]:
    return [number, day, item, "必选", points, "已核验", "", "", ""]


GOOD, BAD = row("D001", "BX01"), row("D002", "BX02", 5)
FLAGS: list[list[Any]] = [["编号", "日期", "一事一议"], ["D002", ON, "是"]]


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[dict[str, str]]:
    with tenant_scope(two_tenants[0]):
        people = await small_town(3)
        await with_points()
        yield people


def given(fact: FactShown, **changed: int) -> dict[str, Any]:
    """What a correction says: the values as they were but for those changed."""
    return {name: value for name, value in fact.values.items() if value is not None} | changed


async def counted() -> int:
    found: int = await fetch_value(
        "select count(*) from fact f where f.tenant_id = $1 and not f.withdrawn and not exists "
        "(select 1 from fact c where c.tenant_id = $1 and c.corrects = f.seq)",
        current_tenant(),
    )
    return found


async def whole() -> UUID:
    return (await imports("points", CLERK))[0].id


async def test_a_workbook_taken_back_counts_no_more_and_the_mended_one_comes_in_whole(
    people: dict[str, str],
) -> None:
    await import_workbook("points", workbook(认领=[HEAD, GOOD, BAD], 一事一议=FLAGS), "三月.xlsx", by=CLERK)
    told = await one_import(await whole(), CLERK)
    assert (told.filename, told.rows, told.may_be_undone) == ("三月.xlsx", 3, True)
    wrong = (await queries.of_subject(UUID(people["D002"])))[-1]
    await correct_fact(wrong.seq, given(wrong, worth=6), reason="改分")
    assert await undo_import(told.id, "传错了月份", by=CLERK) == 3
    assert (await counted(), await queries.count("points", "claim")) == (0, 0)
    after = await one_import(told.id, CLERK)
    assert (after.undone_reason, after.may_be_undone) == ("传错了月份", False)
    mended = workbook(认领=[HEAD, GOOD, row("D002", "BX02", 6)], 一事一议=FLAGS)
    again = await import_workbook("points", mended, "三月（改）.xlsx", by=CLERK)
    assert [(one.new, one.same) for one in again] == [(2, 0), (1, 0)]
    assert await counted() == 3


@pytest.mark.usefixtures("people")
async def test_it_is_taken_back_once_with_a_reason_and_within_thirty_days() -> None:
    await import_workbook("points", workbook(认领=[HEAD, GOOD]), "一.xlsx", by=CLERK)
    first = await whole()
    with pytest.raises(Invalid):
        await undo_import(first, "  ", by=CLERK)
    await undo_import(first, "传错了", by=CLERK)
    with pytest.raises(Conflict, match="不能撤销了"):
        await undo_import(first, "再来", by=CLERK)
    await import_workbook("points", workbook(认领=[HEAD, BAD]), "二.xlsx", by=CLERK)
    second = await whole()
    with clock.showing(clock.now() + timedelta(days=31)), pytest.raises(Conflict, match="不能撤销了"):
        await undo_import(second, "太迟", by=CLERK)
    assert await counted() == 1


@pytest.mark.usefixtures("people")
async def test_facts_of_a_closed_period_are_not_taken_back() -> None:
    await import_workbook("points", workbook(认领=[HEAD, GOOD]), "一.xlsx", by=CLERK)
    await execute(
        "insert into period (tenant_id, id, kind, first_day, last_day, title, state)"
        " values ($1, $2, 'year', $3, $4, '2026 年度', 'closed')",
        current_tenant(), new_id(), date(2026, 1, 1), date(2026, 12, 31),
    )  # fmt: skip
    with pytest.raises(Conflict, match="2026 年度已经关闭"):
        await undo_import(await whole(), "传错了", by=CLERK)
    assert await counted() == 1


@pytest.mark.usefixtures("people")
async def test_a_workbook_that_brought_nothing_is_not_listed() -> None:
    for name in ("一.xlsx", "一（副本）.xlsx"):
        await import_workbook("points", workbook(认领=[HEAD, GOOD]), name, by=CLERK)
    assert [one.filename for one in await imports("points", CLERK)] == ["一.xlsx"]
    with pytest.raises(NotFound):
        await one_import(UUID(int=9), CLERK)


async def test_what_a_column_is_called_is_told_once(people: dict[str, str]) -> None:
    own = [["编号", "日期", "做了什么", "类别", "分值", "状态", "说明材料"], [*GOOD[:6], "签到表"]]
    book = workbook(认领=own)
    with pytest.raises(Unkept) as refused:
        await bring_in("points", book, "街道.xlsx", by=CLERK)
    (titles,) = refused.value.titles
    assert titles.unread == ("做了什么", "说明材料")
    assert "item" in titles.free
    with pytest.raises(Invalid):
        await tell_titles("points", [("claim", "做了什么", "item"), ("claim", "说明材料", "item")])
    await tell_titles("points", [("claim", "做了什么", "item"), ("claim", "说明材料", "evidence")])
    brought = await bring_in("points", book, "街道.xlsx", by=CLERK)
    assert (brought.kinds[0].new, brought.unread) == (1, [])
    (fact,) = await queries.of_subject(UUID(people["D001"]))
    assert (fact.fields["item"], fact.evidence) == ("BX01", "签到表")


@pytest.mark.usefixtures("people")
async def test_a_column_nobody_told_about_is_named_though_the_rest_came_in() -> None:
    own = [[*HEAD, "说明材料"], [*GOOD, "签到表"]]
    brought = await bring_in("points", workbook(认领=own), "街道.xlsx", by=CLERK)
    assert (brought.kinds[0].new, brought.unread) == (1, ["说明材料"])


async def test_facts_of_last_year_are_checked_by_last_years_rules(people: dict[str, str]) -> None:
    book = (await rulebook_for("points", clock.today())).book
    raw = to_json(book).replace("自选".encode(), "自定".encode())
    assert raw != to_json(book)
    january = datetime(2027, 1, 10)  # noqa: DTZ001 - Excel knows no time zones
    await add_version((await scheme("points")).id, raw, date(2027, 1, 1), "改了类别", None)
    moment = clock.now().replace(year=2027, month=1, day=15)
    with clock.showing(moment):
        assert (
            "自定" in (await rulebook_for("points", clock.today())).book.facts["claim"].fields["kind"].options
        )
        december = row("D001", "ZX01", day=datetime(2026, 12, 20))  # noqa: DTZ001
        december[3] = "自选"
        kept = await import_workbook("points", workbook(认领=[HEAD, december]), "十二月.xlsx", by=CLERK)
        assert kept[0].new == 1
        (fact,) = await queries.of_subject(UUID(people["D001"]))
        await correct_fact(fact.seq, given(fact, worth=8), reason="少记了")
        this_year = row("D001", "ZX01", day=january)
        this_year[3] = "自选"
        with pytest.raises(Unkept):
            await import_workbook("points", workbook(认领=[HEAD, this_year]), "一月.xlsx", by=CLERK)


async def test_a_single_value_is_not_moved_beside_another(people: dict[str, str]) -> None:
    for year in (2025, 2026):
        rows: list[list[Any]] = [FLAGS[0], ["D001", datetime(year, 5, 1), "是"]]  # noqa: DTZ001
        await import_workbook("points", workbook(一事一议=rows), f"{year}.xlsx")
    newest, oldest = await queries.of_subject(UUID(people["D001"]))
    with pytest.raises(Conflict, match="这个期间已经有值"):
        await correct_fact(newest.seq, {"value": True, "date": date(2025, 6, 1)}, reason="记错年份")
    await correct_fact(newest.seq, {"value": False, "date": date(2026, 6, 1)}, reason="记错日子")
    assert oldest.occurred == date(2025, 5, 1)
