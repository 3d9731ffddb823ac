"""Story: a clerk imports her own roster: upload, faults at their cells, marked file, import."""

import datetime as dt
import io

from litestar import Litestar
from openpyxl import load_workbook
from tests.support.roster_books import MEMBER_HEAD, PEOPLE, roster_book
from tests.support.web import Browser, browser, signed_in_browser

from jiceng.kernel import clock

OCTOBER = dt.datetime(2026, 10, 1, 4, tzinfo=dt.UTC)
HTML = {"accept": "text/html", "sec-fetch-site": "same-origin"}


async def uploaded(clerk: Browser, data: bytes, name: str = "花名册10月.xlsx") -> str:
    """Send the file from the import page; the address of its preview."""
    await clerk.get("/t/donghu/import")
    answer = await clerk.client.post(
        "/t/donghu/import", data={"_csrf_token": clerk.token}, files={"file": (name, data)}, headers=HTML
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def test_a_sound_roster_is_previewed_imported_and_listed(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    empty = await clerk.get("/t/donghu/organizations")
    assert "还没有组织" in empty.text
    preview = await clerk.get(await uploaded(clerk, roster_book()))
    assert preview.status_code == 200
    assert "没有错误，可以导入。" in preview.text
    assert "花名册10月.xlsx，名册日期 2026-03-01" in preview.text
    done = await clerk.post(str(preview.url.path), {"version": "0"})
    assert done.status_code == 303
    imported = await clerk.get(done.headers["location"])
    assert "已导入。" in imported.text
    assert "花名册10月.xlsx" in (await clerk.get("/t/donghu/import")).text
    organizations = await clerk.get("/t/donghu/organizations")
    assert organizations.text.index("青石镇党委") < organizations.text.index("上圩村党支部")
    assert "第 1–3 个，共 3 个" in organizations.text
    rural = await clerk.get("/t/donghu/organizations?kind=党支部&name=渡口")
    assert "渡口村党支部" in rural.text
    assert "上圩村党支部" not in rural.text
    members = await clerk.get("/t/donghu/members")
    assert "第 1–3 人，共 3 人" in members.text
    assert "许文澜" in members.text
    found = await clerk.get("/t/donghu/members?category=特殊群体&standing=正式")
    assert "何岸" in found.text
    assert "许文澜" not in found.text
    early = await clerk.get("/t/donghu/members?at=1990-01-01")
    assert "第 1–1 人，共 1 人" in early.text


async def test_faults_are_shown_at_their_cells_and_the_file_comes_back_marked(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    people = (*PEOPLE, ("M1", "=cmd|x", "农村", "正式", "Z9", "2020.13"))
    address = await uploaded(clerk, roster_book(members=people))
    preview = await clerk.get(address)
    for told in (
        "有 5 处错误，整批暂不导入",
        "A5",
        "与 A2 重复",
        "E5",
        "名册里没有这个组织",
        "F5",
        "没有 13 月",
    ):
        assert told in preview.text
    assert "导入这份名册" not in preview.text
    marked = await clerk.get(f"{address}/marked")
    assert marked.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    page = load_workbook(io.BytesIO(marked.content))["党员"]
    assert page["A5"].fill.fgColor.rgb == "FFFFEB3B"
    assert page["J4"].value == "错误原因"
    assert "没有 13 月" in str(page["J5"].value)
    refused = await clerk.post(address, {"version": "0"})
    assert refused.status_code == 422
    assert "什么都没有导入" in refused.text
    assert "还没有组织" in (await clerk.get("/t/donghu/organizations")).text


async def test_a_file_that_is_no_roster_is_refused_on_the_page(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await clerk.get("/t/donghu/import")
    cases = (
        ("照片.xlsx", b"\x89PNG", "文件名是 .xlsx，内容却不是表格"),
        ("名册.xlsx", roster_book(cover=(("租户", "xishan"),)), "这是「xishan」的名册，不是「东湖区」的"),
        ("空.xlsx", b"", "文件是空的"),
    )
    for name, data, told in cases:
        form = {"_csrf_token": clerk.token}
        answer = await clerk.client.post(
            "/t/donghu/import", data=form, files={"file": (name, data)}, headers=HTML
        )
        assert answer.status_code == 400
        assert told in answer.text


async def test_a_file_over_the_limit_is_refused(app: Litestar, two_tenants: tuple[int, int]) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await clerk.get("/t/donghu/import")
    answer = await clerk.client.post(
        "/t/donghu/import",
        data={"_csrf_token": clerk.token},
        files={"file": ("大.xlsx", b"PK\x03\x04" + b"0" * (22 * 1024 * 1024))},
        headers=HTML,
    )
    assert answer.status_code == 413


async def test_the_template_opens_and_names_its_tenant(app: Litestar, two_tenants: tuple[int, int]) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    with clock.showing(OCTOBER):
        answer = await clerk.get("/t/donghu/import/template")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["封面", "组织", "单位", "党员", "任职"]
    assert book["封面"]["B1"].value == "donghu"
    assert len(book["党员"].data_validations.dataValidation) == 10


async def test_another_tenants_upload_and_a_viewers_import_do_not_exist(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    address = await uploaded(clerk, roster_book())
    other = await signed_in_browser(app, two_tenants[1], "tenant_admin")
    assert (await other.get(address.replace("donghu", "xishan"))).status_code == 404
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    assert (await viewer.get(address)).status_code == 403
    assert (await browser(app).get(address)).status_code == 303


OWN_HEAD = ("党员代号", *MEMBER_HEAD[1:4], "隶属支部", *MEMBER_HEAD[5:])


def told(*rows: tuple[str, str]) -> dict[str, list[str]]:
    """What the page sends: for each column its title and the field chosen."""
    return {
        "table": ["member"] * len(rows),
        "title": [title for title, _ in rows],
        "field": [field for _, field in rows],
    }


async def test_columns_called_otherwise_are_told_once_and_read_from_then_on(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    address = await uploaded(clerk, roster_book(member_head=OWN_HEAD))
    assert "有 2 列没有读入：党员代号、隶属支部。" in (await clerk.get(address)).text
    twice = told(("党员代号", "number"), ("隶属支部", "number"))
    refused = await clerk.post(f"{address}/titles", twice)
    assert refused.status_code == 422
    assert "「党员编号」已经选给了另一列" in refused.text
    assert refused.text.count('<option value="number" selected>') == 2  # what was chosen stays chosen
    right = told(("党员代号", "number"), ("隶属支部", "organization"))
    assert (await clerk.post(f"{address}/titles", right)).headers["location"] == address
    assert "没有错误，可以导入。" in (await clerk.get(address)).text
    again = await clerk.get(await uploaded(clerk, roster_book(member_head=OWN_HEAD)))
    assert "没有错误，可以导入。" in again.text
    assert "没有读入" not in again.text
    stranger = await signed_in_browser(app, two_tenants[1], "tenant_admin")
    assert (await stranger.post(f"{address.replace('donghu', 'xishan')}/titles", right)).status_code == 404


async def test_columns_and_sheets_that_are_not_read_are_told_and_a_choice_not_to_read_holds(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    rows = (*(row for row in PEOPLE[:2]), (*PEOPLE[2], None, None, None, "渡口 3 号"))
    file = roster_book(members=rows, member_head=(*MEMBER_HEAD, "住址"), 党费=(("姓名", "金额"), ("甲", 3)))
    address = await uploaded(clerk, file)
    page = (await clerk.get(address)).text
    assert "有 1 列没有读入：住址。" in page
    assert "没有读的工作表：党费。" in page
    await clerk.post(f"{address}/titles", told(("住址", "")))
    assert "没有读入" not in (await clerk.get(address)).text
    wrong = await clerk.post(f"{address}/titles", told(("住址", "salary"), ("", "name")))
    assert wrong.status_code == 422
    assert "请从列表中选一列" in wrong.text


async def test_an_import_is_taken_back_with_a_reason_unless_something_was_built_on_it(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    first = (await clerk.post(await uploaded(clerk, roster_book()), {"version": "0"})).headers["location"]
    silent = await clerk.post(f"{first}/undo", {"reason": " "})
    assert silent.status_code == 422
    assert "写明撤销的理由" in silent.text
    done = await clerk.post(f"{first}/undo", {"reason": "传错了月份"})
    assert (done.status_code, done.headers["location"]) == (303, first)
    told = (await clerk.get(first)).text
    assert "由周砚秋撤销。" in told
    assert "理由：传错了月份" in told
    assert "还没有组织" in (await clerk.get("/t/donghu/organizations")).text
    again = await clerk.post(await uploaded(clerk, roster_book()), {"version": "2"})
    second = again.headers["location"]
    await signed_in_browser(app, two_tenants[0], "member", person="M1")
    refused = await clerk.post(f"{second}/undo", {"reason": "再试一次"})
    assert refused.status_code == 409
    assert "导入以后已有账号用到其中的组织或人员" in refused.text
    assert 'value="再试一次"' in refused.text
    stranger = await signed_in_browser(app, two_tenants[1], "tenant_admin")
    assert (await stranger.get(second.replace("donghu", "xishan"))).status_code == 404


GONE = (PEOPLE[0], (*PEOPLE[1], None, "20260515", "转出"), PEOPLE[2])


async def test_who_has_left_is_named_and_stays_away_unless_the_clerk_ticks_him(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await clerk.post(await uploaded(clerk, roster_book(members=GONE)), {"version": "0"})
    address = await uploaded(clerk, roster_book())
    page = (await clerk.get(address)).text
    assert "表里有 1 行是已经离开（撤销、离任）的，没有写离开日期：保持离开。" in page
    assert "2026-05-15 转出" in page
    assert "除了下面列出的，这份名册与系统里的完全一样。" in page
    assert "恢复勾选的</button>" in page
    wrong = await clerk.post(address, {"version": "1", "returned": "x"})
    assert wrong.status_code == 422
    ticked = page.split('name="returned" value="')[1].split('"')[0]
    done = await clerk.post(address, {"version": "1", "returned": ticked})
    assert done.status_code == 303
    assert "第 1–3 人，共 3 人" in (await clerk.get("/t/donghu/members")).text
