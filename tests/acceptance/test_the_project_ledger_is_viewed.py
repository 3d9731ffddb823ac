"""Story: the ledger on the page and as a workbook, the calendar, the district, a project's file."""

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest
from docx import Document
from litestar import Litestar
from tests.support.project_follow_up import AT, SAID, Clock, begun_in_may, owner, superior
from tests.support.projects import a_project, project_town
from tests.support.web import signed_in_browser

from jiceng.kernel.database import tenant_scope
from jiceng.kernel.documents import printing
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from jiceng_project_ledger.library.schemas import Project


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
async def project(two_tenants: tuple[int, int], time: Clock) -> "Project":
    return await begun_in_may(two_tenants[0], time)


@pytest.mark.usefixtures("project")
async def test_the_ledger_is_grouped_in_every_way(
    app: Litestar, time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(8, 3)
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    groups = {
        "unit": "东街党支部（1）",
        "state": "实施中（1）",
        "phase": "准备（1）",
        "light": "红灯（1）",
        "late": "超期 90 天以上（1）",
        "kind": "主体项目（1）",
    }
    for by, heading in groups.items():
        page = await viewer.get(f"{AT}/ledger?year=2026&by={by}")
        assert (page.status_code, heading in page.text) == (200, True), by
    assert "步骤“摸底”已超期 125 天，达到红灯线 30 天" in (await viewer.get(f"{AT}/ledger?year=2026")).text
    assert (await viewer.get(f"{AT}/ledger?by=place")).status_code == 422
    assert "还没有项目" in (await viewer.get(f"{AT}/ledger?year=2027")).text


async def test_the_workbook_has_the_standard_layout_and_no_formula(
    app: Litestar, time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(5, 4)
    with tenant_scope(two_tenants[0]):
        await a_project(await project_town(), title="=HYPERLINK(1)", goal="@SUM(A1)")
    time.set(8, 3)
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    answer = await viewer.get(f"{AT}/ledger.xlsx?year=2026")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["项目台账"]
    assert sheet["A1"].value == "2026 年党建项目化管理台账"
    assert "A1:AD1" in {one.coord for one in sheet.merged_cells.ranges}
    assert [sheet[at].value for at in ("A3", "B3", "B4", "C4", "P3", "Q4")] == [
        "序号",
        "基本情况",
        "项目编号",
        "项目名称",
        "跟踪问效",
        "亮灯原因",
    ]
    assert (sheet["C5"].value, sheet["C5"].data_type) == ("=HYPERLINK(1)", "s")
    assert (sheet["G5"].value, sheet["G5"].data_type) == ("@SUM(A1)", "s")
    assert [sheet[at].number_format for at in ("A5", "N5", "V5")] == ["#,##0", "#,##0", "#,##0.00"]
    assert (sheet["A6"].value, sheet["C6"].value, sheet["Y6"].value) == ("合计", "1 个项目", 50_000)
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
    assert (sheet.page_setup.fitToHeight, sheet.print_title_rows) == (0, "$3:$4")


async def test_the_calendar_shows_what_is_due_on_which_day(
    app: Litestar, project: "Project", time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(7, 2)
    reviewer = await superior(app, two_tenants[0])
    july = (await reviewer.get(f"{AT}/calendar")).text
    assert "2026-06 月汇报，应报 1 项" in july
    assert "2026-04 起的季度调度" in july
    assert "2026-01 起的半年初评" in july
    june = (await reviewer.get(f"{AT}/calendar?month=2026-06")).text
    assert "红色物业进小区：定方案（过期）" in june
    for wrong in ("2026-13", "2026", "x", "1999-01"):
        assert (await reviewer.get(f"{AT}/calendar?month={wrong}")).status_code == 422
    assert (await reviewer.get(f"{AT}/calendar?month=2099-12")).status_code == 200
    neighbour = await signed_in_browser(app, two_tenants[0], "secretary", "linju", person="D003")
    assert project.title not in (await neighbour.get(f"{AT}/calendar?month=2026-06")).text


async def test_the_district_adds_up(
    app: Litestar, project: "Project", time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(6, 2)
    secretary = await owner(app, two_tenants[0])
    at = f"{AT}/projects/{project.id}/reports/2026-05"
    assert (await secretary.post(at, data=SAID)).status_code == 303
    time.set(7, 9)
    reviewer = await superior(app, two_tenants[0])
    page = (await reviewer.get(f"{AT}/district")).text
    assert 'aria-label="各单位亮灯：东街党支部 1；"' in page
    assert "5 1/1；6 0/1；7 0/0；" in page
    assert "50,000.00" in page
    await reviewer.post("/t/donghu/language", {"to": "en", "back": f"{AT}/district"})
    english = (await reviewer.get(f"{AT}/district")).text
    assert 'aria-label="Projects by state: In progress 1; "' in english
    await reviewer.post("/t/donghu/language", {"to": "zh", "back": f"{AT}/district"})
    assert (await reviewer.get(f"{AT}/district?year=1")).status_code == 422
    assert "这一年还没有项目" in (await reviewer.get(f"{AT}/district?year=2030")).text


async def test_a_projects_file_as_word_and_pdf(
    app: Litestar,
    project: "Project",
    time: Clock,
    two_tenants: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    time.set(6, 2)
    secretary = await owner(app, two_tenants[0])
    at = f"{AT}/projects/{project.id}"
    assert (await secretary.post(f"{at}/reports/2026-05", data=SAID)).status_code == 303
    answer = await secretary.get(f"{at}/file.docx")
    assert (
        "filename*=UTF-8''%E9%A1%B9%E7%9B%AE%E6%A1%A3%E6%A1%88-2026-001-20260602.docx"
        in (answer.headers["content-disposition"])
    )
    paper = Document(io.BytesIO(answer.content))
    words = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    for said in ("东街党支部", "2026-01-01 至 2026-03-31", "走访三个小区", "83%", "张主任", "50,000.00"):
        assert said in words
    assert not any("{%" in word or "{{" in word for word in words)
    monkeypatch.setattr(printing, "font_here", lambda: "")
    refused = await secretary.get(f"{at}/file.pdf")
    assert (refused.status_code, "fonts-noto-cjk" in refused.text) == (409, True)
    monkeypatch.setattr(printing, "font_here", lambda: "New Computer Modern")
    made = await secretary.get(f"{at}/file.pdf")
    assert (made.status_code, made.content[:5]) == (200, b"%PDF-")
    for path in ("file.docx", "file.pdf"):
        assert (await secretary.get(f"{AT}/projects/{new_id()}/{path}")).status_code == 404
