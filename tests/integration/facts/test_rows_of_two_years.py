"""A workbook over two years: each row is checked by the rules of its own year."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from tests.support.appraisal import claims, small_town, with_points, workbook

from jiceng.facts import queries
from jiceng.facts.imports.titles import Unkept
from jiceng.facts.programs.handing_in import correct
from jiceng.facts.service import import_facts, import_workbook
from jiceng.kernel import clock
from jiceng.kernel.database import current_tenant, execute, fetch_value, joined, tenant_scope
from jiceng.kernel.errors import Invalid
from jiceng.kernel.ids import new_id
from jiceng.schemes.queries import rulebook_for, scheme
from jiceng.schemes.service import add_version
from jiceng_sdk.rulebook import to_json

HEAD = ["编号", "日期", "项目", "类别", "分值", "状态"]
DECEMBER, JANUARY = datetime(2026, 12, 20), datetime(2027, 1, 10)  # noqa: DTZ001 - Excel knows no time zones
Rows = list[list[Any]]


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[dict[str, str]]:
    """A town in January 2027, whose rules call 自选 自定 since New Year and ask nobody for 一事一议."""
    with tenant_scope(two_tenants[0]):
        people = await small_town(3)
        await with_points()
        raw = to_json((await rulebook_for("points", clock.today())).book)
        await add_version(
            (await scheme("points")).id,
            raw.replace("自选".encode(), "自定".encode()),
            date(2027, 1, 1),
            "改了类别",
            None,
        )
        with clock.showing(clock.now().replace(year=2027, month=1, day=15)):
            yield people


def row(day: datetime, kind: str, item: str = "ZX01") -> list[Any]:
    return ["D001", day, item, kind, 10, "已核验"]


async def test_each_row_of_a_workbook_is_checked_by_the_rules_of_its_own_year(people: dict[str, str]) -> None:
    rows = [HEAD, row(DECEMBER, "自选"), row(JANUARY, "自定")]
    (kept,) = await import_workbook("points", workbook(认领=rows), "冬天.xlsx")
    assert (kept.new, kept.same) == (2, 0)
    shown = await queries.of_subject(UUID(people["D001"]))
    assert [(one.occurred, one.fields["kind"]) for one in shown] == [
        (date(2027, 1, 10), "自定"),
        (date(2026, 12, 20), "自选"),
    ]
    (again,) = await import_workbook("points", workbook(认领=rows), "冬天.xlsx")
    assert (again.new, again.same) == (0, 2)


async def test_what_is_no_option_in_the_rows_own_year_is_told_at_its_cell(people: dict[str, str]) -> None:
    rows = [HEAD, row(DECEMBER, "自选"), row(DECEMBER, "自定", "ZX02"), row(JANUARY, "自选", "ZX03")]
    with pytest.raises(Unkept) as refused:
        await import_workbook("points", workbook(认领=rows), "冬天.xlsx")
    assert [fault.where for fault in refused.value.faults] == ["认领!D3", "认领!D4"]  # type: ignore[attr-defined]
    assert await queries.count("points", "claim") == 0
    assert people


async def test_rows_handed_in_by_a_program_are_checked_alike(people: dict[str, str]) -> None:
    days = pl.Series("date", [date(2026, 12, 1), date(2027, 1, 2)])
    both = claims(people["D001"], 0, [5, 6], "自选").with_columns(days)
    with pytest.raises(Invalid) as refused:
        await import_facts("points", "claim", both, source="程序")
    assert [(one.row, one.field) for one in refused.value.faults] == [(1, "kind")]  # type: ignore[attr-defined]


async def test_a_program_corrects_last_years_fact_by_last_years_rules(people: dict[str, str]) -> None:
    await import_facts("points", "claim", claims(people["D001"], 0, [5], "自选"), source="五月")
    (fact,) = await queries.of_subject(UUID(people["D001"]))
    given = {"item": "ZX01", "kind": "自选", "worth": "6", "stage": "已核验"}
    await correct(fact.seq, given, None, reason="少记了", by=UUID(int=1))
    assert (await queries.of_subject(UUID(people["D001"])))[0].fields["worth"] == "6"


async def test_rows_of_two_years_are_one_batch_and_a_closed_year_keeps_the_other_out_too(
    people: dict[str, str],
) -> None:
    both = [HEAD, row(DECEMBER, "自选"), row(JANUARY, "自定")]
    await import_workbook("points", workbook(认领=both), "冬天.xlsx")
    assert await fetch_value("select count(*) from fact_batch where rows = 2") == 1
    await execute(
        "insert into period (tenant_id, id, kind, first_day, last_day, title, state)"
        " values ($1, $2, 'year', $3, $4, '2026 年度', 'closed')",
        *(current_tenant(), new_id(), date(2026, 1, 1), date(2026, 12, 31)),
    )
    more = claims(people["D002"], 0, [5, 6], "自选").with_columns(
        pl.Series("date", [date(2027, 1, 2), date(2026, 12, 2)]), pl.Series("kind", ["自定", "自选"])
    )
    async with joined():  # whoever catches the refusal and goes on has kept nothing of it
        with pytest.raises(Invalid, match="2026 年度已经关闭") as refused:
            await import_facts("points", "claim", more, source="程序")
        assert [one.row for one in refused.value.faults] == [1]  # type: ignore[attr-defined]
        assert await queries.count("points", "claim") == 2
