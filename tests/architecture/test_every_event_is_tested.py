"""Every event of the audit log is told in some test, and docs/events.md knows every request (control 21)."""

import re
from pathlib import Path

from litestar import Litestar
from tests.support.routes import rows
from tests.support.told import NOTHING, documented, request_named

from jiceng.accounts.access import route_handlers
from jiceng.app import create_app
from jiceng.kernel.audit import Event
from jiceng.kernel.rest import is_api
from jiceng.kernel.settings import Settings

TESTS = Path(__file__).parents[1]


def told() -> set[str]:
    """Events that the matrices see, by docs/events.md."""
    return {
        event for said in documented().values() if not said.startswith(NOTHING) for event in said.split(", ")
    }


def test_every_event_is_told_in_a_test() -> None:
    source = "\n".join(path.read_text("utf-8") for path in TESTS.rglob("*.py"))
    named = set(re.findall(r"[\"']([a-z_]+)[\"']", source)) | told()
    assert [one for one in Event if one.value not in named and f"Event.{one.name}" not in source] == []
    assert told() <= {one.value for one in Event}


def test_the_page_names_no_request_that_does_not_exist() -> None:
    app = create_app(Settings(), own_database=False)
    there = {request_named(row.method, row.path) for row in rows(app)} | operations(app)
    assert documented().keys() - there == set()


def operations(app: Litestar) -> set[str]:
    """Every operation of the API."""
    return {
        request_named(str(method), route.path)
        for route, handler in route_handlers(app)
        if is_api(route.path)
        for method in getattr(handler, "http_methods", ())
    }
