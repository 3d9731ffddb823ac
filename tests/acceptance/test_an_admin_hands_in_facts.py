"""Story: an admin downloads the template, uploads a workbook with faults, corrects it, uploads it twice."""

import io
import re
from typing import Any

import openpyxl
import pytest
from httpx import Response
from litestar import Litestar
from tests.support.appraisal import small_town, with_points, workbook
from tests.support.web import Browser, signed_in_browser

from jiceng.facts import queries
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.spreadsheets import read_workbook

PAGE = "/t/donghu/facts/import/points"
HEAD = ["编号", "日期", "项目", "类别", "分值", "状态", "佐证", "录入人", "核验人"]
GOOD = ["D001", "2026-03-01", "BX01 主题党日", "必选", 10, "已核验", "签到表", "D002", ""]


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    with tenant_scope(two_tenants[0]):
        await small_town(2)
        await with_points()
    return await signed_in_browser(app, two_tenants[0], "tenant_admin")


async def hand_in(admin: Browser, content: bytes, name: str = "认领.xlsx") -> Response:
    await admin.get(PAGE)
    return await admin.post(PAGE, files={"file": (name, content, "application/octet-stream")})


async def test_the_page_says_which_sheets_and_columns_are_read(admin: Browser) -> None:
    page = await admin.get(PAGE)
    assert page.status_code == 200
    for words in ("认领", "奖惩", "一事一议", "类别（必选／自选／推荐）", "核验人（可空）"):
        assert words in page.text


async def test_the_template_has_a_sheet_for_every_kind_and_its_own_header_is_understood(
    admin: Browser,
) -> None:
    answer = await admin.get(f"{PAGE}/template")
    assert answer.status_code == 200
    book = read_workbook(answer.content, "模板.xlsx")
    assert [sheet.name for sheet in book.sheets][-3:] == ["认领", "奖惩", "一事一议"]
    empty = await hand_in(admin, answer.content, "模板.xlsx")
    assert empty.status_code == 200
    assert "认领：新增 0 条，已有 0 条" in empty.text


async def test_faults_are_told_at_their_cells_and_nothing_is_kept(
    admin: Browser, two_tenants: tuple[int, int]
) -> None:
    bad = ["D999", "2026-03-01", "BX01", "必修", 10, "已核验", "", "", ""]
    refused = await hand_in(admin, workbook(认领=[HEAD, GOOD, bad]))
    assert refused.status_code == 422
    assert "有错误，一条都没有导入" in refused.text
    assert "认领!A3" in refused.text
    assert "名册中没有这个编号" in refused.text
    assert "认领!D3" in refused.text
    with tenant_scope(two_tenants[0]):
        assert await queries.count("points", "claim") == 0


async def test_faults_come_back_in_the_own_file_when_asked_for(
    admin: Browser, two_tenants: tuple[int, int]
) -> None:
    book = workbook(认领=[HEAD, ["D001", "2026-13-01", *GOOD[2:]]])
    files = {"file": ("认领.xlsx", book)}
    await admin.get(PAGE)
    answer = await admin.post(PAGE, {"marked": "yes"}, files=files)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["认领"]
    assert "没有 13 月" in sheet["B2"].comment.text
    with tenant_scope(two_tenants[0]):
        assert await queries.count("points", "claim") == 0


async def test_a_good_workbook_is_kept_once_however_often_it_is_handed_in(
    admin: Browser, two_tenants: tuple[int, int]
) -> None:
    book = workbook(认领=[HEAD, GOOD])
    assert "认领：新增 1 条，已有 0 条" in (await hand_in(admin, book)).text
    assert "认领：新增 0 条，已有 1 条" in (await hand_in(admin, book, "又一次.xlsx")).text
    with tenant_scope(two_tenants[0]):
        assert await queries.count("points", "claim") == 1


async def test_a_file_that_is_no_workbook_and_one_of_another_scheme_are_refused_in_plain_words(
    admin: Browser,
) -> None:
    broken = await hand_in(admin, b"PK\x03\x04 nothing")
    assert broken.status_code == 400
    other = await hand_in(admin, workbook(党员=[["编号"], ["D001"]]))
    assert other.status_code == 400
    assert "没有一张工作表是这个方案的" in other.text
    assert "工作表名应为：认领、奖惩、一事一议" in other.text


async def test_a_viewer_may_not_hand_in_facts_and_an_unknown_scheme_is_not_there(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    assert (await viewer.get(PAGE)).status_code == 403
    assert "导入事实" not in (await viewer.get("/t/donghu/schemes/points")).text
    assert "导入事实" in (await admin.get("/t/donghu/schemes/points")).text
    assert (await admin.get("/t/donghu/facts/import/nothing")).status_code == 404


async def test_a_column_of_another_name_is_told_with_the_file_and_the_import_taken_back_on_its_page(
    admin: Browser,
) -> None:
    own: list[list[Any]] = [["编号", "日期", "做了什么", *HEAD[3:]], GOOD]
    refused = await hand_in(admin, workbook(认领=own))
    assert refused.status_code == 422
    assert '<th scope="row">做了什么</th>' in refused.text
    files = {"file": ("街道.xlsx", workbook(认领=own), "application/octet-stream")}
    done = await admin.post(PAGE, {"kind": "claim", "title": "做了什么", "field": "item"}, files=files)
    assert done.status_code == 200
    assert "认领：新增 1 条，已有 0 条" in done.text
    address = re.search(r'href="(/t/donghu/facts/imports/[^"]+)">街道.xlsx<', done.text)
    assert address is not None
    page = await admin.get(address[1])
    assert "撤销这次导入" in page.text
    without = await admin.post(f"{address[1]}/undo", {"reason": ""})
    assert (without.status_code, "写明撤销的理由" in without.text) == (422, True)
    assert (await admin.post(f"{address[1]}/undo", {"reason": "传错了月份"})).status_code == 303
    assert "理由：传错了月份" in (await admin.get(address[1])).text
    assert "认领：新增 1 条，已有 0 条" in (await hand_in(admin, workbook(认领=own))).text


async def test_a_meaning_that_is_no_column_is_refused_in_words(admin: Browser) -> None:
    await admin.get(PAGE)
    files = {"file": ("一.xlsx", workbook(认领=[HEAD, GOOD]), "application/octet-stream")}
    refused = await admin.post(PAGE, {"kind": "claim", "title": "做了什么", "field": "x"}, files=files)
    assert refused.status_code == 422
    assert "做了什么：请从列表中选一列" in refused.text
