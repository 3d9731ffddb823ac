"""Fixtures of the acceptance tests: the application on the test's database."""

import pytest
from litestar import Litestar

from jiceng.app import create_app
from jiceng.kernel.settings import Settings


@pytest.fixture(scope="session")
def app(settings: Settings) -> Litestar:
    """The whole application, built once for each worker; the fixture `database` connects it."""
    return create_app(settings, own_database=False)
