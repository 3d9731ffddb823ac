"""Story: an admin changes a line in a draft and sees who would move, before anything is published."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from litestar import Litestar
from tests.support.appraisal import claimed, small_town, with_points
from tests.support.web import Browser, signed_in_browser

from jiceng.evaluation.trial import asking
from jiceng.evaluation.trial.ground import GROUNDS
from jiceng.kernel import clock
from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng.schemes import queries
from jiceng.schemes.editing.drafts import open_draft
from jiceng_sdk.rulebook import read_rulebook, to_toml

HERE = "/t/donghu/schemes/points/drafts"
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
LOWER = (("score >= 80", "score >= 75"), ("60 <= score < 80", "60 <= score < 75"))


@pytest.fixture
async def draft(two_tenants: tuple[int, int]) -> AsyncIterator[str]:
    """The address of a draft with a lower line for 合格; D001 has 80 points, D002 75, D003 none."""
    GROUNDS.clear()
    asking.forget()
    with clock.showing(NOW), tenant_scope(two_tenants[0]):
        people = await small_town(3)
        await with_points()
        await claimed(people["D001"], 5, [10, 20])
        await claimed(people["D002"], 5, [5, 20])
        yield await drafted(*LOWER)


async def drafted(*changes: tuple[str, str]) -> str:
    text = to_toml((await queries.rulebook_for("points", NOW.date())).book)
    for old, new in changes:
        text = text.replace(old, new)
    scheme = await queries.scheme("points")
    base = await queries.in_force("points", NOW.date())
    assert base is not None
    return f"{HERE}/{await open_draft(scheme.id, read_rulebook(text, 'draft'), base.id, None)}"


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    return await signed_in_browser(app, two_tenants[0], "tenant_admin")


def words(answer: httpx.Response) -> str:
    """What a person reads: the text without marks, in one line."""
    assert answer.status_code == 200, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


async def shown(admin: Browser, address: str) -> str:
    """The panel once it is computed, asked for as the browser does."""
    for _ in range(30):
        told = words(await admin.get(address, headers={"hx-request": "true", "accept": "text/html"}))
        if "正在准备数据" not in told:
            return told
    raise AssertionError(told)


async def test_the_panel_says_who_moves_by_which_line_and_stores_nothing(draft: str, admin: Browser) -> None:
    page = await admin.get(draft)
    assert f'hx-get="{draft}/trial"' in page.text
    told = await shown(admin, f"{draft}/trial")
    assert "已按草稿算完" in told
    assert "谁会变动：1 个（升 1，降 0）" in told
    assert "合格的界限 年度积分 ≥ 80 → 年度积分 ≥ 75 1" in told
    assert "东街党支部 党员D002" in told or "西街党支部 党员D002" in told
    assert "暂缓登记 → 合格 升" in told
    assert "合格 1 2 66.7 % +1" in told
    assert "通过 9 条" in told
    assert await fetch_value("select count(*) from run") == 0


async def test_it_prints_as_a_page(draft: str, admin: Browser) -> None:
    await shown(admin, f"{draft}/trial")
    told = words(await admin.get(f"{draft}/trial/print"))
    assert "草稿试算" in told
    assert "暂缓登记 → 合格 升" in told


async def test_a_broken_draft_says_what_is_missing_and_keeps_the_last_good_result(
    draft: str, admin: Browser
) -> None:
    await shown(admin, f"{draft}/trial")
    page = await admin.get(draft)
    cell = re.search(r'name="([^"]*cap[^"]*)"[^>]*value="40"', page.text)
    assert cell is not None
    saved = await admin.post(f"{draft}/cells", {cell[1]: "许多"})
    assert saved.status_code == 303
    told = await shown(admin, f"{draft}/trial")
    assert "草稿还不能试算" in told
    assert "评价项目：自选事项，封顶：第 1 个字：没有叫“许多”的名称" in told
    assert "下面是上一次能算时的结果" in told
    assert "暂缓登记 → 合格 升" in told


async def test_digits_of_full_width_are_digits(draft: str, admin: Browser) -> None:
    cell = re.search(r'name="([^"]*cap[^"]*)"[^>]*value="40"', (await admin.get(draft)).text)
    assert cell is not None
    assert (await admin.post(f"{draft}/cells", {cell[1]: "３５．５"})).status_code == 303
    assert "自选事项封顶 40 → 35.5 分" in words(await admin.get(draft))


async def test_a_word_of_the_roster_that_is_no_option_is_told_before_publishing(
    draft: str, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    assert (await admin.post(f"{draft}/discard")).status_code == 303
    with clock.showing(NOW), tenant_scope(two_tenants[0]):
        narrow = await drafted(('"机关(学校)", "社区", ', '"机关(学校)", '), *LOWER)
        said = "填报资料：党员类别：名册里有 3 个党员是“社区”，不在选项里；请加进选项，或先改名册"
        assert said in await shown(admin, f"{narrow}/trial")
        order = {"from_day": "2026-11-20", "reason": "部务会议定"}
        refused = await admin.post(f"{narrow}/publish", order)
        assert (refused.status_code, said in refused.text) == (422, True)
        assert "名册里有选项以外的词，这样的规则算不了，没有发布" in refused.text


async def test_a_draft_of_another_scheme_or_tenant_is_not_found(
    draft: str, admin: Browser, app: Litestar, two_tenants: tuple[int, int]
) -> None:
    other = await signed_in_browser(app, two_tenants[1], "tenant_admin")
    assert (await other.get(f"{draft.replace('donghu', 'xihu')}/trial")).status_code == 404
    assert (await admin.get(f"{HERE}/00000000-0000-7000-8000-000000000000/trial")).status_code == 404


async def test_a_viewer_may_not_try(draft: str, app: Litestar, two_tenants: tuple[int, int]) -> None:
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    assert (await viewer.get(f"{draft}/trial")).status_code == 403
