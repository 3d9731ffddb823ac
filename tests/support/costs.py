"""How long the tests of the foundation take: `make test ARGS=--cost` adds one line to the end of the run.

The line sums setup, call and teardown of every test in the files below, over all workers: what one idle core
would need for them. Divided by the number of workers it is what they add to `make test`. A second figure is
what a test says it spent on things of later issues: the route matrix asks the routes of all of them.
"""

from __future__ import annotations

from fnmatch import fnmatch
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_FOLDERS = """
integration/accounts integration/audit integration/children integration/database integration/files
integration/jobs integration/operations integration/servers integration/tenancy unit/accounts unit/app
unit/audit unit/console unit/database unit/files unit/kernel unit/operations unit/watching
"""
_STORIES = """
the_route_matrix the_api_ the_service_is the_record_console a_program a_person_ an_auditor a_flood names_
production_mode every_page odd_values nothing_ scopes_ fields_ labels_ personal_numbers whole_tables
a_second_person jobs_are files_are
"""
FOUNDATION = (
    *(f"tests/{folder}/*" for folder in _FOLDERS.split()),
    *(f"tests/acceptance/test_{story}*" for story in _STORIES.split()),
)
"""The files of issue 4, Foundation, complete."""

LATER_ISSUES = "seconds of later issues"
"""The property by which a test says so."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--cost`."""
    parser.addoption("--cost", action="store_true", help="tell how long the tests of the foundation take")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Sum the durations of the foundation's tests."""
    if not config.getoption("--cost"):
        return
    seconds, later, tests = 0.0, 0.0, set()
    for reports in terminalreporter.stats.values():
        for report in reports:
            name = getattr(report, "nodeid", "")
            if hasattr(report, "duration") and any(fnmatch(name.split("::")[0], each) for each in FOUNDATION):
                seconds += report.duration
                later += dict(report.user_properties).get(LATER_ISSUES, 0.0) if report.when == "call" else 0.0
                tests.add(name)
    own = f"foundation: {len(tests)} tests, {seconds:.1f} s on one core"
    terminalreporter.write_line(f"{own}, {later:.1f} s of them on routes of later issues")
