"""Fixtures for every test: embedded servers, a migrated database, tenants."""

import itertools
import logging
import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest
import structlog
from tests.support.connected import Connected
from tests.support.database import copied, data_folder, ensure_template
from tests.support.emptying import Sweeper
from tests.support.hashing import quick_hashing

from jiceng.kernel.database.roles import database_of, with_database
from jiceng.kernel.servers import running
from jiceng.kernel.settings import Settings
from jiceng.tenancy import service as tenancy

pytest_plugins = ["tests.support.costs"]
# A failing test shows warnings and errors of the service, not a line for each of its requests.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
LONGEST = ("/test_soak.py", "_the_route_matrix.py", "_the_demo.py", "_the_api_keeps_its_document.py")
_copies = itertools.count(1)
quick_hashing()


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """`-n auto`: three workers on two cores, for each waits a third of its time for a server or a process."""
    del config
    cores = os.cpu_count() or 1
    return None if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else cores + (cores + 1) // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests go first, in that order: others run beside them, none is waited for at the end."""
    items.sort(key=lambda item: [name not in item.nodeid for name in LONGEST])


@pytest.fixture(scope="session")
def server() -> Iterator[Settings]:
    """The test servers, shared by all workers; the last one stops them."""
    with running(Settings(data_dir=data_folder()), durable=False) as settings:
        yield settings


@pytest.fixture(scope="session")
def template(server: Settings) -> str:
    """The name of the migrated template database."""
    return ensure_template(server)


@pytest.fixture(scope="session")
def settings(server: Settings, template: str) -> Iterator[Settings]:
    """Settings of this worker's own migrated database."""
    with copied(server, template, "w") as copy:
        yield copy


@pytest.fixture
def own_settings(server: Settings, template: str) -> Iterator[Settings]:
    """Settings of a copy for one test alone: for tests that change the schema."""
    with copied(server, template, str(next(_copies))) as copy:
        yield copy


@pytest.fixture(scope="session")
def sweeper(settings: Settings) -> Iterator[Sweeper]:
    """What empties this worker's database after each test."""
    url = with_database(settings.superuser_url, database_of(settings.database_url))
    with Sweeper(url) as ready:
        yield ready


@pytest.fixture
async def superuser(settings: Settings) -> AsyncIterator[Any]:
    """A connection past every policy, into this worker's database."""
    url = with_database(settings.superuser_url, database_of(settings.database_url))
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def connected(settings: Settings) -> AsyncIterator[Connected]:
    """The connections that the tests of this worker share, one after the other."""
    kept = Connected(settings)
    yield kept
    await kept.close()


@pytest.fixture
async def database(settings: Settings, sweeper: Sweeper, connected: Connected) -> AsyncIterator[Settings]:
    """The app's engine, connected to a migrated database without a row."""
    await connected.lend()
    try:
        yield settings
    finally:
        await connected.take_back()
        sweeper.empty()


@pytest.fixture
async def two_tenants(database: Settings, sweeper: Sweeper) -> tuple[int, int]:
    """The ids of two tenants: 东湖区 and, beside it, 西山区; the service enters them once for each worker."""
    del database
    return await sweeper.once("two tenants", _two_tenants)


async def _two_tenants() -> tuple[int, int]:
    first = await tenancy.create_tenant("donghu", "东湖区", "district")
    second = await tenancy.create_tenant("xishan", "西山区", "district")
    return first.id, second.id
