"""How long the tests of an issue take: `make test ARGS=--cost` adds lines to the end of the run.

A line sums setup, call and teardown of every test that the issue asks for, over all workers: about what one
idle core would need for them. What they add to `make test` by the clock is measured by leaving them out:
`make test` and then `make test "ARGS=--without foundation"`, one after the other.

Four tests ask the routes of all issues: they say themselves what they spent on those of later ones, and ask
only these when the foundation is left out.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from tests.support.issues import ISSUES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMITED = ("first light", "foundation")
"""The issues whose tests may take so much time and no more."""
LATER_ISSUES = "seconds of later issues"
"""The property by which a test says what it spent on them."""
OF_ALL = (
    "test_the_route_matrix.py::test_each_row_answers_the_right_one_and_nobody_else",
    "test_every_page_is_fenced.py::test_the_headers_are_on_every_route_there_is",
    "test_the_api_keeps_its_document.py::test_generated_requests_of_every_operation",
    "test_nothing_personal_is_left_behind.py::test_canaries_are_found_nowhere",
)
"""Tests of the foundation that ask routes of all issues: they are left out in part only, see `Shares`."""


def names() -> dict[str, str]:
    """The issue of each folder, file and test (how it begins) that the table names."""
    return {
        name: issue for issue, asked in ISSUES.items() for text in asked.values() for name in text.split()
    }


@cache
def issue_of(nodeid: str) -> str:
    """The issue that asks for a test, by the closest name in the table; empty for every other one."""
    file, _, test = nodeid.removeprefix("tests/").partition("::")
    path, known = file.removesuffix(".py"), names()
    tests = (f"{path}::{test[:end]}" for end in range(len(test), 0, -1))
    folders = (path.rsplit("/", up)[0] for up in range(path.count("/") + 1))
    return next((known[name] for name in (*tests, *folders) if name in known), "")


class Shares:
    """What a test spends on routes of later issues; without the foundation it asks only these."""

    def __init__(self, *, only_later: bool) -> None:
        self.only_later = only_later
        self.later = 0.0
        """Seconds."""

    def wanted(self, *, later: bool) -> bool:
        """Whether a route is asked in this run."""
        return later or not self.only_later

    @contextmanager
    def spending(self, *, later: bool) -> Iterator[None]:
        """Count the seconds of the block."""
        began = perf_counter()
        yield
        self.later += (perf_counter() - began) * later


@pytest.fixture
def shares(pytestconfig: pytest.Config, record_property: Callable[[str, object], None]) -> Iterator[Shares]:
    """For tests in `OF_ALL`."""
    counted = Shares(only_later=pytestconfig.getoption("--without") == "foundation")
    yield counted
    record_property(LATER_ISSUES, counted.later)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--cost` and `--without`."""
    parser.addoption("--cost", action="store_true", help="tell how long the tests of issues 2 and 4 take")
    parser.addoption("--without", choices=LIMITED, default="", help="leave out the tests of an issue")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not wanted."""
    issue: str = config.getoption("--without")
    if issue:
        out = {each for each in items if issue_of(each.nodeid) == issue and not each.nodeid.endswith(OF_ALL)}
        config.hook.pytest_deselected(items=list(out))
        items[:] = [item for item in items if item not in out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Sum the durations of each issue's tests."""
    if not config.getoption("--cost"):
        return
    seconds, tests, later = dict.fromkeys(ISSUES, 0.0), {issue: set[str]() for issue in ISSUES}, 0.0
    for reports in terminalreporter.stats.values():
        for report in reports:
            issue = issue_of(getattr(report, "nodeid", ""))
            if hasattr(report, "duration") and issue:
                seconds[issue] += report.duration
                later += (
                    dict(report.user_properties).get(LATER_ISSUES, 0.0) if report.when == "teardown" else 0.0
                )
                tests[issue].add(report.nodeid)
    for issue in LIMITED:
        own = f"{issue}: {len(tests[issue])} tests, {seconds[issue]:.1f} s on one core"
        more = f", {later:.1f} s of them on routes of later issues" if issue == "foundation" else ""
        terminalreporter.write_line(own + more)
