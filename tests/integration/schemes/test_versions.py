"""Versions of a tenant's rulebook: adopted once, in force by day, never edited; plugins per tenant."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from tests.support.appraisal import YEAR, with_points

from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.schemes import queries
from jiceng.schemes.periods.opening import open_period
from jiceng.schemes.service import adopt, wanted_digest
from jiceng.tenancy.service import set_plugin

OWN = """
title   = "值班积分"
subject = "{subject}"
grades  = ["好", "差"]

[facts]
days = {{ kind = "number", title = "天数", min = 0, max = 366, places = 0 }}

[items]
score = {{ title = "得分", points = "days" }}

[[decide]]
do   = "bands"
rows = [{{ when = "score >= {line}", grade = "好" }}, {{ when = "score < {line}", grade = "差" }}]
"""


@pytest.fixture
async def tenant(two_tenants: tuple[int, int]) -> AsyncIterator[int]:
    with tenant_scope(two_tenants[0]):
        yield two_tenants[0]


@pytest.mark.usefixtures("tenant")
async def test_adopting_the_same_rulebook_twice_makes_one_version() -> None:
    await with_points()
    again = await adopt("points", in_force_from=YEAR, reason="再来一次")
    assert again.number == 1
    assert again.digest == wanted_digest("points")
    assert [version.reason for version in await queries.versions("points")] == ["测试"]


@pytest.mark.usefixtures("tenant")
async def test_a_preset_is_a_version_of_its_own_and_holds_from_its_day_on() -> None:
    await with_points()
    await adopt("points", preset="recommended_gated", in_force_from=date(2027, 1, 1), reason="部务会议定")
    before = await queries.rulebook_for("points", date(2026, 12, 31))
    after = await queries.rulebook_for("points", date(2027, 12, 31))
    assert (before.version.number, before.book.groups["recommended_part"].gate) == (1, None)
    gate = after.book.groups["recommended_part"].gate
    assert after.version.number == 2
    assert gate is not None
    assert gate.text == "required_done >= 5"


@pytest.mark.usefixtures("tenant")
async def test_before_the_first_version_no_rulebook_is_in_force() -> None:
    await with_points()
    assert await queries.in_force("points", date(2025, 12, 31)) is None
    with pytest.raises(NotFound, match="这个期间没有生效的规则"):
        await queries.rulebook_for("points", date(2025, 12, 31))


@pytest.mark.usefixtures("tenant")
async def test_a_tenants_own_rulebook_needs_no_plugin() -> None:
    version = await adopt(
        "duty", toml=OWN.format(subject="member", line=20), in_force_from=YEAR, reason="自行制定"
    )
    (scheme,) = await queries.schemes()
    assert (version.number, scheme.key, scheme.plugin, scheme.title) == (1, "duty", "", "值班积分")
    assert scheme.available


@pytest.mark.usefixtures("tenant")
async def test_a_rulebook_with_errors_is_refused_with_all_of_them_and_nothing_is_kept() -> None:
    text = OWN.format(subject="member", line=20).replace('points = "days"', 'points = "dayz * flag_x"')
    with pytest.raises(Invalid) as refused:
        await adopt("duty", toml=text, in_force_from=YEAR, reason="有错")
    assert "dayz" in refused.value.in_words()
    assert "flag_x" in refused.value.in_words()
    assert await queries.schemes() == []


@pytest.mark.usefixtures("tenant")
async def test_a_scheme_may_not_turn_to_other_subjects() -> None:
    await adopt("duty", toml=OWN.format(subject="member", line=20), in_force_from=YEAR, reason="一")
    with pytest.raises(Conflict, match="这个方案评的是 member，新规则评的是 organization"):
        await adopt("duty", toml=OWN.format(subject="organization", line=20), in_force_from=YEAR, reason="二")
    assert len(await queries.versions("duty")) == 1


@pytest.mark.usefixtures("tenant")
async def test_a_plugin_that_is_off_offers_no_scheme_and_an_unknown_preset_is_named() -> None:
    with pytest.raises(NotFound, match="插件没有为本单位启用"):
        await adopt("points", in_force_from=YEAR, reason="没有启用")
    await set_plugin("points", on=True)
    with pytest.raises(NotFound, match="recommended_gated、three_required"):
        await adopt("points", preset="nobody", in_force_from=YEAR, reason="预设写错")


@pytest.mark.usefixtures("tenant")
async def test_switching_the_plugin_off_makes_its_scheme_unavailable_and_keeps_its_versions() -> None:
    await with_points()
    await set_plugin("points", on=False)
    assert [(scheme.key, scheme.available) for scheme in await queries.schemes()] == [("points", False)]
    with pytest.raises(NotFound, match="没有这个方案"):
        await queries.scheme("points")
    assert len(await queries.versions("points")) == 1


async def test_another_tenant_has_neither_scheme_nor_version(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        await with_points()
        version = await queries.in_force("points", YEAR)
    assert version is not None
    with tenant_scope(two_tenants[1]):
        assert await queries.schemes() == []
        assert await queries.in_force("points", YEAR) is None
        with pytest.raises(NotFound, match="没有这个规则版本"):
            await queries.book_of(version.id)


@pytest.mark.usefixtures("tenant")
async def test_a_period_is_made_once() -> None:
    first = await open_period("half", date(2026, 8, 15))
    again = await open_period("half", date(2026, 12, 31))
    assert first == again
    assert (first.first_day, first.last_day, first.title) == (
        date(2026, 7, 1),
        date(2026, 12, 31),
        "2026 年下半年",
    )
