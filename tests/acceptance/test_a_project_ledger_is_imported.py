"""Story: a clerk brings his workbook of projects in: previewed, faults marked, then all of it or nothing."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from tests.support.clocks import shown_to_all
from tests.support.project_books import project_book
from tests.support.projects import project_town
from tests.support.web import signed_in_browser

from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng_project_ledger.sheets import columns

if TYPE_CHECKING:
    from httpx import Response
    from litestar import Litestar
    from tests.support.web import Browser

IMPORT = "/t/donghu/project-ledger/import"


@pytest.fixture
async def clerk(app: Litestar, two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> Browser:
    moment = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    shown_to_all(moment, monkeypatch)
    with tenant_scope(two_tenants[0]):
        await project_town()
    found = await signed_in_browser(app, two_tenants[0], "clerk")
    await found.get(IMPORT)
    return found


async def previewed(clerk: Browser, book: bytes) -> tuple[str, Response]:
    """The address of the preview of a workbook, and the page."""
    sent = await clerk.post(IMPORT, {}, files={"file": ("台账.xlsx", book)})
    assert sent.status_code == 303
    place = sent.headers["location"]
    return place, await clerk.get(place)


async def test_a_workbook_is_previewed_and_brought_in_once(clerk: Browser) -> None:
    place, page = await previewed(clerk, project_book())
    assert "没有错误，可以导入。" in page.text
    assert re.search(r"<th scope=.row.>项目</th><td[^>]*>1</td><td[^>]*>1</td><td[^>]*>0</td>", page.text)
    assert "导入这 1 个项目" in page.text
    done = await clerk.post(place)
    assert (done.status_code, done.headers["location"]) == (303, "/t/donghu/project-ledger/")
    assert "P1" in (await clerk.get("/t/donghu/project-ledger/")).text
    assert (await clerk.get(place)).status_code == 404
    _, again = await previewed(clerk, project_book())
    assert "这份台账里的项目都已经有了，不用导入。" in again.text


async def test_faults_come_back_in_his_own_file_and_nothing_is_kept(
    clerk: Browser, two_tenants: tuple[int, int]
) -> None:
    place, page = await previewed(clerk, project_book({columns.PROJECTS: {"organization": "没有的组织"}}))
    assert "一个项目都没有导入。" in page.text
    assert "disabled" in page.text
    marked = load_workbook(io.BytesIO((await clerk.get(f"{place}/marked")).content))
    assert any("错误原因" in str(cell.value) for cell in marked[columns.PROJECTS][1])
    refused = await clerk.post(place)
    assert refused.status_code == 422
    with tenant_scope(two_tenants[0]):
        assert (
            await fetch_value("select count(*) from ledger_project where tenant_id = $1", two_tenants[0]) == 0
        )


async def test_one_upload_of_a_person_waits_and_no_file_is_refused(clerk: Browser) -> None:
    first, _ = await previewed(clerk, project_book())
    second, _ = await previewed(clerk, project_book())
    assert [(await clerk.get(place)).status_code for place in (first, second)] == [404, 200]
    await clerk.get(IMPORT)
    assert (await clerk.post(IMPORT, {}, files={"file": ("", b"")})).status_code in {400, 422}
    template = await clerk.get(f"{IMPORT}/template")
    assert load_workbook(io.BytesIO(template.content)).sheetnames[:2] == ["项目", "步骤"]
