"""Story: an address leads to the tenant of that name, under whatever number, and nowhere once it is gone."""

from typing import Any

import pytest
from litestar import Litestar
from tests.support.web import browser, signed_in_browser

from jiceng.tenancy import service as tenancy
from jiceng.tenancy.schemas import TenantInfo

PAGE = "/t/nanhu/sessions"


@pytest.fixture
async def lake(database: object) -> TenantInfo:
    del database
    return await tenancy.create_tenant("nanhu", "南湖区", "district")


async def test_a_tenant_that_came_back_under_another_number_is_found(
    app: Litestar, lake: TenantInfo, superuser: Any
) -> None:
    somebody = await signed_in_browser(app, lake.id, "viewer")
    assert (await somebody.get(PAGE)).status_code == 200
    await superuser.execute("update tenant set slug = 'gone' where id = $1", lake.id)
    assert (await browser(app).get("/t/nanhu/login")).status_code == 404
    again = await tenancy.create_tenant("nanhu", "南湖新区", "district")
    assert again.id != lake.id
    page = await browser(app).get("/t/nanhu/login")
    assert page.status_code == 200
    assert "南湖新区" in page.text
    assert (await somebody.get(PAGE)).status_code == 303  # his session is the old tenant's
    newcomer = await signed_in_browser(app, again.id, "viewer", "newcomer")
    assert (await newcomer.get(PAGE)).status_code == 200


async def test_a_tenant_has_its_new_name_at_once(app: Litestar, lake: TenantInfo, superuser: Any) -> None:
    await browser(app).get("/t/nanhu/login")
    await superuser.execute("update tenant set name = '南湖示范区' where id = $1", lake.id)
    assert "南湖示范区" in (await browser(app).get("/t/nanhu/login")).text
