"""Story: somebody switches the screens to English and back; the choice stays in the browser."""

import re
from pathlib import Path

import pytest
from litestar import Litestar
from tests.support.appraisal import with_points
from tests.support.roster_books import PEOPLE, roster_book
from tests.support.web import browser, signed_in_browser

from jiceng import console
from jiceng.kernel.database import tenant_scope

PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}
CHINESE = {chr(code) for code in range(0x4E00, 0xA000)}
KERNEL_REFUSES = {
    "empty.xlsx": b"",
    "no-table.xlsx": b"PK\x03\x04 broken",
    "picture": b"\x89PNG\0\r\n",
    "picture.xlsx": b"\x89PNG\r\n",
}
"""Files that kernel/spreadsheets refuses, each for its own reason."""


async def test_the_switch_changes_every_page_and_leads_back(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    answer = await viewer.post("/t/donghu/language", {"to": "en", "back": "/t/donghu/sessions"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/t/donghu/sessions")
    page = await viewer.get("/t/donghu/sessions")
    assert '<html lang="en">' in page.text
    assert "My sessions" in page.text
    assert "Sign out" in page.text
    await viewer.post("/t/donghu/language", {"to": "zh", "back": "/t/donghu/sessions"})
    assert "我的登录" in (await viewer.get("/t/donghu/sessions")).text


async def test_it_never_leads_to_another_site(app: Litestar, two_tenants: tuple[int, int]) -> None:
    del two_tenants
    anybody = browser(app)
    await anybody.get("/")
    for back in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        answer = await anybody.post("/language", {"to": "en", "back": back})
        assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/t/donghu/nothing", 404, "This page was not found"),
        ("/t/donghu/members?page=x", 400, "The request is not right. Go back, check, and try again"),
        ("/t/donghu/operator/jobs", 403, "Your account may not do this"),
    ],
)
async def test_what_is_refused_is_told_in_english_too(
    app: Litestar, two_tenants: tuple[int, int], path: str, status: int, words: str
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await admin.post("/t/donghu/language", {"to": "en", "back": "/"})
    answer = await admin.get(path)
    assert answer.status_code == status
    sheet = answer.text.split('<section class="sheet">')[1].split("</section>")[0]
    assert words in sheet
    assert sheet.isascii()


async def test_a_refusal_of_the_kernel_is_told_in_english_too(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await admin.post("/t/donghu/language", {"to": "en", "back": "/"})
    answers = []
    for name, content in KERNEL_REFUSES.items():
        files = {"file": (name, content)}
        form = {"_csrf_token": admin.token}
        answers.append(await admin.client.post("/t/donghu/import", data=form, files=files, headers=PAGE))
    told = [answer.text.split("data-said>")[1].split("</div>")[0] for answer in answers]
    assert [answer.status_code >= 400 for answer in answers] == [True] * len(answers)
    assert [words for words in told if set(words) & CHINESE] == []
    assert len(set(told)) == len(told), "each has its own words"


def test_what_must_be_filled_in_is_marked_in_the_language_of_the_page() -> None:
    css = (Path(console.__file__).parent / "static/console.css").read_text(encoding="utf-8")
    rules = re.findall(r"([^{}]*\.req::after)\{content:([^;}]*)", css)
    assert [(where.strip(), words) for where, words in rules] == [
        (".req::after", '"（必填）"'),
        (":lang(en) .req::after", '" (required)"'),
    ]


async def test_the_table_of_clauses_names_kinds_of_rules_in_english(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[0]):
        await with_points()
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    await viewer.post("/t/donghu/language", {"to": "en", "back": "/t/donghu/sessions"})
    page = (await viewer.get("/t/donghu/schemes/points/clauses")).text
    kinds = set(re.findall(r"<li>([^“<]+)“", page))
    assert kinds
    assert not {sign for kind in kinds for sign in kind} & CHINESE


async def test_faults_put_together_from_parts_are_told_in_english_with_the_data_as_it_is(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await admin.post("/t/donghu/language", {"to": "en", "back": "/"})
    people = (*PEOPLE, ("M1", "=cmd|x", "农村", "正式", "Z9", "2020.13"))
    form = {"_csrf_token": admin.token}
    files = {"file": ("名册.xlsx", roster_book(members=people))}
    answer = await admin.client.post("/t/donghu/import", data=form, files=files, headers=PAGE)
    page = (await admin.get(answer.headers["location"])).text
    for told in (
        "there is no month 13",
        "the roster has no such organization",
        "A2",
        "change it to an",
    ):
        assert told in page
    wrongs = page.split('aria-labelledby="h-f"><table>')[1].split("</table>")[0]
    cells = [cell.split("</td>")[0] for cell in wrongs.split("<td>")[1:]]
    assert [cell for cell in cells if set(cell) & CHINESE] == []
    year = {"year": "2027", "source": "", "off": "明天", "working": ""}
    refused = (await admin.post("/t/donghu/calendar/year", year)).text.split('<section class="sheet">')[1]
    assert "“明天” cannot be read; write it as “2027-01-01 至 2027-01-03 元旦”" in refused


async def test_places_that_list_many_stand_in_the_plural(app: Litestar, two_tenants: tuple[int, int]) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    admin.client.cookies.set("jiceng-language", "en")
    page = (await admin.get("/t/donghu/accounts")).text
    menu = page.split('<nav class="nav')[1].split("</nav>")[0]
    assert [word for word in re.findall(r">([^<>]+)</a>", menu) if word in {"Account", "Job"}] == []
    assert {"Accounts", "Jobs"} <= set(re.findall(r">([^<>]+)</a>", menu))
    assert "<h1>Accounts</h1>" in page
    assert '<label class="req" for="login">Account</label>' in page
    assert "<h1>Background jobs</h1>" in (await admin.get("/t/donghu/jobs")).text
