"""Projects some months on their way, a clock that can be set, people who report and who decide."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.support.clocks import shown_to_all
from tests.support.projects import a_project, project_town
from tests.support.web import Browser, browser, signed_in_browser

from jiceng.accounts.signing_in.cookies import session_cookie_name
from jiceng.accounts.signing_in.sessions import open_session
from jiceng.kernel.database import fetch_value, tenant_scope

if TYPE_CHECKING:
    import pytest
    from litestar import Litestar

    from jiceng_project_ledger.library.schemas import Project

AT = "/t/donghu/project-ledger"
SAID = {
    "percent": "35",
    "work": "走访三个小区",
    "trouble": "",
    "ahead": "开议事会",
    "figure": "83",
}


class Clock:
    """The service's clock for one test; it stands where it is set."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def set(self, month: int, day: int, year: int = 2026) -> None:
        """Nine in the morning of the day, in China."""
        moment = datetime(year, month, day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
        shown_to_all(moment, self._patch)


async def begun_in_may(tenant: int, time: Clock) -> Project:
    """A project of the branch O2, begun on 4 May 2026."""
    time.set(5, 4)
    with tenant_scope(tenant):
        return await a_project(await project_town())


async def owner(app: Litestar, tenant: int) -> Browser:
    """The secretary of the owner organization, signed in anew on each day."""
    with tenant_scope(tenant):
        account = await fetch_value("select id from account where tenant_id = $1 and login = 'shuji'", tenant)
        if account is None:
            return await signed_in_browser(app, tenant, "secretary", "shuji", person="D001")
        session = await open_session(account, "周砚秋", "测试")
    known = browser(app)
    known.client.cookies.set(session_cookie_name("donghu", production=False), session.token)
    await known.get("/t/donghu/sessions")
    return known


async def superior(app: Litestar, tenant: int) -> Browser:
    """A reviewer of the department, who sees everything."""
    return await signed_in_browser(app, tenant, "reviewer")
