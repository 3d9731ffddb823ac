"""Story: an admin enables a scheme, changes it in a draft, publishes it, goes back; two at once; files."""

import asyncio
import re
from datetime import date
from urllib.parse import unquote

import httpx
import pytest
from litestar import Litestar
from tests.support.appraisal import with_points
from tests.support.web import Browser, signed_in_browser

from jiceng.kernel.database import execute, fetch, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.schemes import queries
from jiceng.tenancy.queries import enabled_plugins

HERE = "/t/donghu/schemes"
DAY = {"from_day": "2027-01-01", "reason": "部务会议定"}


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    return await signed_in_browser(app, two_tenants[0], "tenant_admin")


async def enabled(admin: Browser, preset: str = "") -> str:
    """Enable the points scheme: the address of its first draft."""
    await admin.get(HERE)
    answer = await admin.post(f"{HERE}/enable", {"key": "points", "preset": preset})
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def exports() -> list[tuple[str, str]]:
    """What the log tells of exports."""
    with tenant_scope(1):
        rows = await fetch(
            "select object_kind, details from audit_entry where tenant_id = 1 and event = 'exported'"
        )
    return [(row["object_kind"], row["details"]) for row in rows]


def errors(answer: httpx.Response) -> list[str]:
    """The faults listed on the page of a draft."""
    found = re.search(r'<div class="tip bad" role="alert">(.*?)</ul>', answer.text, re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL) if found else []


def part(answer: httpx.Response, title: str) -> str:
    """The address of the form of a part on the page of its draft."""
    found = re.search(rf'<a href="([^"]+)">(?:<b>)?{re.escape(title)}<', answer.text)
    assert found is not None, title
    return found[1]


def typed(answer: httpx.Response) -> dict[str, str]:
    """What the form of a part holds, as the browser would send it."""
    text = answer.text[answer.text.index('id="part"') :]
    form = dict(re.findall(r'<input(?: type="hidden")?[^>]*? name="([^"]+)" value="([^"]*)"', text))
    for name, options in re.findall(r'<select[^>]*? name="([^"]+)".*?>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        form[name] = chosen[1] if chosen else ""
    form |= dict(re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>(.*?)</textarea>', text, re.DOTALL))
    boxes = re.findall(r'<input type="checkbox"[^>]*? name="([^"]+)" value="1"(?! checked)', text)
    form = {key: value for key, value in form.items() if key not in boxes}
    marks = {"&lt;": "<", "&gt;": ">", "&#39;": "'", "&#34;": '"', "&amp;": "&"}
    for mark, sign in marks.items():
        form = {key: value.replace(mark, sign) for key, value in form.items()}
    return form


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
    said = "同时打开插件 points，它的页面和菜单也会出现"
    assert said in (await admin.get(HERE)).text
    await enabled(admin)
    with tenant_scope(two_tenants[0]):
        assert "points" in await enabled_plugins()
    assert said not in (await admin.get(HERE)).text


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
        ({"from_day": "明年", "reason": "议定"}, "请写生效日期"),
        ({"from_day": "2027-01-01", "reason": " "}, "请写发布理由"),
        ({"from_day": "0207-01-01", "reason": "议定"}, "请核对年份"),
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


async def test_an_old_version_comes_back_in_three_presses(admin: Browser) -> None:
    draft = await enabled(admin)
    await admin.get(draft)
    await admin.post(f"{draft}/publish", DAY)
    draft = (await admin.post(f"{HERE}/points/drafts")).headers["location"]
    address = part(await admin.get(draft), "奖励加分")
    await admin.post(address, {**typed(await admin.get(address)), "cap": "15"})
    await admin.post(f"{draft}/publish", {"from_day": "2028-01-01", "reason": "提高"})
    history = await admin.get(f"{HERE}/points/history")  # first press
    assert "奖励加分封顶 10 → 15 分" in history.text
    restored = await admin.post(f"{HERE}/points/versions/1/restore")  # second
    draft = restored.headers["location"]
    await admin.get(draft)
    done = await admin.post(f"{draft}/publish", {"from_day": "2028-01-01", "reason": "撤回"})  # third
    assert done.status_code == 303
    back = await admin.get(f"{HERE}/points/history?older=1&newer=3")
    assert "两版内容一样" in back.text


async def test_a_published_version_can_never_be_changed(admin: Browser, two_tenants: tuple[int, int]) -> None:
    draft = await enabled(admin)
    await admin.get(draft)
    await admin.post(f"{draft}/publish", DAY)
    with tenant_scope(two_tenants[0]):
        for act in ("update rulebook_version set reason = 'x'", "delete from rulebook_version"):
            with pytest.raises(Exception, match="permission denied"):
                await execute(act)


async def test_publishing_nothing_new_is_refused(admin: Browser) -> None:
    draft = await enabled(admin)
    await admin.get(draft)
    await admin.post(f"{draft}/publish", DAY)
    draft = (await admin.post(f"{HERE}/points/drafts")).headers["location"]
    await admin.get(draft)
    refused = await admin.post(f"{draft}/publish", DAY)
    assert refused.status_code == 409
    assert "与现行规则完全一样" in refused.text


async def test_a_draft_given_up_is_gone_and_another_can_be_opened(admin: Browser) -> None:
    draft = await enabled(admin)
    await admin.get(draft)
    assert (await admin.post(f"{draft}/discard")).status_code == 303
    assert (await admin.get(draft)).status_code == 404
    assert (await admin.post(f"{HERE}/points/drafts")).headers["location"] != draft


async def test_a_file_goes_out_and_comes_in_again(admin: Browser) -> None:
    draft = await enabled(admin)
    file = await admin.get(f"{draft}/toml")
    assert unquote(file.headers["content-disposition"]).endswith("党员积分年度评定-草稿.toml")
    assert await exports() == [("rulebook_draft", '{"format":"toml"}')]
    text = file.text.replace("cap = 10", "cap = 12")
    read = await admin.client.post(
        f"{draft}/import",
        data={"_csrf_token": admin.token},
        files={"file": ("规则.toml", text.encode())},
        headers={"accept": "text/html", "sec-fetch-site": "same-origin"},
    )
    assert read.status_code == 303
    assert (
        "封顶 10 → 12" in (await admin.get(draft)).text
        or ">12<" in (await admin.get(draft)).text
        or ('value="12"' in (await admin.get(draft)).text)
    )


async def test_a_faulty_file_is_refused_with_every_fault_by_its_line(admin: Browser) -> None:
    draft = await enabled(admin)
    await admin.get(draft)
    text = 'title = "坏"\nsubject = "member"\n[items]\nscore = { title = "分", points = "天数 + 次数" }\n'
    refused = await admin.client.post(
        f"{draft}/import",
        data={"_csrf_token": admin.token},
        files={"file": ("坏.toml", text.encode())},
        headers={"accept": "text/html", "sec-fetch-site": "same-origin"},
    )
    assert refused.status_code == 422
    assert "坏.toml" in refused.text
    assert refused.text.count("第 4 行") == 2
    assert "规则完整，可以发布" in (await admin.get(draft)).text


async def test_clauses_without_rule_and_rules_without_clause(admin: Browser) -> None:
    draft = await enabled(admin)
    await admin.get(draft)
    await admin.post(f"{draft}/publish", {"from_day": "2026-01-01", "reason": "议定"})
    page = await admin.get(f"{HERE}/points/clauses")
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert seen is not None
    rows = {"article-0": "第五条", "words-0": "必选", "article-1": "第二十条", "words-1": "公示"}
    assert (await admin.post(f"{HERE}/points/clauses", {**rows, "seen": seen[1]})).status_code == 303
    page = await admin.get(f"{HERE}/points/clauses")
    assert re.findall(r"没有规则的条款[^<]*", page.text) == ["没有规则的条款 1 条"]
    fifth = page.text[page.text.index("第五条") :]
    assert fifth.index("项目“必选事项”") < fifth.index("第二十条")
    stale = await admin.post(f"{HERE}/points/clauses", {**rows, "seen": seen[1]})
    assert stale.status_code == 409


async def test_disabling_hides_the_scheme_and_enabling_brings_it_back_as_it_was(admin: Browser) -> None:
    draft = await enabled(admin)
    await admin.get(draft)
    await admin.post(f"{draft}/publish", {"from_day": "2026-01-01", "reason": "议定"})
    await admin.post(f"{HERE}/points/disable")
    assert (await admin.get(f"{HERE}/points")).status_code == 404
    assert "已停用的方案" in (await admin.get(HERE)).text
    assert (await admin.post(f"{HERE}/enable", {"key": "points"})).headers["location"] == f"{HERE}/points"
    assert (await admin.get(f"{HERE}/points")).status_code == 200


async def test_a_vote_is_added_as_a_pattern(admin: Browser) -> None:
    await admin.get(HERE)
    made = await admin.post(f"{HERE}/new", {"title": "评议办法", "subject": "member", "grades": "好、差"})
    draft = made.headers["location"]
    await admin.get(f"{draft}/ballot")
    added = await admin.post(
        f"{draft}/ballot", {"title": "民主评议", "marks": "好 100、差 50", "parties": "党员 60、群众 40"}
    )
    assert added.status_code == 303
    page = await admin.get(draft)
    for title in ("民主评议票", "党员民主评议", "群众民主评议"):
        assert title in page.text
    group = typed(await admin.get(part(page, "民主评议")))
    assert [group["of-0-value"], group["of-1-value"]] == ["0.6", "0.4"]


async def test_a_fact_from_another_scheme_is_chosen_from_those_there_are(admin: Browser) -> None:
    draft = await enabled(admin)
    await admin.get(HERE)
    await admin.post(f"{HERE}/new", {"title": "项目考评", "subject": "member", "grades": "好、差"})
    form = await admin.get(f"{draft}/parts/facts/new")
    assert 'name="scheme"' not in form.text
    chosen = await admin.post(
        f"{draft}/redraw/facts/new", {"title": "项目得分", "kind": "result", "revision": "1"}
    )
    options = re.search(r'<select id="scheme".*?</select>', chosen.text, re.DOTALL)
    assert options is not None
    assert re.findall(r">([^<]+)</option>", options[0]) == ["请选择", "项目考评"]


async def test_another_tenants_draft_and_version_look_like_absent_ones(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    draft = await enabled(admin)
    stranger = await signed_in_browser(app, two_tenants[1], "tenant_admin")
    await stranger.get("/t/xishan/schemes")
    await stranger.post("/t/xishan/schemes/enable", {"key": "points"})
    foreign = draft.replace("donghu", "xishan")
    for path in ("", "/parts/items/1", "/toml", "/ballot"):
        assert (await stranger.get(foreign + path)).status_code == 404
    for path in ("/publish", "/discard", "/cells", "/remove/items/1", "/move/decide/1"):
        assert (await stranger.post(foreign + path, DAY)).status_code == 404
    with tenant_scope(two_tenants[1]):
        assert await queries.versions("points") == []
    assert (await admin.get(draft)).status_code == 200


async def test_a_viewer_sees_versions_and_may_not_write(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    draft = await enabled(admin)
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    assert (await viewer.get(draft)).status_code == 403
    assert (await viewer.get(f"{HERE}/points/history")).status_code == 200
    page = await viewer.get(HERE)
    assert "自己写一个方案" not in page.text
