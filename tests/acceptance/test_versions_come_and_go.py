"""Story: an admin goes back to an old version, takes files out and in, switches a scheme off; fences."""

import re
from urllib.parse import unquote

import pytest
from litestar import Litestar
from tests.support.drafts import DAY, HERE, enabled, part, typed
from tests.support.web import Browser, signed_in_browser

from jiceng.kernel.clock import today
from jiceng.kernel.database import execute, fetch, tenant_scope
from jiceng.schemes import queries


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    return await signed_in_browser(app, two_tenants[0], "tenant_admin")


async def exports(event: str = "exported") -> list[tuple[str, str]]:
    """What the log tells of exports, or of another event."""
    with tenant_scope(1):
        rows = await fetch(
            "select object_kind, details from audit_entry where tenant_id = 1 and event = $1 order by seq",
            event,
        )
    return [(row["object_kind"], row["details"]) for row in rows]


async def said_in_english(admin: Browser, page: str) -> None:
    """What changed stands there in English for whoever wants that."""
    await admin.post("/t/donghu/language", {"to": "en", "back": page})
    assert "奖励加分: cap 10 → 15 points" in (await admin.get(page)).text
    await admin.post("/t/donghu/language", {"to": "zh", "back": page})


async def test_an_old_version_comes_back_in_three_presses(admin: Browser) -> None:
    draft = await enabled(admin)
    await admin.get(draft)
    await admin.post(f"{draft}/publish", DAY)
    draft = (await admin.post(f"{HERE}/points/drafts")).headers["location"]
    address = part(await admin.get(draft), "奖励加分")
    await admin.post(address, {**typed(await admin.get(address)), "cap": "15"})
    await said_in_english(admin, draft)
    await admin.post(f"{draft}/publish", {"from_day": "2028-01-01", "reason": "提高"})
    history = await admin.get(f"{HERE}/points/history")  # first press
    assert "奖励加分封顶 10 → 15 分" in history.text
    await said_in_english(admin, f"{HERE}/points/history")
    restored = await admin.post(f"{HERE}/points/versions/1/restore")  # second
    draft = restored.headers["location"]
    await admin.get(draft)
    done = await admin.post(f"{draft}/publish", {"from_day": "2028-01-01", "reason": "撤回"})  # third
    assert done.status_code == 303
    back = await admin.get(f"{HERE}/points/history?older=1&newer=3")
    assert "两版内容一样" in back.text


async def test_rules_of_a_day_to_come_are_not_told_as_in_force(admin: Browser) -> None:
    draft = await enabled(admin)
    await admin.get(draft)
    await admin.post(f"{draft}/publish", DAY | {"from_day": f"{today().year + 1}-01-01"})
    page = (await admin.get(f"{HERE}/points")).text
    assert '<span class="st warn">第 1 版，尚未生效</span>' in page
    assert "现行" not in page
    assert "第 1 版已发布" in (await admin.get(f"{HERE}/points/history?published=1")).text
    assert "已发布</span>" not in (await admin.get(f"{HERE}/points/history?published=7")).text


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


async def test_a_clause_without_its_article_is_told_and_none_is_dropped(admin: Browser) -> None:
    draft = await enabled(admin)
    await admin.get(draft)
    await admin.post(f"{draft}/publish", {"from_day": "2026-01-01", "reason": "议定"})
    seen = re.search(r'name="seen" value="([^"]+)"', (await admin.get(f"{HERE}/points/clauses")).text)
    assert seen is not None
    rows = {
        "article-0": "第五条",
        "words-0": "必" * 501,
        "article-1": " ",
        "words-1": "公示五天",
        "article-2": "",
    }
    refused = await admin.post(f"{HERE}/points/clauses", {**rows, "seen": seen[1]})
    assert refused.status_code == 422
    for told in ("第 1 条的内容最多 500 字", "第 2 条没有写条款（例如 第五条）：公示五天"):
        assert told in refused.text
    many = {f"article-{n}": f"第{n}条" for n in range(301)}
    refused = await admin.post(f"{HERE}/points/clauses", {**many, "seen": seen[1]})
    assert "最多 300 条，现有 301 条" in refused.text
    assert seen[0] in (await admin.get(f"{HERE}/points/clauses")).text  # nothing was kept


async def test_disabling_hides_the_scheme_and_enabling_brings_it_back_as_it_was(admin: Browser) -> None:
    draft = await enabled(admin)
    await admin.get(draft)
    await admin.post(f"{draft}/publish", {"from_day": "2026-01-01", "reason": "议定"})
    await admin.post(f"{HERE}/points/disable")
    assert (await admin.get(f"{HERE}/points")).status_code == 404
    assert "已停用的方案" in (await admin.get(HERE)).text
    for _ in range(2):
        answer = await admin.post(f"{HERE}/enable", {"key": "points"})
        assert answer.headers["location"] == f"{HERE}/points"
    assert (await admin.get(f"{HERE}/points")).status_code == 200
    switched = [("scheme", f'{{"on":{on},"scheme":"points"}}') for on in ("false", "true")]
    assert await exports("setting_changed") == switched


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
        fields = DAY if path == "/publish" else {}
        assert (await stranger.post(foreign + path, fields)).status_code == 404
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
