"""Story: whoever looks at a page may open what it leads to; without a role he is told what is missing."""

import html
import re

import pytest
from litestar import Litestar
from tests.support.appraisal import small_town, with_points
from tests.support.classes import LEADING, MIDDLE, classified, town
from tests.support.emptying import Sweeper
from tests.support.web import signed_in_browser

from jiceng.accounts.access import Role
from jiceng.kernel.database import fetch_value, tenant_scope

HERE = "/t/donghu"
LEADS = re.compile(rf'<a [^>]*href="({HERE}[^"#]*)"')


@pytest.fixture
async def subject(two_tenants: tuple[int, int], sweeper: Sweeper) -> str:
    async def made() -> str:
        with tenant_scope(two_tenants[0]):
            people = await small_town(2)
            await with_points()
        return people["D001"]

    return await sweeper.once("a town with two members and the rules of points", made)


@pytest.mark.parametrize("role", ["viewer", "member", "auditor", "declarer"])
async def test_no_page_leads_to_where_its_reader_is_refused(
    app: Litestar, two_tenants: tuple[int, int], subject: str, role: str
) -> None:
    who = await signed_in_browser(app, two_tenants[0], role, person="D001")
    refused = set()
    for page in ("", "organizations", "members", "schemes", "schemes/points", "periods", f"facts/{subject}"):
        opened = await who.get(f"{HERE}/{page}")
        for address in sorted({html.unescape(found) for found in LEADS.findall(opened.text)}):
            if opened.status_code == 200 and (await who.get(address)).status_code == 403:
                refused.add((page, address))
    assert refused == set()


async def test_whoever_may_not_hand_in_facts_is_not_sent_to_hand_in_what_lacks(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[0]):
        await classified(await town(), 2026, {"O1": LEADING, "O2": MIDDLE})
        run = await fetch_value("select id from run where tenant_id = $1", two_tenants[0])
    lead = {}
    for role in ("tenant_admin", "reviewer"):
        who = await signed_in_browser(app, two_tenants[0], role)
        page = (await who.get(f"{HERE}/runs/{run}/questions")).text
        assert "西街党支部" in page
        lead[role] = f"{HERE}/facts/import/classification" in page
    assert lead == {"tenant_admin": True, "reviewer": False}


async def test_whoever_has_no_role_yet_is_told_so(app: Litestar, two_tenants: tuple[int, int]) -> None:
    new = await signed_in_browser(app, two_tenants[0], Role.UNASSIGNED.value)
    page = await new.get(f"{HERE}/")
    assert page.status_code == 403
    assert "您的账号还没有授权" in page.text
    assert f'<a href="{HERE}/sessions">我的登录</a>' in page.text
    assert "回到工作台" not in page.text
