"""Story: a list that has grown over the years stands on pages; what waits for somebody is on the first."""

import re

import pytest
from litestar import Litestar
from tests.support.appraisal import small_town
from tests.support.web import Browser, signed_in_browser

from jiceng.kernel.clock import today
from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.tenancy.service import set_plugin

HERE = "/t/donghu"
YEAR = today().year
_ACCOUNTS = """
insert into account (tenant_id, id, login, name, role, state)
select $1, gen_random_uuid(), 'clerk-' || lpad(n::text, 3, '0'), '周砚秋', 'viewer', 'disabled'
from generate_series(1, 101) n
"""
_TOKENS = """
insert into api_token (tenant_id, id, account, name, digest, scopes, created_at, expires_at, ended_at)
select $1, gen_random_uuid(), $2, 'old-' || n, decode(lpad(n::text, 64, '0'), 'hex'), '{}',
  now(), now(), now()
from generate_series(1, 101) n
"""
_OWN_LISTS = """
insert into points_own_list
  (tenant_id, id, year, turn, member, organization, state, reason, opinion, ruling, tasks, applied_on, posted)
select $1, gen_random_uuid(), $4, n, $2, $3, case n when 1 then 'applied' else 'refused' end,
  '理由-' || n, '', '', '约定', make_date($4, 1, 1) + n, false
from generate_series(1, 101) n
"""
_ADJUSTMENTS = """
insert into points_adjustment (tenant_id, id, year, member, kind, worth, day, reason, state, posted)
select $1, gen_random_uuid(), $3, $2, '奖励加分', 1, make_date($3, 1, 1) + n, '依据-' || n,
  case n when 1 then 'proposed' else 'refused' end, false
from generate_series(1, 101) n
"""


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    """The administrator of a town with more rows than a page of each list holds."""
    tenant = two_tenants[0]
    with tenant_scope(tenant):
        people = await small_town(1)
        await set_plugin("points", on=True)
        admin = await signed_in_browser(app, tenant, "tenant_admin")
        account = await fetch_value("select id from account where tenant_id = $1", tenant)
        branch = await fetch_value("select organization from membership where tenant_id = $1", tenant)
        await execute(_ACCOUNTS, tenant)
        await execute(_TOKENS, tenant, account)
        await execute(_OWN_LISTS, tenant, people["D001"], branch, YEAR)
        await execute(_ADJUSTMENTS, tenant, people["D001"], YEAR)
    return admin


@pytest.mark.parametrize(
    ("path", "shown", "total", "waiting"),
    [
        ("accounts", r"clerk-\d+(?=</a>)", 101, ""),
        ("tokens", r"old-\d+(?=</th>)", 101, ""),
        ("points/own-lists", r"理由-\d+(?=</td>)", 101, "理由-1"),
        ("points/adjustments", r"依据-\d+(?=</td>)", 101, "依据-1"),
    ],
)
async def test_every_row_stands_on_one_of_the_pages(
    admin: Browser, path: str, shown: str, total: int, waiting: str
) -> None:
    first = (await admin.get(f"{HERE}/{path}")).text
    (onward,) = re.findall(rf'href="({HERE}/{path}\?[^"]*page=2)"', first)
    second = (await admin.get(onward.replace("&amp;", "&"))).text
    on_first, on_second = re.findall(shown, first), re.findall(shown, second)
    assert len({*on_first, *on_second}) == len([*on_first, *on_second]) == total
    assert on_second
    assert not waiting or waiting in on_first
    assert (await admin.get(f"{HERE}/{path}?page=900")).text.count("page=2") == 0, "there is no third page"


async def test_an_account_is_found_whatever_page_it_is_on(admin: Browser) -> None:
    sent = await admin.post(f"{HERE}/find", {"page_": "accounts", "name": "clerk-101"})
    address = sent.headers["location"]
    assert "clerk" not in address
    page = (await admin.get(address)).text
    assert re.findall(r"clerk-\d+(?=</a>)", page) == ["clerk-101"]
    assert 'value="clerk-101"' in page
    nobody = await admin.post(f"{HERE}/find", {"page_": "accounts", "name": "nobody"})
    assert "没有这样的账号" in (await admin.get(nobody.headers["location"])).text
