"""Story: a clerk is invited, sets a password, signs out and in again, and sees her own sessions."""

import html
import re

import pytest
from litestar import Litestar
from tests.support.web import browser, signed_in_browser, tenant_info

from jiceng.accounts.managing.invitations import invite
from jiceng.kernel.database import tenant_scope
from jiceng.tenancy.service import create_tenant

PASSWORD = "correct horse battery"


async def invitation(tenant_id: int, login: str = "lin", role: str = "tenant_admin") -> str:
    with tenant_scope(tenant_id):
        return await invite(await tenant_info(tenant_id), login, "林若溪", role)


async def test_from_the_link_to_the_home_page_and_in_again(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    path = await invitation(two_tenants[0])
    clerk = browser(app)
    page = await clerk.get(path)
    assert page.status_code == 200
    assert "您好，林若溪" in page.text
    short = await clerk.post(path, {"password": "short", "again": "short"})
    assert short.status_code == 422
    assert "密码至少 12 位，现在是 5 位" in short.text
    differing = await clerk.post(path, {"password": PASSWORD, "again": "something else"})
    assert "两次输入的密码不一样" in differing.text
    entered = await clerk.post(path, {"password": PASSWORD, "again": PASSWORD})
    assert (entered.status_code, entered.headers["location"]) == (303, "/t/donghu/")
    home = await clerk.get("/t/donghu/")
    assert home.status_code == 200
    assert "上线清单" in home.text
    assert "林若溪" in home.text
    again = await clerk.get(path)
    assert again.status_code == 404
    assert "已经用过" in again.text
    kept = dict(clerk.client.cookies)
    out = await clerk.post("/t/donghu/logout")
    assert out.headers["location"] == "/t/donghu/login"
    thief = browser(app)
    thief.client.cookies.update(kept)
    assert (await thief.get("/t/donghu/accounts")).status_code == 303, "a copied cookie ended with it"
    refused = await clerk.get("/t/donghu/accounts")
    assert refused.headers["location"] == "/t/donghu/login?next=/t/donghu/accounts"
    await clerk.get(refused.headers["location"])
    back = await clerk.post(
        "/t/donghu/login", {"login": "LIN ", "password": PASSWORD, "next": "/t/donghu/accounts"}
    )
    assert back.headers["location"] == "/t/donghu/accounts"
    assert (await clerk.get("/t/donghu/accounts")).status_code == 200


async def test_who_signs_in_anew_or_changes_the_language_stands_where_he_stood(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    path, clerk = await invitation(two_tenants[0]), browser(app)
    await clerk.get(path)
    await clerk.post(path, {"password": PASSWORD, "again": PASSWORD})
    listed = "/t/donghu/members?category=%E9%A2%84%E5%A4%87&page=2"
    page = (await clerk.get(listed)).text
    assert f'name="back" value="{listed.replace("&", "&amp;")}"' in page
    switched = await clerk.post("/t/donghu/language", {"to": "en", "back": listed})
    assert switched.headers["location"] == listed
    await clerk.post("/t/donghu/logout")
    asked = await clerk.get(listed)
    login = await clerk.get(asked.headers["location"])
    (wanted,) = re.findall(r'name="next" value="([^"]*)"', login.text)
    form = {"login": "lin", "password": PASSWORD, "next": html.unescape(wanted)}
    assert (await clerk.post("/t/donghu/login", form)).headers["location"] == listed


async def test_the_start_page_lists_the_tenants(app: Litestar, two_tenants: tuple[int, int]) -> None:
    del two_tenants
    page = await browser(app).get("/")
    assert page.status_code == 200
    assert 'href="/t/donghu/login"' in page.text
    assert "西山区" in page.text


async def test_every_failed_sign_in_looks_the_same(app: Litestar, two_tenants: tuple[int, int]) -> None:
    path = await invitation(two_tenants[0])
    clerk = browser(app)
    await clerk.get(path)
    await clerk.post(path, {"password": PASSWORD, "again": PASSWORD})
    guesser = browser(app)
    await guesser.get("/t/donghu/login")
    answers = [await guesser.post("/t/donghu/login", {"login": "lin", "password": "wrong"}) for _ in range(5)]
    locked = await guesser.post("/t/donghu/login", {"login": "lin", "password": PASSWORD})
    unknown = await guesser.post("/t/donghu/login", {"login": "xin", "password": PASSWORD})
    assert {answer.status_code for answer in [*answers, locked, unknown]} == {401}
    assert len({answer.text for answer in [*answers, locked]}) == 1
    assert unknown.text.replace('value="xin"', 'value="lin"') == locked.text
    assert "账号或密码不对，或者账号已被锁定" in locked.text


async def test_many_tenants_are_found_by_name_or_code(app: Litestar, two_tenants: tuple[int, int]) -> None:
    del two_tenants
    for number in range(11):
        await create_tenant(f"zhen{number}", f"第{number}镇", "town")
    anybody = browser(app)
    assert 'name="name"' in (await anybody.get("/")).text
    found = await anybody.get("/", params={"name": "第7镇"})
    assert 'href="/t/zhen7/login"' in found.text
    assert "zhen8" not in found.text
    assert 'href="/t/donghu/login"' in (await anybody.get("/", params={"name": "donghu"})).text
    assert "没有这个单位" in (await anybody.get("/", params={"name": "无"})).text


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/t/xishan/", "/t/donghu/../xishan/", "\\\\evil"]
)
async def test_signing_in_never_leads_out_of_the_tenant(
    app: Litestar, two_tenants: tuple[int, int], wanted: str
) -> None:
    someone = await signed_in_browser(app, two_tenants[0], "viewer")
    answer = await someone.get("/t/donghu/login", params={"next": wanted})
    assert answer.headers["location"] == "/t/donghu/"


async def test_who_accepts_an_invitation_as_somebody_else_leaves_his_own_session(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    as_before = admin.client.cookies["jiceng-session-donghu"]
    path = await invitation(two_tenants[0])
    await admin.get(path)
    answer = await admin.post(path, {"password": PASSWORD, "again": PASSWORD})
    assert answer.headers["location"] == "/t/donghu/"
    old = browser(app)
    old.client.cookies.set("jiceng-session-donghu", as_before)
    assert (await old.get("/t/donghu/")).headers["location"].startswith("/t/donghu/login")


async def test_a_person_ends_another_session_of_his_own(app: Litestar, two_tenants: tuple[int, int]) -> None:
    here = await signed_in_browser(app, two_tenants[0], "viewer", "zhou")
    there = await signed_in_browser(app, two_tenants[0], "viewer", "zhou")
    page = await here.get("/t/donghu/sessions")
    assert page.text.count("本机") == 1
    end = page.text.split('action="/t/donghu/sessions/')[1].split('"')[0]
    assert (await here.post(f"/t/donghu/sessions/{end}")).status_code == 303
    assert (await there.get("/t/donghu/sessions")).status_code == 303
    assert (await here.get("/t/donghu/sessions")).status_code == 200


async def test_an_administrator_invites_a_colleague(app: Litestar, two_tenants: tuple[int, int]) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await admin.get("/t/donghu/accounts")
    page = await admin.post("/t/donghu/accounts", {"login": "gao", "name": "高文渊", "role": "viewer"})
    assert page.status_code == 200
    link = page.text.split('id="link">')[1].split("<")[0]
    assert link.startswith("http://jiceng.test/t/donghu/invitation/")
    assert "等待接受邀请" in page.text
    above = await admin.post("/t/donghu/accounts", {"login": "boss", "name": "某某", "role": "operator"})
    assert above.status_code == 422
    assert "平台运营员只能建在省级租户里" in above.text
    colleague = browser(app)
    assert "您好，高文渊" in (await colleague.get(link.removeprefix("http://jiceng.test"))).text


async def test_an_invitation_sent_twice_says_that_the_first_link_is_void(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await admin.get("/t/donghu/accounts")
    links, form = [], {"login": "gao", "name": "高文渊", "role": "viewer"}
    for said in (
        "刷新本页会另做一个链接，这一个就作废。",
        "这是新的链接：以前发给他的邀请链接没有用过的都已作废",
    ):
        page = await admin.post("/t/donghu/accounts", form)
        assert said in page.text
        links.append(page.text.split('id="link">http://jiceng.test')[1].split("<")[0])
    assert [(await browser(app).get(link)).status_code for link in links] == [404, 200]


async def test_a_new_password_must_not_be_built_on_the_tenant_either(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    path, clerk = await invitation(two_tenants[0]), browser(app)
    await clerk.get(path)
    refused = await clerk.post(path, {"password": "donghu sunny 29", "again": "donghu sunny 29"})
    assert "密码里不要用账号、姓名或单位（donghu）" in refused.text
    await clerk.post(path, {"password": PASSWORD, "again": PASSWORD})
    await clerk.get("/t/donghu/sessions")
    new = {"old": PASSWORD, "password": "donghu sunny 29", "again": "donghu sunny 29"}
    changed = await clerk.post("/t/donghu/password", new)
    assert changed.status_code == 422
    assert "密码里不要用账号、姓名或单位（donghu）" in changed.text
