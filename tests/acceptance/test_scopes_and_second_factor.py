"""Over HTTP: an administrator gives a scope, pages keep to it; a second factor is set up and asked for."""

import re
from datetime import UTC, datetime
from typing import NamedTuple

import pyotp
import pytest
from litestar import Litestar
from tests.support.appraisal import DAY, claimed, small_town, with_points
from tests.support.emptying import Sweeper
from tests.support.web import Browser, browser, signed_in_browser

from jiceng.accounts import queries
from jiceng.accounts.signing_in.keeping import keep_password
from jiceng.accounts.signing_in.passwords import hash_password
from jiceng.evaluation import jobs
from jiceng.evaluation.service import open_run
from jiceng.kernel.clock import showing
from jiceng.kernel.database import current_tenant, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import run_due_jobs

PASSWORD = "correct horse battery"
EAST, WEST = ("D001", "D003"), ("D002", "D004")


class Town(NamedTuple):
    """East (O2): D001 and D003; west (O3): D002 and D004; one finished run."""

    tenant: int
    people: dict[str, str]
    places: dict[str, str]
    run: str


@pytest.fixture
async def town(two_tenants: tuple[int, int], sweeper: Sweeper) -> Town:
    async def made() -> Town:
        with tenant_scope(two_tenants[0]):
            people = await small_town(4)
            await with_points()
            await claimed(people["D001"], 5, [10, 20])
            run = await open_run("points", DAY)
            await run_due_jobs(jobs.JOBS)
            places = {}
            for number in ("O1", "O2", "O3"):
                by_number = "select id from organization where tenant_id = $1 and number = $2"
                places[number] = str(await fetch_value(by_number, current_tenant(), number))
        return Town(two_tenants[0], people, places, str(run.id))

    return await sweeper.once("a town with two branches and a run", made)


async def granted(
    app: Litestar, town: Town, role: str, scope: str, organization: str, person: str
) -> Browser:
    """A person with this role and scope, given over HTTP by the administrator."""
    admin = await signed_in_browser(app, town.tenant, "tenant_admin")
    await signed_in_browser(app, town.tenant, "viewer", "zhou")
    with tenant_scope(town.tenant):
        account = await queries.account_by_login("zhou")
    assert account is not None
    form = {"role": role, "scope": scope, "organization": organization, "person": person}
    answer = await admin.post(f"/t/donghu/accounts/{account['id']}/role", form)
    assert answer.status_code == 303, answer.text
    page = await admin.get(f"/t/donghu/accounts/{account['id']}")
    assert page.status_code == 200
    ready = browser(app)
    with tenant_scope(town.tenant):
        await keep_password(account["id"], await hash_password(PASSWORD))
    await ready.get("/t/donghu/login")
    assert (await ready.post("/t/donghu/login", {"login": "zhou", "password": PASSWORD})).status_code == 303
    return ready


@pytest.mark.parametrize(
    ("role", "scope", "organization", "person", "inside"),
    [
        ("viewer", "all", "", "", EAST + WEST),
        ("secretary", "subtree", "O1", "", EAST + WEST),
        ("secretary", "subtree", "O2", "", EAST),
        ("secretary", "own", "O3", "", WEST),
        ("secretary", "own", "O1", "", ()),
        ("secretary", "self", "", "D003", ("D003",)),
        ("member", "self", "", "D002", ("D002",)),
        ("declarer", "self", "", "E-1", ()),
    ],
)
async def test_pages_keep_to_the_scope_and_what_is_outside_is_absent(
    app: Litestar, town: Town, role: str, scope: str, organization: str, person: str, inside: tuple[str, ...]
) -> None:
    who = await granted(app, town, role, scope, organization, person)
    results = f"/t/donghu/runs/{town.run}/results"
    listed = (await who.get(results)).text
    absent = str(new_id())
    for page in ("/t/donghu/facts/{}", results + "/{}"):
        nobody = await who.get(page.format(absent))
        assert nobody.status_code == 404
        for number, key in town.people.items():
            answer = await who.get(page.format(key))
            assert (number in listed) == (number in inside)
            if number in inside:
                assert answer.status_code == 200
                assert f"党员{number}" in answer.text
            else:
                assert answer.text.replace(key, "ID") == nobody.text.replace(absent, "ID")
    if role not in {"member", "declarer"}:
        members = (await who.get("/t/donghu/members")).text
        assert set(re.findall(r"党员(D\d{3})", members)) == set(inside)
        organizations = (await who.get("/t/donghu/organizations")).text
        seen = {number for number in town.places if number in organizations}
        wanted = {"all": {"O1", "O2", "O3"}, "self": {"O2"}, "own": {organization}}
        below = {"O1": {"O1", "O2", "O3"}, "O2": {"O2"}}
        assert seen == (below[organization] if scope == "subtree" else wanted[scope])


async def test_a_wrong_grant_is_told_on_the_page(app: Litestar, town: Town) -> None:
    admin = await signed_in_browser(app, town.tenant, "tenant_admin")
    await signed_in_browser(app, town.tenant, "viewer", "zhou")
    with tenant_scope(town.tenant):
        account = await queries.account_by_login("zhou")
    assert account is not None
    path = f"/t/donghu/accounts/{account['id']}/role"
    answer = await admin.post(path, {"role": "secretary", "scope": "own", "organization": "Z9"})
    assert answer.status_code == 422
    assert "名册里没有编号为 Z9 的组织" in answer.text
    answer = await admin.post(path, {"role": "secretary", "scope": "all"})
    assert "「支部书记」不能看全单位" in answer.text


NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


async def test_a_second_factor_is_set_up_and_asked_for(app: Litestar, two_tenants: tuple[int, int]) -> None:
    with showing(NOON):
        who = await signed_in_browser(app, two_tenants[0], "viewer", "zhou")
        with tenant_scope(two_tenants[0]):
            account = await queries.account_by_login("zhou")
            assert account is not None
            await keep_password(account["id"], await hash_password(PASSWORD))
        assert "生成二维码" in (await who.get("/t/donghu/second-factor")).text
        assert (await who.post("/t/donghu/second-factor")).status_code == 303
        page = (await who.get("/t/donghu/second-factor")).text
        assert "<svg" in page
        assert "style=" not in page
        found = re.search(r"<code class=\"addr\">([A-Z2-7]{32})</code>", page)
        assert found is not None
        secret = pyotp.TOTP(found[1])
        wrong = await who.post("/t/donghu/second-factor/confirm", {"code": "000000", "password": PASSWORD})
        assert (wrong.status_code, "口令不对" in wrong.text) == (401, True)
        first = {"code": secret.at(NOON), "password": PASSWORD}
        stranger = await who.post("/t/donghu/second-factor/confirm", {**first, "password": "a guess"})
        assert (stranger.status_code, "现在的密码不对" in stranger.text) == (401, True)
        assert "还差一步" in (await who.get("/t/donghu/second-factor")).text
        done = await who.post("/t/donghu/second-factor/confirm", first)
        assert len(re.findall(r"[A-Z2-9]{5}-[A-Z2-9]{5}-[A-Z2-9]{5}", done.text)) == 10
        assert "备用码只显示这一次" in done.text
        again = await who.get("/t/donghu/second-factor")
        assert not re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", again.text)
        assert found[1] not in again.text
    later = datetime(2026, 11, 22, 4, 1, tzinfo=UTC)
    with showing(later):
        fresh = browser(app)
        await fresh.get("/t/donghu/login")
        form = {"login": "zhou", "password": PASSWORD, "next": "/t/donghu/members?page=2&category=x"}
        second = (await fresh.post("/t/donghu/login", form)).headers["location"]
        assert (await fresh.get("/t/donghu/members")).headers["location"].startswith("/t/donghu/login?")
        assert "手机上的 6 位动态口令" in (await fresh.get("/t/donghu/login/code")).text
        assert "/t/donghu/members?page=2&amp;category=x" in (await fresh.get(second)).text
        refused = await fresh.post("/t/donghu/login/code", {"code": "123456"})
        assert (refused.status_code, "口令不对" in refused.text) == (401, True)
        answer = await fresh.post(
            "/t/donghu/login/code", {"code": secret.at(later), "next": "/t/donghu/members"}
        )
        assert answer.headers["location"] == "/t/donghu/members"
        assert (await fresh.get("/t/donghu/members")).status_code == 200


async def test_who_must_have_a_second_factor_gets_nowhere_without(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    assert (await admin.get("/t/donghu/members")).status_code == 200
    answer = await admin.post("/t/donghu/security", {"policy": "asvs", "admins_prove": "yes"})
    assert answer.headers["location"] == "/t/donghu/security"
    for path in ("/t/donghu/", "/t/donghu/members", "/t/donghu/accounts", "/t/donghu/security"):
        answer = await admin.get(path)
        assert (answer.status_code, answer.headers.get("location")) == (303, "/t/donghu/second-factor")
    page = await admin.get("/t/donghu/second-factor")
    assert page.status_code == 200
    assert "您的角色必须使用动态口令" in page.text
    assert "主导航" in page.text
    assert "人员</a>" not in page.text
    await admin.post("/t/donghu/second-factor")
    waiting = (await admin.get("/t/donghu/second-factor")).text
    assert "现在离开不影响登录" not in waiting
    secret = re.search(r'<code class="addr">([A-Z2-7]{32})</code>', waiting)
    assert secret is not None
    with tenant_scope(two_tenants[0]):
        account = await queries.account_by_login("tenant_admin-1")
        assert account is not None
        await keep_password(account["id"], await hash_password(PASSWORD))
    first = {"code": pyotp.TOTP(secret[1]).now(), "password": PASSWORD}
    done = await admin.post("/t/donghu/second-factor/confirm", first)
    assert ("备用码只显示这一次" in done.text, "启用后才能继续" in done.text) == (True, False)


async def test_three_administrators_are_appointed_on_the_page(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    form = {
        f"{role}_{what}": value
        for place, role in enumerate(("system_admin", "security_admin", "audit_admin"))
        for what, value in (("login", f"a{place}"), ("name", f"某{place}"), ("person", f"G{place}"))
    }
    page = await admin.post("/t/donghu/security/three", form)
    assert page.status_code == 200
    assert len(re.findall(r"http://jiceng.test/t/donghu/invitation/[\w-]{43}", page.text)) == 3
    assert (await admin.get("/t/donghu/accounts")).status_code == 403
    assert (await admin.get("/t/donghu/security")).status_code == 403
    assert (await admin.get("/t/donghu/audit")).status_code == 403
    assert (await admin.get("/t/donghu/members")).status_code == 200


async def test_three_who_cannot_be_appointed_need_not_be_typed_again(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    form = {
        f"{role}_{what}": f"{role}的{what}" if what != "person" else "G1"
        for role in ("system_admin", "security_admin", "audit_admin")
        for what in ("login", "name", "person")
    }
    page = await admin.post("/t/donghu/security/three", form)
    assert page.status_code == 422
    assert "人员编号不能相同" in page.text
    for field, typed in form.items():
        assert re.search(rf'<input id="{field}" name="{field}" value="{typed}"', page.text), field
