"""Story: every role sees, asks for, exports and enters exactly the fields the table gives it (control 15)."""

import re

import pytest
from litestar import Litestar
from tests.support.appraisal import small_town
from tests.support.emptying import Sweeper
from tests.support.programs import Program, token_for
from tests.support.roster_books import MEMBER_HEAD, PEOPLE, roster_book
from tests.support.web import signed_in_browser

from jiceng.accounts.access import ROLES, Permission, Role
from jiceng.accounts.fields import MEMBER_FIELDS
from jiceng.kernel.database import execute, tenant_scope

SEEING = [role for role in ROLES if Permission.VIEW_ROSTER in ROLES[role] and role is not Role.OPERATOR]
PERSONAL = ("sex", "birth_year", "education", "joined")
TITLES = {name: MEMBER_FIELDS[name].zh for name in (*PERSONAL, "employment")}
LOGIN = "somebody"
SEES_ALL = "update account set scope = 'all' where tenant_id = $1 and login = $2"
"""A secretary's account begins with its own person alone."""
VALUES = {"sex": "女", "birth_year": "1961", "education": "研究生", "joined": "1983-07-01"}
FILL = """
update member set sex = '女', birth_year = 1961, education = '研究生', joined = '1983-07-01'
where tenant_id = $1
"""


@pytest.fixture
async def tenant(two_tenants: tuple[int, int], sweeper: Sweeper) -> int:
    async def made() -> int:
        with tenant_scope(two_tenants[0]):
            await small_town(2)
            await execute(FILL, two_tenants[0])
        return two_tenants[0]

    return await sweeper.once("a town whose members have every field", made)


@pytest.mark.parametrize("role", SEEING)
async def test_the_page_shows_a_role_its_columns_and_no_other_value(
    app: Litestar, tenant: int, role: Role
) -> None:
    who = await signed_in_browser(app, tenant, role, login=LOGIN)
    with tenant_scope(tenant):
        await execute(SEES_ALL, tenant, LOGIN)
    page = (await who.get("/t/donghu/members")).text
    heads = set(re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page))
    for name, title in TITLES.items():
        assert (title in heads) == (role in MEMBER_FIELDS[name].read), (role, name)
    body = page[page.index("<tbody>") :]
    for name in ("birth_year", "education"):
        assert (VALUES[name] in body) == (role in MEMBER_FIELDS[name].read), (role, name)


@pytest.mark.parametrize("role", SEEING)
async def test_the_api_tells_a_role_its_fields_and_refuses_the_others(
    app: Litestar, tenant: int, role: Role
) -> None:
    caller = Program(app, "donghu", await token_for(tenant, [Permission.VIEW_ROSTER], role, LOGIN))
    with tenant_scope(tenant):
        await execute(SEES_ALL, tenant, LOGIN)
    for name in ("sex", "birth_year", "education", "dual", "mobile", "worker"):
        answer = await caller.get(f"members?fields={name}")
        reads = role in MEMBER_FIELDS[name].read
        assert answer.status_code == (200 if reads else 403), (role, name)
        assert (name in answer.json().get("items", [{}])[0]) == reads
    plain = (await caller.get("members")).json()["items"][0]
    assert (plain["joined"] == "1983-07-01") == (role in MEMBER_FIELDS["joined"].read)
    assert "birth_year" not in plain


async def test_a_field_nobody_knows_is_refused(app: Litestar, tenant: int) -> None:
    caller = Program(app, "donghu", await token_for(tenant))
    assert (await caller.get("members?fields=password")).status_code == 400
    assert (await caller.get("members?fields=sex&fields=tenant_id")).status_code == 400


@pytest.mark.parametrize("role", ["tenant_admin", "supervisor"])
async def test_the_records_hold_back_what_one_of_their_roles_does_not_read(
    app: Litestar, tenant: int, role: str
) -> None:
    who = await signed_in_browser(app, tenant, role)
    rows = (await who.get("/t/donghu/admin/api/tables/member/")).json()["rows"]
    assert set(rows[0]) == {"id", "number", "name", "sensitivity"}
    assert (await who.get("/t/donghu/admin/api/tables/member/?sex=女")).status_code != 500
    book = await who.get("/t/donghu/admin/export/member.xlsx")
    assert book.status_code == 200
    assert "研究生".encode() not in book.content


async def test_a_column_the_role_may_not_enter_stops_the_import(
    app: Litestar, tenant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_admins = MEMBER_FIELDS["joined"]
    monkeypatch.setitem(
        MEMBER_FIELDS, "joined", type(only_admins)("入党日期", "joined", only_admins.read, frozenset())
    )
    who = await signed_in_browser(app, tenant, "clerk")
    book = roster_book(members=PEOPLE, member_head=MEMBER_HEAD)
    sent = await who.post("/t/donghu/import", files={"file": ("名册.xlsx", book)})
    preview = (await who.get(sent.headers["location"])).text
    assert "您的角色不能录入这一列" in preview
    assert "整批暂不导入" in preview
