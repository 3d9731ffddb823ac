"""Every method × route × role × foreign tenant, from the router; each row first succeeds for the right one.

What is sent comes from the modules of samples (tests/support/samples.py): the core's and the plugins' own.
"""

from pathlib import Path
from uuid import uuid4

import pytest
from litestar import Litestar
from tests.support import samples
from tests.support.routes import Crowd, Row, Seat, api_token, ask, consumed, other_session, rows
from tests.support.web import browser
from tests.support.world import path_values, two_complete_tenants, upload

from jiceng.accounts.access import ROLES, Permission, Role, permits
from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.kernel.rest import is_api
from jiceng.kernel.settings import Settings
from jiceng.tenancy.schemas import TenantInfo

STRANGERS = (Role.TENANT_ADMIN, Role.OPERATOR)
EDITS = ("move", "parts", "redraw", "remove")
PREVIEW, SAME, TYPED = "a preview; the import is told", "nothing changes here", "handing in is told"
DRAFTED = "opening a draft and publishing it are told; what changes in between is kept with the draft"
DRAFTING = ("ballot", "cells", *(f"{act}/{{section:str}}/{{part:str}}" for act in EDITS))
UNTOLD = {
    "/language": "a cookie of the browser",
    "/t/{tenant:str}/language": "a cookie of the browser",
    "/t/{tenant:str}/find": "sends on to a list, which is told",
    "/t/{tenant:str}/points/me/close": "ends the visit of a link",
    "/t/{tenant:str}/vote/{link:str}": "votes are secret",
    "/t/{tenant:str}/second-factor": "a generator is told once it is confirmed",
    "/t/{tenant:str}/schemes/{key:str}/clauses": "looks for words in the regulations",
    "/t/{tenant:str}/import": PREVIEW,
    "/t/{tenant:str}/facts/import/{key:str}": PREVIEW,
    "/t/{tenant:str}/import/{upload_id:uuid}": SAME,
    "/t/{tenant:str}/jobs/{job_id:uuid}/cancel": SAME,
    "/t/{tenant:str}/jobs/{job_id:uuid}/retry": SAME,
    "/t/{tenant:str}/runs": SAME,
    "/t/{tenant:str}/schemes/enable": SAME,
    "/t/{tenant:str}/campaigns/{campaign:uuid}/own/hand-in": SAME,
    "/t/{tenant:str}/campaigns/{campaign:uuid}/review/hand-in": SAME,
    "/t/{tenant:str}/campaigns/{campaign:uuid}/sheets/{subject:uuid}/review": TYPED,
    "/t/{tenant:str}/double-strong-six-good/enterprises/{firm_id:uuid}/declaration": TYPED,
    "/t/{tenant:str}/double-strong-six-good/declarations/{declaration:uuid}": TYPED,
    "/t/{tenant:str}/project-ledger/assessment/hand-in": "asks the nightly job, which tells",
} | {f"/t/{{tenant:str}}/schemes/{{key:str}}/drafts/{{draft:uuid}}/{act}": DRAFTED for act in DRAFTING}
"""POSTs of this matrix that succeed without an entry in the audit log, and why that is right (control 21)."""


async def everything_of(app: Litestar, tenant: TenantInfo) -> dict[str, str]:
    """A value for every path parameter, each naming something that is the tenant's."""
    values = await path_values(tenant) | await samples.values(tenant) | {"tenant": tenant.slug}
    values |= await samples.prepared(tenant, "{draft:uuid}")
    values |= await upload(tenant) | {"api_token": await api_token(tenant)}
    return values | {"session": await other_session(app, tenant, "viewer-x")}


async def test_each_row_answers_the_right_one_and_nobody_else(
    app: Litestar, database: Settings, tmp_path: Path
) -> None:
    del database
    town, province = await two_complete_tenants(tmp_path)
    values = {tenant.id: await everything_of(app, tenant) for tenant in (town, province)}
    seats = [
        Seat(role, province, town) if role is Role.OPERATOR else Seat(role, town, province) for role in Role
    ]
    wrong: list[str] = []
    crowd = Crowd(app)
    for row in rows(app):
        for seat in seats:
            wrong += await answered_by_right(crowd, row, seat, values[seat.tenant.id])
        for role in STRANGERS:
            seat = next(each for each in seats if each.role is role)
            mine, theirs = values[seat.tenant.id], values[seat.elsewhere.id]
            wrong += await refused_to_strangers(crowd, row, seat, mine)
            wrong += await foreign_like_absent(crowd, row, seat, mine, theirs)
    assert not wrong, "\n".join(wrong)
    untold = {path for path, told in crowd.told.items() if not told}
    assert (sorted(untold - UNTOLD.keys()), sorted(UNTOLD.keys() - untold)) == ([], [])


async def newest_entry(tenant: TenantInfo) -> int:
    """The number of the last entry in the tenant's audit log."""
    with tenant_scope(tenant.id):
        newest = "select coalesce(max(seq), 0) from audit_entry where tenant_id = $1"
        number: int = await fetch_value(newest, tenant.id)
        return number


async def answered_by_right(crowd: Crowd, row: Row, seat: Seat, values: dict[str, str]) -> list[str]:
    """Who has the route's permission succeeds; who has not is told 403."""
    allowed = row.permission is None or permits(seat.role, row.permission)
    who = await crowd.who(seat.tenant, seat.role.value)
    used_up = await consumed(crowd.app, row, seat) if allowed else {}
    before = await newest_entry(seat.tenant) if row.method == "POST" else 0
    answer = await ask(who, row, {**values, **used_up})
    if row.method == "POST" and answer.status_code < 400:
        crowd.told[row.path] = crowd.told.get(row.path, False) or await newest_entry(seat.tenant) > before
    crowd.forget(row)
    if allowed:
        refusals = samples.answered(row.path if row.method == "POST" else f"GET {row.path}")
        right = answer.status_code < 400 or answer.status_code in refusals
    else:
        right = answer.status_code == 403
    return [] if right else [f"{row}: {seat.role.value} got {answer.status_code}"]


def absent(values: dict[str, str]) -> dict[str, str]:
    """The values, without the things that one request uses up."""
    return {**values, "session": str(new_id()), "upload_id": str(new_id()), "api_token": str(new_id())}


async def refused_to_strangers(crowd: Crowd, row: Row, seat: Seat, values: dict[str, str]) -> list[str]:
    """Nobody, and people of another tenant with their own session, are sent to the sign-in page.

    An operator is no more than a stranger in every tenant but his province.
    """
    if row.permission is None:
        return []
    nobody = browser(crowd.app)
    await nobody.get(f"/t/{seat.tenant.slug}/login")
    asking = {"nobody": nobody}
    for role in STRANGERS if seat.elsewhere.kind == "province" else STRANGERS[:1]:
        asking[role.value] = await crowd.stranger(seat, role.value)
    wrong = []
    for name, who in asking.items():
        answer = await ask(who, row, absent(values))
        sent_to = answer.headers.get("location", "")
        if answer.status_code != 303 or not sent_to.startswith(f"/t/{seat.tenant.slug}/login"):
            wrong.append(f"{row}: {name} of {seat.elsewhere.slug} got {answer.status_code}")
    return wrong


async def foreign_like_absent(
    crowd: Crowd, row: Row, seat: Seat, mine: dict[str, str], theirs: dict[str, str]
) -> list[str]:
    """A foreign tenant's id in one's own address gives byte for byte what an absent id gives: 404."""
    if row.permission is not None and not permits(seat.role, row.permission):
        return []
    wrong = []
    who = await crowd.who(seat.tenant, seat.role.value)
    for name in row.ids:
        answers = []
        for value in (theirs[name], "x" * 43 if name == "token" else str(uuid4())):
            answer = await ask(who, row, {**absent(mine), name: value})
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
