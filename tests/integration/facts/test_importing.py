"""Facts handed in: once, checked, all or nothing, and only ever added to."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import polars as pl
import pytest
from tests.support.appraisal import DAY, claimed, claims, small_town, with_points, workbook

from jiceng.facts import queries
from jiceng.facts.rows.reading import Places
from jiceng.facts.service import import_facts, import_workbook
from jiceng.kernel.database import current_tenant, execute, fetch, tenant_scope, transaction
from jiceng.kernel.errors import Invalid, NotFound, Refusal
from jiceng.schemes.queries import rulebook_for

HEAD = ["编号", "日期", "项目", "类别", "分值", "状态", "佐证", "录入人", "核验人"]
ON = datetime(2026, 5, 1)  # noqa: DTZ001 - Excel knows no time zones


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[dict[str, str]]:
    with tenant_scope(two_tenants[0]):
        people = await small_town(3)
        await with_points()
        yield people


async def test_a_workbook_brings_facts_with_their_evidence_and_people(people: dict[str, str]) -> None:
    book = workbook(
        认领=[
            HEAD,
            ["D001", ON, "BX01 主题党日", "必选", 10, "已核验", "签到表", "D002", "D003"],
            ["D001", ON, "ZX07 助老", "自选", 15, "待核验", "", "", ""],
        ],
        一事一议=[["编号", "日期", "一事一议"], ["D002", ON, "是"]],
    )
    imported = await import_workbook("points", book, "认领.xlsx")
    assert [(one.title, one.new, one.same) for one in imported] == [("认领", 2, 0), ("一事一议", 1, 0)]
    shown = await queries.of_subject(UUID(people["D001"]))
    assert [fact.fields for fact in shown] == [
        {"item": "ZX07 助老", "kind": "自选", "worth": "15", "number": "", "stage": "待核验"},
        {"item": "BX01 主题党日", "kind": "必选", "worth": "10", "number": "", "stage": "已核验"},
    ]
    assert [(fact.evidence, fact.entered_by, fact.accepted_by, fact.source) for fact in shown] == [
        ("", "—", "—", "认领.xlsx：认领"),
        ("签到表", "党员D002", "党员D003", "认领.xlsx：认领"),
    ]


@pytest.mark.usefixtures("people")
async def test_every_fault_is_told_at_its_cell_and_nothing_is_kept() -> None:
    book = workbook(
        认领=[
            HEAD,
            ["D001", ON, "BX01", "必选", 10, "已核验", "", "", ""],
            ["D999", ON, "BX01", "必修", 10, "已核验", "", "", ""],
            ["D002", "不知道", "BX01", "必选", 21, "已核验", "", "D001", "D001"],
        ]
    )
    with pytest.raises(Invalid) as refused:
        await import_workbook("points", book, "认领.xlsx")
    places = sorted(fault.where for fault in refused.value.faults)  # type: ignore[attr-defined]
    assert places == ["认领!A3", "认领!B4", "认领!D3", "认领!E4", "认领!I4"]
    assert await queries.count("points", "claim") == 0


@pytest.mark.usefixtures("people")
async def test_a_workbook_without_one_of_the_schemes_sheets_is_refused() -> None:
    with pytest.raises(Refusal, match="工作表名应为：认领、奖惩、一事一议"):
        await import_workbook("points", workbook(别的=[["编号"], ["D001"]]), "别的.xlsx")


@pytest.mark.usefixtures("people")
async def test_the_same_workbook_again_adds_nothing_and_a_longer_one_only_its_new_rows() -> None:
    rows: list[list[Any]] = [
        HEAD,
        *(["D001", ON, f"BX{n:02}", "必选", 10, "已核验", "", "", ""] for n in (1, 2, 2)),
    ]
    first = await import_workbook("points", workbook(认领=rows), "认领.xlsx")
    again = await import_workbook("points", workbook(认领=rows), "认领（副本）.xlsx")
    longer = await import_workbook("points", workbook(认领=[*rows, rows[-1]]), "认领.xlsx")
    assert [(one.new, one.same) for (one,) in (first, again, longer)] == [(3, 0), (0, 3), (1, 3)]
    assert await queries.count("points", "claim") == 4


async def test_facts_are_numbered_without_gaps_in_the_order_they_were_handed_in(
    people: dict[str, str],
) -> None:
    await claimed(people["D001"], 2)
    await claimed(people["D002"], 1, [15])
    rows = await fetch(
        "select seq, subject::text from fact where tenant_id = $1 order by seq", current_tenant()
    )
    assert [tuple(row) for row in rows] == [
        (1, people["D001"]),
        (2, people["D001"]),
        (3, people["D002"]),
        (4, people["D002"]),
    ]
    assert await queries.watermark("points") == 4


async def test_an_import_that_fails_leaves_no_number_missing(people: dict[str, str]) -> None:
    async def broken_off() -> None:
        async with transaction():
            await claimed(people["D001"], 3)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        await broken_off()
    await claimed(people["D002"], 1)
    assert await queries.watermark("points") == 1


async def test_two_imports_of_the_same_rows_at_once_keep_them_once(people: dict[str, str]) -> None:
    await asyncio.gather(*(claimed(people["D001"], 4) for _ in range(4)))
    assert await queries.count("points", "claim") == 4


async def test_a_second_value_of_a_single_valued_fact_is_refused(people: dict[str, str]) -> None:
    def flag(value: bool, day: date) -> pl.DataFrame:
        return pl.DataFrame({"subject": [people["D001"]], "date": [day], "value": [value]})

    await import_facts("points", "exempted", flag(True, DAY), source="a")
    assert (await import_facts("points", "exempted", flag(True, DAY), source="b")).same == 1
    assert (await import_facts("points", "exempted", flag(True, date(2026, 6, 1)), source="b")).same == 1
    with pytest.raises(Invalid, match="这个期间已经有值"):
        await import_facts("points", "exempted", flag(False, date(2026, 6, 1)), source="c")
    earlier = await import_facts("points", "exempted", flag(True, date(2025, 6, 1)), source="d")
    assert earlier.new == 1


async def test_a_kind_the_scheme_does_not_have_is_refused(people: dict[str, str]) -> None:
    with pytest.raises(NotFound, match="方案没有这种事实"):
        await import_facts("points", "gossip", claims(people["D001"], 1), source="x")


async def test_the_engines_frame_holds_the_fields_as_handed_in_up_to_the_watermark(
    people: dict[str, str],
) -> None:
    await claimed(people["D001"], 1)
    mark = await queries.watermark("points")
    await claimed(people["D001"], 0, [5])
    kind = await queries.kind("points", "claim")
    assert kind is not None
    fact = (await rulebook_for("points", DAY)).book.facts["claim"]
    ids = pl.Series(["01900000-0000-7000-8000-000000000000", people["D001"]])
    year = {"first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31)}
    whole = await queries.frame(kind, fact, Places(ids), upto=99, **year)
    then = await queries.frame(kind, fact, Places(ids), upto=mark, **year)
    other = await queries.frame(
        kind, fact, Places(ids), upto=99, first_day=date(2025, 1, 1), last_day=date(2025, 12, 31)
    )
    strangers = await queries.frame(kind, fact, Places(ids.head(1)), upto=99, **year)
    assert (whole.height, other.height, strangers.height) == (2, 0, 0)
    assert then.to_dicts() == [
        {
            "subject": 1,
            "date": DAY,
            "item": "BX01",
            "kind": "必选",
            "worth": Decimal(10),
            "number": None,
            "stage": "已核验",
        }
    ]


async def test_another_tenant_sees_no_fact(people: dict[str, str], two_tenants: tuple[int, int]) -> None:
    await claimed(people["D001"], 2)
    with tenant_scope(two_tenants[1]):
        assert await queries.count("points", "claim") == 0
        assert await queries.of_subject(UUID(people["D001"])) == []
        assert await queries.watermark("points") == 0


async def test_the_database_itself_refuses_to_change_or_delete_a_fact(people: dict[str, str]) -> None:
    await claimed(people["D001"], 1)
    for statement in (
        "update fact set withdrawn = true where tenant_id = $1",
        "delete from fact where tenant_id = $1",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute(statement, current_tenant())
