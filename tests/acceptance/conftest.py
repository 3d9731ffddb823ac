"""Fixtures of the acceptance tests: the application on the test's database."""

import msgspec
import pytest
from jinja2 import FileSystemBytecodeCache
from litestar import Litestar
from litestar.plugins.jinja import JinjaTemplateEngine
from tests.support.database import data_folder

from jiceng.app import create_app
from jiceng.kernel.settings import Settings


@pytest.fixture(scope="session")
def app(settings: Settings) -> Litestar:
    """The whole application, built once for each worker; the fixture `database` connects it."""
    # Tests sign in and ask oftener than anybody; the limits have tests of their own.
    patient = msgspec.structs.replace(settings, sign_ins_per_minute=100_000, api_per_minute=100_000)
    built = create_app(patient, own_database=False)
    compiled = data_folder() / "templates"  # two seconds for all of them: the workers share what one compiled
    compiled.mkdir(exist_ok=True)
    assert isinstance(built.template_engine, JinjaTemplateEngine)
    built.template_engine.engine.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    return built
