"""Story: rules fit the facts that are there; told when they are published and where facts come in."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from uuid import UUID

import polars as pl
import pytest
from litestar import Litestar
from tests.support.appraisal import DAY, claimed, small_town, with_points
from tests.support.web import signed_in_browser, tenant_info

from jiceng.facts.service import import_facts
from jiceng.kernel import clock
from jiceng.kernel.database import current_tenant, execute, fetch_value, tenant_scope
from jiceng.kernel.errors import Invalid
from jiceng.schemes.editing.publishing import Order, publish, read_in, revise
from jiceng.schemes.queries import rulebook_for, scheme, versions
from jiceng.schemes.service import add_version
from jiceng_sdk.rulebook import to_json, to_toml

_AS_FLAG = """
update fact_kind
set layout = replace(layout, '"name":"worth","kind":"number"', '"name":"worth","kind":"flag"')
where tenant_id = $1 and scheme = 'points' and name = 'claim'
"""
WORTH = "min = 0, max = 20, places = 0"
NARROW, FINE, FINEST = "min = 0, max = 12, places = 0", "min = 0, max = 20", "min = 0, max = 20, places = 8"


async def test_rules_that_change_the_kind_of_a_field_with_facts_are_not_published(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    assert app
    with tenant_scope(two_tenants[0]):
        people = await small_town()
        await with_points()
        await claimed(next(iter(people.values())), 1)
        await execute(_AS_FLAG, current_tenant())
        assert await fetch_value("select count(*) from fact_kind where layout like '%\"flag\"%'") == 1
        with pytest.raises(Invalid) as refused:
            await publish(await revise("points", None), Order("2027-01-01", "议定"), None)
        assert "已经按“是否”收过事实，不能改成“数”；请另加一个不同名的字段" in str(refused.value.faults[0])
        assert len(await versions("points")) == 1


async def draft_with(old: str, new: str) -> UUID:
    """The scheme's draft with its text changed; the draft's id."""
    text = to_toml((await rulebook_for("points", clock.today())).book)
    assert old in text
    return await read_in("points", text.replace(old, new).encode(), "改.toml", None)


async def refused(draft: UUID, day: str = "2026-12-01") -> list[str]:
    with pytest.raises(Invalid) as wrong:
        await publish(draft, Order(day, "议定"), None)
    return [str(one) for one in wrong.value.faults]


@pytest.fixture
async def town(two_tenants: tuple[int, int], app: Litestar) -> AsyncIterator[int]:
    """A tenant with facts of this year: three claims of 10 points, one of 15."""
    assert app
    with tenant_scope(two_tenants[0]):
        people = await small_town()
        await with_points()
        await claimed(next(iter(people.values())), 3, [15])
        yield two_tenants[0]


@pytest.mark.usefixtures("town")
async def test_a_smaller_maximum_than_facts_have_is_told_with_how_many_and_an_example() -> None:
    assert await refused(await draft_with(WORTH, NARROW)) == [
        "填报资料：认领：已有 1 条事实的“分值”不在 0 到 12 之间，例如 15；请先更正这些事实，或放宽规则"
    ]
    assert len(await versions("points")) == 1


@pytest.mark.usefixtures("town")
async def test_next_years_rules_need_not_fit_this_years_facts() -> None:
    await publish(await draft_with(WORTH, NARROW), Order("2027-01-01", "议定"), None)
    assert len(await versions("points")) == 2


@pytest.mark.usefixtures("town")
async def test_more_decimals_than_are_kept_are_told() -> None:
    assert await refused(await draft_with(WORTH, FINEST), "2027-01-01") == [
        "填报资料：认领：“分值”已登记保留 6 位小数，不能改成 8 位；请另加一个不同名的字段"
    ]


async def half_a_point() -> None:
    """Rules that take two decimals, a claim of half a point."""
    await publish(await draft_with(WORTH, FINE), Order("2026-10-01", "议定"), None)
    row = {"subject": await somebody(), "date": DAY, "item": "ZX09", "kind": "自选", "worth": Decimal("0.50")}
    await import_facts("points", "claim", pl.DataFrame([{**row, "stage": "已核验"}]), source="半分")


async def somebody() -> str:
    found: str = await fetch_value(
        "select id::text from member where tenant_id = $1 order by number limit 1", current_tenant()
    )
    return found


@pytest.mark.usefixtures("town")
async def test_fewer_decimals_than_facts_have_are_told() -> None:
    await half_a_point()
    assert await refused(await draft_with(f"{FINE}, required", f"{WORTH}, required")) == [
        "填报资料：认领：已有 1 条事实的“分值”超过 0 位小数，例如 0.5；请先更正这些事实，或放宽规则"
    ]


@pytest.mark.usefixtures("town")
async def test_options_that_facts_have_and_the_rules_no_longer_are_told() -> None:
    assert await refused(await draft_with("自选", "自定")) == [
        "填报资料：认领：已有 1 条事实的“类别”不在选项里，例如 自选；请先更正这些事实，或放宽规则"
    ]


async def test_where_facts_come_in_those_that_do_not_fit_are_told(app: Litestar, town: int) -> None:
    await half_a_point()
    with tenant_scope(town):
        admin = await signed_in_browser(app, town, "tenant_admin")
    address = f"/t/{(await tenant_info(town)).slug}/facts/import/points"
    assert "不合现行规则" not in (await admin.get(address)).text
    with tenant_scope(town):
        book = to_json((await rulebook_for("points", clock.today())).book)
        coarse = book.replace(b'"max":20,"required"', b'"max":20,"places":0,"required"')
        await add_version((await scheme("points")).id, coarse, date(2026, 11, 2), "从别处来的规则", None)
    assert "已有 1 条事实的“分值”超过 0 位小数，例如 0.5" in (await admin.get(address)).text
