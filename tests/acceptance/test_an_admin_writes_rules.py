"""Story: an admin enables a scheme, changes it in a draft and publishes it; two at once."""

import asyncio
import re
from datetime import date

import httpx
import pytest
from litestar import Litestar
from tests.support.appraisal import small_town, with_points
from tests.support.drafts import DAY, HERE, enabled, errors, part, typed
from tests.support.web import Browser, signed_in_browser

from jiceng.kernel.clock import today
from jiceng.kernel.database import execute, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.schemes import queries
from jiceng.schemes.service import adopt, wanted_book
from jiceng.tenancy.queries import enabled_plugins
from jiceng_sdk.rulebook import to_toml


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    return await signed_in_browser(app, two_tenants[0], "tenant_admin")


async def test_enabling_takes_one_press_and_publishing_another(admin: Browser) -> None:
    assert "可以启用的方案" in (await admin.get(HERE)).text
    draft = await enabled(admin)
    page = await admin.get(draft)
    assert page.status_code == 200
    assert "规则完整，可以发布" in page.text
    assert errors(page) == []
    assert (await admin.get(f"{HERE}/points")).status_code == 404
    done = await admin.post(f"{draft}/publish", DAY)
    assert done.headers["location"] == f"{HERE}/points/history?published=1"
    assert "第 1 版已发布" in (await admin.get(done.headers["location"])).text
    assert "党员积分年度评定" in (await admin.get(f"{HERE}/points")).text
    assert (await admin.get(draft)).status_code == 404


async def test_the_page_says_that_enabling_switches_the_plugin_on(
    admin: Browser, two_tenants: tuple[int, int]
) -> None:
    said = "启用后，它的页面和菜单也会出现"
    before = (await admin.get(HERE)).text.split('value="points"')[1].split("</tr>")[0]
    assert said in before
    await enabled(admin)
    with tenant_scope(two_tenants[0]):
        assert "points" in await enabled_plugins()
    after = (await admin.get(HERE)).text.split('value="points_organizations"')[1].split("</tr>")[0]
    assert said not in after, "the plugin is on"


async def test_a_preset_starts_the_draft(admin: Browser) -> None:
    page = await admin.get(await enabled(admin, "recommended_gated"))
    assert "必选完成项数 ≥ 5 时才计分，否则计 0 分" in page.text.replace("&gt;", ">")


async def test_a_number_changed_in_the_table_is_saved_and_marked_with_what_it_was(
    admin: Browser, two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[0]):
        await with_points()
    await admin.get(HERE)
    draft = (await admin.post(f"{HERE}/points/drafts")).headers["location"]
    await admin.get(draft)
    answer = await admin.client.post(
        f"{draft}/cells",
        data={"items.5.cap": "15", "revision": "1", "_csrf_token": admin.token},
        headers={"hx-request": "true", "accept": "text/html", "sec-fetch-site": "same-origin"},
    )
    assert answer.status_code == 200
    assert answer.headers["hx-trigger"] == "draft-saved"
    assert "原 10" in answer.text
    assert "奖励加分封顶 10 → 15 分" in answer.text
    assert (await admin.post(f"{HERE}/points/drafts")).headers["location"] == draft


async def test_a_faulty_draft_keeps_what_was_typed_and_is_not_published(admin: Browser) -> None:
    draft = await enabled(admin)
    address = part(await admin.get(draft), "处分扣分")
    form = typed(await admin.get(address))
    assert form["points"] == "-分值"
    saved = await admin.post(address, {**form, "points": "-分植 * (", "cap": "十分"})
    assert saved.status_code == 200
    assert 'value="-分植 * ("' in saved.text
    assert 'id="points-fault"' in saved.text
    again = typed(await admin.get(address))
    assert (again["points"], again["cap"]) == ("-分植 * (", "十分")
    refused = await admin.post(f"{draft}/publish", DAY)
    assert refused.status_code == 422
    assert len(errors(refused)) == 2
    assert 'value="2027-01-01"' in refused.text


async def test_what_the_burden_check_refuses_is_named_at_publishing(admin: Browser) -> None:
    draft = await enabled(admin)
    await admin.get(f"{draft}/parts/facts/new")
    await admin.post(
        f"{draft}/parts/facts/new",
        {"title": "登录次数", "kind": "number", "min": "0", "max": "400", "revision": "1"},
    )
    await admin.post(
        f"{draft}/parts/items/new",
        {"title": "每日登录", "scale": "points", "points": "登录次数", "_into": "score", "revision": "2"},
    )
    refused = await admin.post(f"{draft}/publish", DAY)
    assert refused.status_code == 422
    assert "减负" not in refused.text or "每日登录" in refused.text
    assert any("每日登录" in one and "不能发布" in one for one in errors(refused))


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"from_day": "明年", "reason": "议定"}, "生效日期“明年”不是日期，应写成 2026-03-31"),
        ({"from_day": "2027-01-01", "reason": " "}, "请写发布理由"),
        ({"from_day": "0207-01-01", "reason": "议定"}, "207 年不在 1900–2100 年之间"),
        ({"from_day": "2090-01-01", "reason": "议定"}, "请核对年份"),
    ],
)
async def test_a_day_and_a_reason_are_needed(admin: Browser, order: dict[str, str], said: str) -> None:
    draft = await enabled(admin)
    await admin.get(draft)
    refused = await admin.post(f"{draft}/publish", order)
    assert refused.status_code == 422
    assert said in refused.text


async def test_rules_cannot_be_put_under_a_closed_period(
    admin: Browser, two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[0]):
        await execute(
            "insert into period (tenant_id, id, kind, first_day, last_day, title, state)"
            " values ($1, $2, 'year', $3, $4, '2026 年度', 'closed')",
            two_tenants[0], new_id(), date(2026, 1, 1), date(2026, 12, 31),
        )  # fmt: skip
    draft = await enabled(admin)
    await admin.get(draft)
    refused = await admin.post(f"{draft}/publish", {"from_day": "2026-06-01", "reason": "议定"})
    assert refused.status_code == 422
    assert "“2026 年度”已经关闭" in refused.text
    assert (await admin.post(f"{draft}/publish", DAY)).status_code == 303


async def test_two_admins_change_one_item_the_second_is_told_and_loses_nothing(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    other = await signed_in_browser(app, two_tenants[0], "tenant_admin", "gao")
    draft = await enabled(admin)
    address = part(await admin.get(draft), "奖励加分")
    mine, theirs = typed(await admin.get(address)), typed(await other.get(address))
    assert (await other.post(address, {**theirs, "cap": "20"})).status_code == 303
    told = await admin.post(address, {**mine, "cap": "15", "clause": "第九条第一款"})
    assert told.status_code == 409
    assert "项目“奖励加分”：封顶 10 → 20" in told.text
    assert "别人改为：20" in told.text
    kept = typed(told)
    assert (kept["cap"], kept["clause"]) == ("15", "第九条第一款")
    assert (await admin.post(address, kept)).status_code == 303
    assert typed(await admin.get(address))["cap"] == "15"


async def test_two_admins_change_different_items_and_both_are_kept(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    other = await signed_in_browser(app, two_tenants[0], "tenant_admin", "gao")
    draft = await enabled(admin)
    page = await admin.get(draft)
    first, second = part(page, "奖励加分"), part(page, "推荐事项")
    mine, theirs = typed(await admin.get(first)), typed(await other.get(second))
    assert (await other.post(second, {**theirs, "cap": "25"})).status_code == 303
    assert (await admin.post(first, {**mine, "cap": "15"})).status_code == 303
    page = await admin.get(draft)
    assert "项目“推荐事项”：封顶 20 → 25" in page.text
    assert "项目“奖励加分”：封顶 10 → 15" in page.text


def revision(answer: httpx.Response) -> str:
    """The revision that the publish form of a draft's page sends."""
    found = re.search(r'<input type="hidden" form="publish" name="revision" value="(\d+)">', answer.text)
    assert found is not None
    return found[1]


async def test_publishing_a_draft_somebody_changed_meanwhile_is_refused_with_what_he_changed(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    other = await signed_in_browser(app, two_tenants[0], "tenant_admin", "gao")
    draft = await enabled(admin)
    seen = revision(await admin.get(draft))
    address = part(await other.get(draft), "奖励加分")
    await other.post(address, {**typed(await other.get(address)), "cap": "20"})
    refused = await admin.post(f"{draft}/publish", {**DAY, "revision": seen})
    assert refused.status_code == 409
    for words in ("草稿刚被别人改过，没有发布", "项目“奖励加分”：封顶 10 → 20", 'value="部务会议定"'):
        assert words in refused.text
    assert revision(refused) != seen
    done = await admin.post(f"{draft}/publish", {**DAY, "revision": revision(refused)})
    assert done.status_code == 303


async def test_of_two_who_publish_at_once_the_second_finds_the_draft_gone(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    other = await signed_in_browser(app, two_tenants[0], "tenant_admin", "gao")
    draft = await enabled(admin)
    order = {**DAY, "revision": revision(await admin.get(draft))}
    await other.get(draft)
    both = await asyncio.gather(*(one.post(f"{draft}/publish", order) for one in (admin, other)))
    assert sorted(answer.status_code for answer in both) == [303, 404]
    with tenant_scope(two_tenants[0]):
        assert [version.number for version in await queries.versions("points")] == [1]


async def test_the_page_of_a_scheme_tells_words_of_the_roster_that_its_rules_lack(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[0]):
        await small_town(2)
        await with_points()
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    assert "名册里有规则选项以外的词" not in (await admin.get("/t/donghu/schemes/points")).text
    own = to_toml(wanted_book("points")).replace('"社区", ', "")
    with tenant_scope(two_tenants[0]):
        await adopt("points", toml=own, in_force_from=today(), reason="接入")
    page = (await admin.get("/t/donghu/schemes/points")).text
    assert "党员类别：名册里有 2 个党员是“社区”，不在选项里" in page
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    assert "名册里有规则选项以外的词" not in (await viewer.get("/t/donghu/schemes/points")).text


async def test_what_was_typed_into_a_part_taken_out_meanwhile_can_be_saved_as_a_new_one(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    other = await signed_in_browser(app, two_tenants[0], "tenant_admin", "gao")
    draft = await enabled(admin)
    address = part(await admin.get(draft), "奖励加分")
    mine, theirs = typed(await admin.get(address)), typed(await other.get(address))
    gone = await other.post(address.replace("/parts/", "/remove/"), {"revision": theirs["revision"]})
    assert gone.status_code == 303
    told = await admin.post(address, {**mine, "cap": "15"})
    assert told.status_code == 409
    assert "删去项目“奖励加分”" in told.text
    again = re.search(r'id="part"[^>]* action="([^"]+)"', told.text)
    assert again is not None
    assert again[1].endswith("/parts/items/new")
    assert (await admin.post(again[1], typed(told))).status_code in {200, 303}
    assert typed(await admin.get(part(await admin.get(draft), "奖励加分")))["cap"] == "15"


async def test_a_choice_made_by_mistake_and_taken_back_loses_nothing(admin: Browser) -> None:
    draft = await enabled(admin)
    address = f"{draft}/parts/items/new"
    form = {**typed(await admin.get(address)), "title": "阵地", "points": "10", "scale": "checks"}
    rows = {"checks-0-when": "分值 > 1", "checks-0-points": "-5", "checks-1-title": "第二条"}
    redraw = address.replace("/parts/", "/redraw/")
    other = typed(await admin.post(redraw, {**form, **rows, "scale": "line"}))
    assert (other["scale"], other["points"], other["checks-0-when"]) == ("line", "10", "分值 > 1")
    back = typed(await admin.post(redraw, {**other, "scale": "checks"}))
    assert {name: back[name] for name in rows} == rows
    await admin.post(address, {**back, "checks-1-when": "分值 > 2", "checks-1-points": "-1"})
    saved = typed(await admin.get(part(await admin.get(draft), "阵地")))
    assert (saved["checks-0-points"], "points" in saved) == ("-5", False)
