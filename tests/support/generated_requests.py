"""Requests generated from the API's own document, sent to a served application, each answer checked."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.generation import GenerationMode
from tests.support.appraisal import claimed, small_town, with_points
from tests.support.ballot_pages import a_ballot
from tests.support.programs import token_for

from jiceng.app import bind, create_app
from jiceng.evaluation.jobs import JOBS
from jiceng.evaluation.service import open_run
from jiceng.kernel.clock import today
from jiceng.kernel.database import close, connect, fetch_value, tenant_scope, transaction
from jiceng.kernel.jobs.work import run_due_jobs
from jiceng.tenancy.service import create_tenant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import Case

    from jiceng.kernel.settings import Settings

SLUG = "donghu"
checks.load_all_checks()
UNCHECKED: list[Any] = [checks.CHECKS.get_one("positive_data_acceptance")]
"""What fits the document may still be refused: the roster, the rulebook and the calendar have their say."""
REJECTION: Any = checks.CHECKS.get_one("negative_data_rejection")


class Served(NamedTuple):
    """Where the application answers, the token it knows, and real ids for its path parameters."""

    address: str
    token: str
    known: dict[str, str]


async def _town() -> tuple[str, dict[str, str]]:
    tenant = await create_tenant(SLUG, "东湖区", "district")
    with tenant_scope(tenant.id):
        people = await small_town(2)
        await with_points()
        await claimed(people["D001"], 5)
        async with transaction():
            run = await open_run("points", today())
    await run_due_jobs(JOBS)
    with tenant_scope(tenant.id):
        place = await fetch_value("select id from organization where tenant_id = $1 limit 1", tenant.id)
        ballot, _ = await a_ballot("counted")
    known = {"member": people["D001"], "subject": people["D001"], "run_id": str(run.id), "seq": "1"}
    known |= {"organization": str(place), "key": "points", "kind": "claim", "counted_ballot": str(ballot)}
    return await token_for(tenant.id), known


async def _prepared(settings: Settings) -> tuple[str, dict[str, str]]:
    await connect(settings)
    try:
        return await _town()
    finally:
        await close()


@contextmanager
def serving(settings: Settings) -> Iterator[Served]:
    """A small town behind the API, on a free port of this machine."""
    token, known = asyncio.run(_prepared(settings))
    app = create_app(msgspec.structs.replace(settings, api_per_minute=1_000_000))
    listening = bind("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the application did not start"
            time.sleep(0.02)
        yield Served(f"http://127.0.0.1:{listening.getsockname()[1]}", token, known)
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()


def document(served: Served) -> Any:
    """The document, as schemathesis reads it."""
    schema = schemathesis.openapi.from_url(f"{served.address}/api/v1/openapi.json")
    schema.config.update(base_url=served.address)
    return schema


def loses_its_fault(case: Case[Any]) -> bool:
    """Whether a parameter of the address has a value that no address can carry: it is sent without it.

    A case made wrong by an unknown parameter with an empty list is then a right one, and is answered.
    """
    return any(value is None or value in ([], {}) for value in (case.query or {}).values())


def faults_of(served: Served, operation: Any, each: int) -> list[str]:
    """What is wrong with the answers to `each` valid requests of one operation and as many that are not."""
    return [fault for mode in GenerationMode for fault in _faults_of(served, operation, mode, each)]


def _faults_of(served: Served, operation: Any, mode: GenerationMode, number: int) -> list[str]:
    found: list[str] = []
    session = requests.Session()

    @examples(max_examples=number, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        case: Case[Any] = data.draw(operation.as_strategy(generation_mode=mode))
        case.path_parameters["tenant"] = SLUG
        for name in sorted(set(case.path_parameters) & set(served.known)):
            if mode is GenerationMode.POSITIVE and data.draw(st.booleans()):
                case.path_parameters[name] = served.known[name]
        headers = {"authorization": f"Bearer {served.token}"}
        response = case.call(session=session, headers=headers)
        left_out = [*UNCHECKED, REJECTION] if loses_its_fault(case) else UNCHECKED
        case.validate_response(response, headers=headers, excluded_checks=left_out)

    try:
        ask()
    except BaseException as wrong:  # noqa: BLE001 - told by the test, with those of the other operations
        found.append(f"{operation.label} ({mode.value}): {wrong}")
    finally:
        session.close()
    return found
