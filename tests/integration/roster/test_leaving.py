"""Whoever leaves the roster is out of the system with the import that says so."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest
from tests.support.roster_books import roster_book

from jiceng.accounts import queries
from jiceng.accounts.managing.invitations import invite
from jiceng.accounts.signing_in.sessions import open_session, signed_in
from jiceng.kernel import clock
from jiceng.kernel.database import execute, tenant_scope
from jiceng.roster import service
from jiceng.roster.importing.leaving import disable_leavers
from jiceng.tenancy.queries import by_id

OCTOBER = dt.datetime(2026, 10, 1, 4, tzinfo=dt.UTC)
GONE = (
    ("M1", "许文澜", "农村", "正式", "Z1", "20050701"),
    ("M2", "沈听舟", "农村", "正式", "Z1", "20100701", None, "20260930", "转出"),
    ("M3", "何岸", "特殊群体", "正式", "Z2", "19800701", None, "20261101", "转出"),
)


@pytest.fixture
async def tokens(two_tenants: tuple[int, int]) -> AsyncIterator[dict[str, str]]:
    """Sessions of M1, M2 and M3, who are on the roster."""
    with tenant_scope(two_tenants[0]), clock.showing(OCTOBER):
        tenant = await by_id(two_tenants[0])
        assert tenant is not None
        await service.apply_roster(await service.preview_roster(roster_book(), "名册.xlsx"))
        found = {}
        for number in ("M1", "M2", "M3"):
            await invite(tenant, number, "某某", "member", person=number)
            await execute("update account set state = 'active' where tenant_id = $1", tenant.id)
            account = await queries.account_by_login(number)
            assert account is not None
            found[number] = (await open_session(account["id"], "某某", "")).token
        yield found


async def test_who_has_left_is_signed_out_by_the_import_and_who_leaves_later_by_the_night(
    tokens: dict[str, str],
) -> None:
    book = roster_book(members=GONE, cover=(("租户", "donghu"), ("名册日期", "2026-10-01")))
    await service.apply_roster(await service.preview_roster(book, "名册.xlsx"))
    assert {number: await signed_in(token) is not None for number, token in tokens.items()} == {
        "M1": True,
        "M2": False,
        "M3": True,
    }
    assert await disable_leavers() == 0
    with clock.showing(OCTOBER + dt.timedelta(days=31)):
        assert await disable_leavers() == 1
    assert {row.login: row.state for row in await queries.accounts()} == {
        "m1": "active",
        "m2": "disabled",
        "m3": "disabled",
    }
