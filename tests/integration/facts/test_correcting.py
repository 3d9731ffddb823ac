"""Corrections: a further fact names the one it replaces; earlier runs keep what they saw."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from uuid import UUID

import polars as pl
import pytest
from tests.support.appraisal import DAY, claimed, small_town, with_points

from jiceng.facts import queries
from jiceng.facts.correcting import correct_fact
from jiceng.facts.programs.handing_in import correct as correct_by_program
from jiceng.facts.rows.reading import Places
from jiceng.facts.service import import_facts
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.roster.queries import subject_numbers
from jiceng.schemes.queries import rulebook_for
from jiceng.schemes.service import adopt

WHOLE_YEAR = {"first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31)}
RIGHT = {"item": "ZX01", "kind": "自选", "worth": Decimal(5), "stage": "已核验"}


@pytest.fixture
async def subject(two_tenants: tuple[int, int]) -> AsyncIterator[UUID]:
    """A member with two facts: 1 a required item, 2 a self-chosen one of 15 points."""
    with tenant_scope(two_tenants[0]):
        people = await small_town(1)
        await with_points()
        await claimed(people["D001"], 1, [15])
        yield UUID(people["D001"])


async def worths(upto: int) -> list[Decimal]:
    kind = await queries.kind("points", "claim")
    assert kind is not None
    fact = (await rulebook_for("points", DAY)).book.facts["claim"]
    ids = pl.Series(list((await subject_numbers("member", DAY)).values()))
    frame = await queries.frame(kind, fact, Places(ids), upto=upto, **WHOLE_YEAR)
    return sorted(frame["worth"].to_list())


async def test_a_correction_counts_from_its_own_number_on_and_not_before(subject: UUID) -> None:
    assert await correct_fact(2, RIGHT, reason="分值录错") == 3
    assert await worths(upto=2) == [Decimal(10), Decimal(15)]
    assert await worths(upto=3) == [Decimal(5), Decimal(10)]
    states = {
        fact.seq: (fact.state, fact.corrects, fact.source) for fact in await queries.of_subject(subject)
    }
    assert states == {
        1: ("", None, f"测试 {subject}"),
        2: ("corrected", None, f"测试 {subject}"),
        3: ("", 2, "更正：分值录错"),
    }


OTHER = """
title = "积分办法"
subject = "member"
period = "year"

[facts]
marks = { kind = "number", title = "考核分", min = 0, max = 100, places = 0, default = 0 }

[items]
own = { points = "marks" }

[groups]
score = { of = { own = 1 } }
"""


@pytest.mark.usefixtures("subject")
async def test_a_fact_that_the_rules_no_longer_have_is_refused_in_words() -> None:
    await adopt("points", toml=OTHER, in_force_from=date(2026, 2, 1), reason="改用考核分")
    for values in (RIGHT, None):
        with pytest.raises(Conflict, match="现行规则已经没有这种事实"):
            await correct_fact(2, values, reason="分值录错")
    with pytest.raises(Conflict, match="现行规则已经没有这种事实"):
        await correct_by_program(2, {"worth": "5"}, None, reason="分值录错", by=new_id())


@pytest.mark.usefixtures("subject")
async def test_a_withdrawn_fact_leaves_nothing() -> None:
    assert await correct_fact(2, None, reason="认领撤回") == 3
    assert await worths(upto=9) == [Decimal(10)]


async def test_after_a_single_value_was_withdrawn_another_may_be_handed_in(subject: UUID) -> None:
    def flag(value: bool) -> pl.DataFrame:
        return pl.DataFrame({"subject": [str(subject)], "date": [DAY], "value": [value]})

    await import_facts("points", "exempted", flag(True), source="表一")
    await correct_fact(3, None, reason="登错人")
    again = await import_facts("points", "exempted", flag(True), source="表一再导")
    assert (again.new, again.same) == (0, 1)  # the same workbook brings nothing back
    assert (await import_facts("points", "exempted", flag(True), source="重办", anew=True)).new == 1
    assert (await import_facts("points", "exempted", flag(True), source="重办", anew=True)).new == 0
    with pytest.raises(Invalid, match="这个期间已经有值"):
        await import_facts("points", "exempted", flag(False), source="表二")
    await correct_fact(5, None, reason="又登错")
    assert (await import_facts("points", "exempted", flag(False), source="表二")).new == 1


@pytest.mark.usefixtures("subject")
async def test_the_day_may_be_corrected_too() -> None:
    await correct_fact(1, RIGHT | {"date": date(2025, 12, 31)}, reason="年份录错")
    assert await worths(upto=9) == [Decimal(15)]


@pytest.mark.usefixtures("subject")
async def test_only_the_latest_of_a_chain_is_corrected() -> None:
    await correct_fact(2, RIGHT, reason="一")
    with pytest.raises(Conflict, match="这条事实已经更正过（第 2 号）。请看第 3 号"):
        await correct_fact(2, RIGHT, reason="二")
    assert await correct_fact(3, None, reason="三") == 4
    assert await worths(upto=9) == [Decimal(10)]
    with pytest.raises(Conflict):
        await correct_fact(4, RIGHT, reason="四")


@pytest.mark.usefixtures("subject")
async def test_a_correction_with_faults_is_refused_with_all_of_them() -> None:
    with pytest.raises(Invalid) as refused:
        await correct_fact(2, RIGHT | {"worth": Decimal(21), "kind": "必修"}, reason="又错")
    assert [fault.field for fault in refused.value.faults] == ["kind", "worth"]  # type: ignore[attr-defined]
    assert await queries.watermark("points") == 2


async def test_a_fact_of_another_tenant_is_as_good_as_absent(
    subject: UUID, two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[1]), pytest.raises(NotFound, match="没有这条事实"):
        await correct_fact(1, None, reason="越界")
    assert await worths(upto=9) == [Decimal(10), Decimal(15)]
    assert subject
