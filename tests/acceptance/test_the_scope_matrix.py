"""Every page × somebody who sees nobody, and somebody who is cleared for nobody: no name stands on any.

The route matrix asks with people who see the whole town. Here the same world is looked at by people whose
data scope holds nothing (control 14, 17), and by people below every member's label (control 18).
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from tests.acceptance.test_the_route_matrix import everything_of
from tests.support.routes import Crowd, Row, Visitor, ask, rows
from tests.support.world import two_complete_tenants

from jiceng.accounts.access import WHOLE, Role, permits
from jiceng.kernel.database import execute, fetch, tenant_scope

if TYPE_CHECKING:
    from pathlib import Path

    from litestar import Litestar
    from tests.support.quick_client import Answer

    from jiceng.kernel.settings import Settings
    from jiceng.tenancy.schemas import TenantInfo

NARROWED = (
    Role.SECRETARY,
    Role.MEMBER,
    Role.DECLARER,
    Role.RATER,
    Role.REVIEWER,
    Role.CLERK,
    Role.VIEWER,
)
CLEARED_FOR_NOBODY = (*NARROWED, Role.SUPERVISOR)
SAMPLES = {"本人", "路由测试"}
"""What samples call people with words that pages say too."""
OPEN_TO_ALL = {
    "POST /t/{tenant:str}/ballots/batches/{ballot_batch:uuid}",
    "POST /t/{tenant:str}/ballots/parties/{ballot_party:uuid}/batches",
    "POST /t/{tenant:str}/campaigns/{campaign:uuid}/own/hand-in",
    "POST /t/{tenant:str}/campaigns/{campaign:uuid}/review/hand-in",
}
"""Paper without names is typed by whoever is told to; of a campaign each hands in what he sees: nothing."""
_NAMES = """
select name as said from member where tenant_id = $1 union select name from unit_state where tenant_id = $1
union select name from organization_state where tenant_id = $1 and parent is not null
union select title from ledger_project where tenant_id = $1
"""
_MEMBERS = "select name from member where tenant_id = $1"
_SEES_NOBODY = """
update account set scope = 'self', organization = null, person = 'nobody/' || login
where tenant_id = $1 and login = $2
"""


def text_of(answer: Answer) -> str:
    """What a page, a workbook or a Word file says."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        parts = (packed.read(name) for name in packed.namelist() if name.endswith(".xml"))
        return "".join(part.decode("utf-8", "replace") for part in parts)


def asked_by(app: Litestar, role: Role, *, whole: bool) -> list[Row]:
    """The rows that the role may ask for; those which only make sense for all of the roster with `whole`."""
    return [
        row
        for row in rows(app)
        if row.permission is not None
        and permits(role, row.permission)
        and (whole or row.permission not in WHOLE)
        and not row.path.endswith(("/logout", "/password"))
        and "/sessions" not in row.path
    ]


async def named_on(who: Visitor, row: Row, values: dict[str, str], names: set[str]) -> list[str]:
    """The names on a page that was shown."""
    answer = await ask(who, row, values)
    shown = text_of(answer) if answer.status_code == 200 else ""
    return [f"{row} names {name}" for name in sorted(names) if name in shown]


@pytest.mark.soak
async def test_who_sees_nobody_or_is_cleared_for_nobody_finds_no_name(
    app: Litestar, database: Settings, tmp_path: Path
) -> None:
    del database
    town, _ = await two_complete_tenants(tmp_path)
    values = await everything_of(app, town)
    with tenant_scope(town.id):
        names = {row["said"] for row in await fetch(_NAMES, town.id) if len(row["said"] or "") > 1} - SAMPLES
        members = {
            row["name"] for row in await fetch("select name from member where tenant_id = $1", town.id)
        }
        await execute("update member set sensitivity = 2 where tenant_id = $1", town.id)
    crowd, wrong, looked = Crowd(app), [], 0
    for role in CLEARED_FOR_NOBODY:
        who = await crowd.who(town, role.value)
        for row in asked_by(app, role, whole=True):
            if row.method == "GET":
                looked += 1
                wrong += [f"{role}: {one}" for one in await named_on(who, row, values, members)]
    for role in NARROWED:
        wrong += [f"{role}: {one}" for one in await of_nobody(crowd, app, town, role, values, names)]
    assert wrong == []
    assert looked > 500


async def of_nobody(
    crowd: Crowd, app: Litestar, town: TenantInfo, role: Role, values: dict[str, str], names: set[str]
) -> list[str]:
    """What somebody whose data scope holds nothing is shown, and what he can do with the ids of others."""
    who, wrong = await crowd.who(town, role.value), []
    with tenant_scope(town.id):
        await execute(_SEES_NOBODY, town.id, f"{role.value}-x")
    for row in asked_by(app, role, whole=False):
        if row.method == "GET":
            wrong += await named_on(who, row, values, names)
        elif row.ids and f"POST {row.path}" not in OPEN_TO_ALL:
            answer = await ask(who, row, values)
            if answer.status_code < 400:
                wrong.append(f"{row} was done: {answer.status_code}")
    return wrong
