"""Every method × route × role × foreign tenant, from the router; each row first succeeds for the right."""

import re
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar
from tests.support import drafting, publishing
from tests.support.programs import token_for
from tests.support.web import Browser, browser, signed_in_browser
from tests.support.world import attachment, path_values, two_complete_tenants, upload, workbook

from jiceng.accounts.access import ROLES, Permission, Role, declared, permits, route_handlers
from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.kernel.rest import is_api
from jiceng.kernel.settings import Settings
from jiceng.tenancy.schemas import TenantInfo

PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}
FORMS: dict[str, dict[str, str]] = {
    "/language": {"to": "zh", "back": "/"},
    "/t/{tenant:str}/language": {"to": "zh", "back": "/"},
    "/t/{tenant:str}/accounts": {"login": "new", "name": "新人", "role": "unassigned"},
    "/t/{tenant:str}/accounts/{account:uuid}/role": {"role": "viewer", "scope": "all"},
    "/t/{tenant:str}/security": {"policy": "asvs", "admins_prove": "no"},
    "/t/{tenant:str}/tokens": {"name": "对接程序", "scopes": "view_runs", "days": "30"},
    "/t/{tenant:str}/runs": {"scheme": "points", "period": "2026-12-31", "day": "2026-12-31"},
}
"""What a form must carry to succeed; every other POST needs nothing, or is `ANSWERED`."""
FILES = {
    "/t/{tenant:str}/import": "roster.xlsx",
    "/t/{tenant:str}/facts/import/{key:str}": "facts/points.xlsx",
    "/t/{tenant:str}/attachments/{subject:uuid}": "roster.xlsx",
}
"""What is uploaded where."""
ANSWERED: dict[str, set[int]] = {
    "/t/{tenant:str}/login": {401},
    "/t/{tenant:str}/login/code": {401},
    "/t/{tenant:str}/tokens": {422},  # the security administrator has no permission that a token may have
    "/t/{tenant:str}/password": {401},
    "/t/{tenant:str}/invitation/{token:str}": {422},
    "/t/{tenant:str}/accounts/{account:uuid}/enable": {409},  # the one before enabled it
    "/t/{tenant:str}/second-factor": {409},  # those who must have one have it
    "/t/{tenant:str}/second-factor/confirm": {401, 409},
    "/t/{tenant:str}/second-factor/recovery": {401},
    "/t/{tenant:str}/second-factor/remove": {401},
    "/t/{tenant:str}/security/three": {422},
    "/t/{tenant:str}/security/one": {409},
}
"""Forms whose content is refused here; that they are answered at all is what counts."""
_SEES_THE_TOWN = """
update account set scope = 'subtree', organization = (
  select organization from organization_state where tenant_id = $1 and parent is null limit 1)
where tenant_id = $1 and login = $2 and scope = 'self'
"""
NO_ID = {"tenant", "rest", "file_path", "key"} | drafting.NO_ID
FORMS |= drafting.FORMS
FILES |= drafting.FILES
ANSWERED |= drafting.ANSWERED | publishing.ANSWERED
FORMS |= publishing.FORMS


class Crowd:
    """One browser for each person, signed in once; narrow roles look after the whole town."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        self.here: dict[tuple[int, str], Browser] = {}

    async def who(self, tenant: TenantInfo, role: str, login: str = "") -> Browser:
        """The person's browser."""
        login = login or f"{role}-x"
        if (tenant.id, login) not in self.here:
            self.here[tenant.id, login] = await signed_in_browser(self.app, tenant.id, role, login)
            with tenant_scope(tenant.id):
                await execute(_SEES_THE_TOWN, tenant.id, login)
        return self.here[tenant.id, login]

    def forget(self, row: "Row") -> None:
        """Signing out ends sessions: then everybody signs in again."""
        if row.path.endswith("/logout"):
            self.here.clear()


class Row(NamedTuple):
    """One method of one route."""

    method: str
    path: str
    permission: Permission | None

    def address(self, values: dict[str, str]) -> str:
        """The path with its parameters filled in."""
        return re.sub(r"{(\w+):\w+}", lambda found: values[found[1]], self.path)

    @property
    def ids(self) -> list[str]:
        """The parameters that name one thing of a tenant."""
        return [name for name in re.findall(r"{(\w+):", self.path) if name not in NO_ID]


def rows(app: Litestar) -> list[Row]:
    """Every row of the matrix, from the router; the API has its own (test_the_api_matrix.py)."""
    found = set()
    for route, handler in route_handlers(app):
        permission = declared(handler)
        assert not isinstance(permission, bool)
        found |= {Row(str(method), route.path, permission) for method in handler.http_methods}  # type: ignore[attr-defined]
    pages = (row for row in found if row.method != "HEAD" and not is_api(row.path))
    return sorted(pages, key=lambda row: (row.path, row.method))


async def ask(who: Browser, row: Row, values: dict[str, str]) -> httpx.Response:
    """Send the request of a row as a browser would."""
    if row.method == "GET":
        return await who.client.get(row.address(values), headers=PAGE)
    token = who.token
    if "{tenant" not in row.path:
        await who.get("/")  # outside a tenant the form token belongs to no session
    form = {"_csrf_token": who.token, "version": values.get("version", "1"), **FORMS.get(row.path, {})}
    who.token = token
    files = {"file": ("upload.xlsx", workbook(FILES[row.path]))} if row.path in FILES else None
    return await who.client.post(row.address(values), data=form, files=files, headers=PAGE)


async def consumed(app: Litestar, row: Row, own: TenantInfo, login: str) -> dict[str, str]:
    """What a row uses up or needs of its own: another session to end, an upload to import, a file's name."""
    values = {"session": await other_session(app, own, login)} if "session" in row.ids else {}
    if "/schemes/" in row.path:
        values |= await drafting.prepared(own, row.path)
    if "upload_id" in row.ids:
        values |= await upload(own)
    if "file_id" in row.ids:
        values |= await attachment(own)
    if "api_token" in row.ids:
        values["api_token"] = await api_token(own)
    if row.path.startswith("/static/vendor"):
        values["file_path"] = "htmx.min.js"
    if row.path.startswith("/static/api"):
        values["file_path"] = "swagger-ui.css"
    if "/admin/public/" in row.path:
        values["rest"] = "meta/"
    return values


async def api_token(tenant: TenantInfo) -> str:
    """A token of the tenant, to be ended."""
    await token_for(tenant.id, login=f"api-{new_id()}")
    with tenant_scope(tenant.id):
        newest = "SELECT id FROM api_token WHERE tenant_id = $1 ORDER BY created_at DESC LIMIT 1"
        return str(await fetch_value(newest, tenant.id))


async def other_session(app: Litestar, tenant: TenantInfo, login: str) -> str:
    """A second session of the person, to be ended."""
    await signed_in_browser(app, tenant.id, login.removesuffix("-x"), login)
    with tenant_scope(tenant.id):
        return str(
            await fetch_value(
                "SELECT s.id FROM account_session s JOIN account a ON a.id = s.account"
                " WHERE s.tenant_id = $1 AND a.login = $2 AND s.ended_at IS NULL"
                " ORDER BY s.created_at DESC LIMIT 1",
                tenant.id,
                login,
            )
        )


async def test_each_row_answers_the_right_one_and_nobody_else(
    app: Litestar, database: Settings, tmp_path: Path
) -> None:
    del database
    own, foreign = await two_complete_tenants(tmp_path)
    mine, theirs = await path_values(own), await path_values(foreign)
    theirs |= await upload(foreign) | {"api_token": await api_token(foreign)}
    theirs |= {"session": await other_session(app, foreign, "viewer-x")}
    fixed = {"rest": "api/user/", "file_path": "console.css", "tenant": own.slug, **drafting.FIXED}
    mine |= await drafting.prepared(own, "{draft:uuid}")
    theirs |= await drafting.prepared(foreign, "{draft:uuid}")
    wrong: list[str] = []
    crowd = Crowd(app)
    for row in rows(app):
        for role in Role:
            if role is Role.OPERATOR:
                continue  # only in a province; its row is the next test
            who = await crowd.who(own, role.value)
            values = {**mine, **fixed, **await consumed(app, row, own, f"{role.value}-x")}
            answer = await ask(who, row, values)
            crowd.forget(row)
            allowed = row.permission is None or permits(role, row.permission)
            right = ANSWERED.get(row.path, set()) if row.method == "POST" else set()
            if allowed and answer.status_code >= 400 and answer.status_code not in right:
                wrong.append(f"{row}: {role.value} got {answer.status_code}")
            if not allowed and answer.status_code != 403:
                wrong.append(f"{row}: {role.value} may not, but got {answer.status_code}")
        wrong += await refused_to_strangers(crowd, row, own, foreign, {**mine, **fixed})
        wrong += await foreign_like_absent(crowd, row, own, {**mine, **fixed}, {**theirs, **fixed})
    assert not wrong, "\n".join(wrong)


async def refused_to_strangers(
    crowd: Crowd, row: Row, own: TenantInfo, foreign: TenantInfo, values: dict[str, str]
) -> list[str]:
    """Nobody, and an administrator of another tenant with his own cookie, are sent to the sign-in page."""
    if row.permission is None:
        return []
    values = {**values, "session": str(new_id()), "upload_id": str(new_id()), "api_token": str(new_id())}
    nobody = browser(crowd.app)
    await nobody.get(f"/t/{own.slug}/login")
    stranger = await crowd.who(foreign, "tenant_admin", "stranger")
    wrong = []
    for name, who in (("nobody", nobody), ("a stranger", stranger)):
        answer = await ask(who, row, values)
        if answer.status_code != 303 or not answer.headers["location"].startswith(f"/t/{own.slug}/login"):
            wrong.append(f"{row}: {name} got {answer.status_code}")
    return wrong


async def foreign_like_absent(
    crowd: Crowd, row: Row, own: TenantInfo, mine: dict[str, str], theirs: dict[str, str]
) -> list[str]:
    """A foreign tenant's id in one's own address gives byte for byte what an absent id gives: 404."""
    wrong = []
    for name in row.ids:
        who = await crowd.who(own, "tenant_admin")
        base = {**mine, "session": str(new_id()), "upload_id": str(new_id()), "api_token": str(new_id())}
        answers = []
        for value in (theirs[name], "x" * 43 if name == "token" else str(uuid4())):
            answer = await ask(who, row, {**base, name: value})
            answers.append((answer.status_code, answer.text.replace(value, "ID")))
        if answers[0] != answers[1] or answers[0][0] != 404:
            wrong.append(f"{row}: foreign {name} gave {answers[0][0]}, absent {answers[1][0]}")
    return wrong


def test_the_matrix_covers_every_route(app: Litestar) -> None:
    paths = {row.path for row in rows(app)}
    assert {route.path for route in app.routes if not is_api(route.path)} == paths
    assert len(paths) > 25


@pytest.mark.parametrize("permission", list(Permission))
def test_an_operator_has_every_permission(permission: Permission) -> None:
    assert permission in ROLES[Role.OPERATOR]
