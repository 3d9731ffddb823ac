"""Every operation of the API × what a token may × whose it is; each first succeeds for the right one."""

import re
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar
from tests.support import rating_pages
from tests.support.ballot_pages import a_ballot
from tests.support.programs import EVERY_SCOPE, Program, token_for
from tests.support.told import differences, newest_entry, request_named, told_since
from tests.support.world import FOREIGN, OWN, path_values, two_complete_tenants

from jiceng.accounts.access import Permission, declared, route_handlers
from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng.kernel.rest import is_api
from jiceng.kernel.settings import Settings
from jiceng.tenancy.schemas import TenantInfo

CLAIM = {"item": "ZX99", "kind": "自选", "worth": "5", "stage": "已核验"}
BODIES: dict[str, Any] = {
    "runs": {"scheme": "points", "day": "2025-06-30"},
    "runs/{run_id:uuid}/cancel": None,
    "members/search": {"name": "D001"},
    "runs/{run_id:uuid}/results/search": {"name": "D001"},
    "schemes/{key:str}/facts/{kind:str}": {"facts": [{"date": "2026-05-01", "values": CLAIM}]},
    "facts/{seq:int}/corrections": {"reason": "录错", "values": None},
    "campaigns/{campaign:uuid}/sheets/{subject:uuid}/own": {"lines": []},
    "campaigns/{campaign:uuid}/sheets/{subject:uuid}/review": {"lines": []},
    "ballots/{ballot:uuid}/open": None,
    "ballots/{ballot:uuid}/close": None,
    "ballots/{ballot:uuid}/count": None,
}
ENDED = {
    "runs/{run_id:uuid}/cancel": 409,
    "runs": 404,
    "campaigns/{campaign:uuid}/sheets/{subject:uuid}/own": 403,
    "campaigns/{campaign:uuid}/sheets/{subject:uuid}/review": 409,
}
"""Refused here by the state of things: the run has ended, no rules were in force in 2025, the sheet is not
his, the time of its review has not come.
"""
NAMES = {"tenant", "key", "kind"}


class Operation(NamedTuple):
    """One method of one address below the tenant."""

    method: str
    path: str
    scope: Permission

    def address(self, values: dict[str, str]) -> str:
        return re.sub(r"{(\w+):\w+}", lambda found: values[found[1]], self.path)

    @property
    def ids(self) -> list[str]:
        return [name for name in re.findall(r"{(\w+):", self.path) if name not in NAMES]


def operations(app: Litestar) -> list[Operation]:
    """Every operation, from the router."""
    found = []
    for route, handler in route_handlers(app):
        if is_api(route.path) and "{tenant" in route.path:
            scope = declared(handler)
            assert isinstance(scope, Permission), route.path
            path = route.path.split("{tenant:str}/")[1]
            methods = handler.http_methods - {"HEAD"}  # type: ignore[attr-defined]
            found += [Operation(method, path, scope) for method in methods]
    return found


async def ask(who: Program, operation: Operation, values: dict[str, str]) -> httpx.Response:
    address = operation.address(values)
    if operation.method == "GET":
        return await who.get(address)
    body = BODIES[operation.path]
    if body and "facts" in body:
        body = {"facts": [{**body["facts"][0], "subject": values["member"]}]}
    return await who.post(address, body)


async def values_of(tenant: TenantInfo) -> dict[str, str]:
    values = await path_values(tenant) | {"kind": "claim"}
    with tenant_scope(tenant.id):
        unit = await fetch_value("select id from unit where tenant_id = $1 limit 1", tenant.id)
        values["unit"] = str(unit or uuid4())  # a province has none
        newest = (
            "select max(f.seq) from fact f join fact_kind k on k.tenant_id = f.tenant_id and k.id = f.kind"
            " where f.tenant_id = $1 and k.scheme = 'points'"
        )
        values["seq"] = str(await fetch_value(newest, tenant.id))
        at_home = (
            "select b.member from membership b where b.tenant_id = $1 and b.until is null"
            " and exists (select 1 from result r where r.tenant_id = $1 and r.subject = b.member) limit 1"
        )
        values["member"] = str(await fetch_value(at_home, tenant.id))
        values["counted_ballot"] = str((await a_ballot("counted"))[0])
        values["ballot"] = str((await a_ballot("ready"))[0])
    values |= await rating_pages.values(tenant) | {"subject": values["member"]}
    return values


async def test_each_operation_answers_the_right_token_and_no_other(
    app: Litestar, database: Settings, tmp_path: Path
) -> None:
    del database
    own, foreign = await two_complete_tenants(tmp_path)
    mine, theirs = await values_of(own), await values_of(foreign)
    everything = Program(app, OWN, await token_for(own.id, login="all"))
    abroad = Program(app, OWN, await token_for(foreign.id, login="abroad"))
    nobody = Program(app, OWN)
    wrong: list[str] = []
    told: dict[str, set[str]] = {}
    scopes = {one.scope for one in operations(app)}
    by_scope = {scope: await only_and_without(app, own, scope) for scope in scopes}
    for operation in operations(app):
        only, without = by_scope[operation.scope]
        for who, name, expected in (
            (without, "without the scope", 403),
            (abroad, "from abroad", 401),
            (nobody, "nobody", 401),
        ):
            answer = await ask(who, operation, mine)
            if answer.status_code != expected:
                wrong.append(f"{operation}: {name} got {answer.status_code}")
        for name in operation.ids:
            wrong += await foreign_like_absent(everything, operation, name, mine, theirs)
        request = request_named(operation.method, f"/api/v1/t/{{tenant}}/{operation.path}")
        before = await newest_entry(own.id)
        answer = await ask(only, operation, mine)
        if answer.status_code < 400:
            told[request] = await told_since(own.id, before)
        refused = ENDED.get(operation.path) if operation.method == "POST" else None
        if answer.status_code != refused and answer.status_code not in {200, 201, 202}:
            wrong.append(f"{operation}: the right one got {answer.status_code} {answer.text}")
    assert not wrong, "\n".join(wrong)
    assert "\n".join(differences(told)) == "", "docs/events.md"


async def only_and_without(app: Litestar, own: TenantInfo, scope: Permission) -> tuple[Program, Program]:
    """A program with this scope alone, and one with every other."""
    others = [one for one in EVERY_SCOPE if one is not scope]
    only = await token_for(own.id, [scope], login=f"only-{uuid4()}")
    without = await token_for(own.id, others, login=f"not-{uuid4()}")
    return Program(app, OWN, only), Program(app, OWN, without)


async def foreign_like_absent(
    who: Program, operation: Operation, name: str, mine: dict[str, str], theirs: dict[str, str]
) -> list[str]:
    """A foreign tenant's id gives what an absent id gives, byte for byte but for the request's own id."""
    answers = []
    foreign, absent = (theirs[name], str(uuid4())) if name != "seq" else ("8888888", "9999999")
    for value in (foreign, absent):
        answer = await ask(who, operation, {**mine, name: value})
        text = answer.text.replace(value, "ID").replace(answer.headers["x-request-id"], "REQUEST")
        answers.append((answer.status_code, text))
    if answers[0] != answers[1] or answers[0][0] != 404:
        return [f"{operation}: foreign {name} gave {answers[0]}, absent {answers[1]}"]
    return []


def test_the_matrix_covers_the_whole_document(app: Litestar) -> None:
    document = app.openapi_schema.to_schema()
    described = {
        (method.upper(), path.split("/t/{tenant}/")[1])
        for path, item in document["paths"].items()
        for method in item
    }
    asked = {(one.method, re.sub(r":\w+}", "}", one.path)) for one in operations(app)}
    assert asked == described
    assert len(asked) == 31
    assert {one.path for one in operations(app) if one.method == "POST"} == set(BODIES)


@pytest.mark.parametrize("slug", [OWN, FOREIGN, "nobody"])
async def test_an_unknown_tenant_looks_like_one_without_a_token(
    app: Litestar, two_tenants: tuple[int, int], slug: str
) -> None:
    del two_tenants
    assert (await Program(app, slug).get("members")).status_code in {401, 404}
