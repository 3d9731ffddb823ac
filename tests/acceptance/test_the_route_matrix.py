"""Every method × route × role × foreign tenant, from the router; each row first succeeds for the right one.

What is sent comes from the modules of samples (tests/support/samples.py): the core's and the plugins' own.
"""

from pathlib import Path
from uuid import uuid4

import pytest
from litestar import Litestar
from tests.support import samples
from tests.support.costs import Shares
from tests.support.page_forms import FormsOf
from tests.support.routes import Crowd, Row, Seat, api_token, ask, consumed, other_session, rows
from tests.support.told import differences
from tests.support.world import path_values, two_complete_tenants, upload

from jiceng.accounts.access import ROLES, Permission, Role, permits
from jiceng.kernel.audit import Event
from jiceng.kernel.ids import new_id
from jiceng.kernel.rest import is_api
from jiceng.kernel.settings import Settings
from jiceng.tenancy.schemas import TenantInfo

STRANGERS = (Role.TENANT_ADMIN, Role.OPERATOR)
COLUMNS = ("tenant_id", "role", "state", "score", "created_at")
"""Columns of tables that a form might try to set (T26)."""


async def everything_of(app: Litestar, tenant: TenantInfo) -> dict[str, str]:
    """A value for every path parameter, each naming something that is the tenant's."""
    values = await path_values(tenant) | await samples.values(tenant) | {"tenant": tenant.slug}
    values |= await samples.prepared(tenant, "{draft:uuid}")
    values |= await upload(tenant) | {"api_token": await api_token(tenant)}
    return values | {"session": await other_session(app, tenant, "viewer-x")}


async def test_each_row_answers_the_right_one_and_nobody_else(
    app: Litestar, database: Settings, tmp_path: Path, shares: Shares
) -> None:
    del database
    asked = [row for row in rows(app) if shares.wanted(later=row.later)]
    town, province = await two_complete_tenants(tmp_path)
    values = {tenant.id: await everything_of(app, tenant) for tenant in (town, province)}
    seats = [
        Seat(role, province, town) if role is Role.OPERATOR else Seat(role, town, province) for role in Role
    ]
    wrong: list[str] = []
    crowd, forms = Crowd(app), FormsOf(app)
    for row in asked:
        with shares.spending(later=row.later):
            for seat in seats:
                wrong += await answered_by_right(crowd, row, seat, values[seat.tenant.id], forms)
            wrong += await refused_with_strange_fields(crowd, row, seats, values, forms)
            for role in STRANGERS:
                seat = next(each for each in seats if each.role is role)
                mine, theirs = values[seat.tenant.id], values[seat.elsewhere.id]
                wrong += await refused_to_strangers(crowd, row, seat, mine)
                wrong += await foreign_like_absent(crowd, row, seat, mine, theirs)
    lacking = {row for row in asked if samples.answered(f"GET {row.path}")}
    wrong += [f"{row}: nobody succeeded" for row in asked if row not in crowd.succeeded.keys() | lacking]
    untold, told = await crowd.untold([town, province])
    assert not wrong + untold, "\n".join(wrong + untold)
    assert "\n".join(differences(told)) == "", "docs/events.md"


async def refused_with_strange_fields(
    crowd: Crowd, row: Row, seats: list[Seat], values: dict[int, dict[str, str]], forms: FormsOf
) -> list[str]:
    """A form that also carries columns of tables is refused, and says which fields are too many (T26)."""
    permits_row = (s for s in seats if row.permission is None or permits(s.role, row.permission))
    seat = next(permits_row)
    strange = [name for name in COLUMNS if not forms.knows(row.path, name)]
    if row.method != "POST" or row.path.endswith("/admin/public/logout"):
        return []
    who = await crowd.who(seat.tenant, seat.role.value)
    answer = await ask(who, row, absent(values[seat.tenant.id]), dict.fromkeys(strange, "1"))
    told = {Event.WRITE_REFUSED} if "{tenant" in row.path else set()
    words = f"{row}: {strange} got {answer.status_code}"
    crowd.expect(answer, seat, told, words, exactly=True)
    return [] if answer.status_code == 400 and all(name in answer.text for name in strange) else [words]


async def answered_by_right(
    crowd: Crowd, row: Row, seat: Seat, values: dict[str, str], forms: FormsOf
) -> list[str]:
    """Who has the route's permission succeeds, who has not is told 403; both are told to the log.

    The forms of the page that comes back carry fields that are known where they go to.
    """
    allowed = row.permission is None or permits(seat.role, row.permission)
    who = await crowd.who(seat.tenant, seat.role.value)
    used_up = await consumed(crowd, row, seat) if allowed else {}
    answer = await ask(who, row, {**values, **used_up})
    succeeded = crowd.note(row, seat, answer)
    words = f"{row}: {seat.role.value} got {answer.status_code}"
    if allowed:
        refusals = samples.answered(row.path if row.method == "POST" else f"GET {row.path}")
        right = succeeded or answer.status_code in refusals
    else:
        right = answer.status_code == 403
        crowd.expect(answer, seat, {Event.PERMISSION_REFUSED} if row.method == "POST" else set(), words)
    return ([] if right else [words]) + [f"{row}: {one}" for one in forms.faults(answer.text)]


def absent(values: dict[str, str]) -> dict[str, str]:
    """The values, without the things that one request uses up."""
    return {**values, "session": str(new_id()), "upload_id": str(new_id()), "api_token": str(new_id())}


async def refused_to_strangers(crowd: Crowd, row: Row, seat: Seat, values: dict[str, str]) -> list[str]:
    """Nobody, and people of another tenant with their own session, are sent to the sign-in page.

    An operator is no more than a stranger in every tenant but his province.
    """
    if row.permission is None:
        return []
    asking = {"nobody": await crowd.nobody(seat.tenant)}
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
