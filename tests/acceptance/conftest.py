"""Fixtures of the acceptance tests: the application on the test's database."""

import msgspec
import pytest
from litestar import Litestar

from jiceng.app import create_app
from jiceng.kernel.settings import Settings


@pytest.fixture(scope="session")
def app(settings: Settings) -> Litestar:
    """The whole application, built once for each worker; the fixture `database` connects it."""
    # Tests sign in and ask oftener than anybody; the limits have tests of their own.
    patient = msgspec.structs.replace(settings, sign_ins_per_minute=100_000, api_per_minute=100_000)
    return create_app(patient, own_database=False)
