"""The table of what issues ask for (tests/support/issues.py) names what there is, nothing for two."""

import re
from pathlib import Path

import pytest
from tests.support.costs import LIMITED, issue_of, names
from tests.support.issues import ISSUES

TESTS = Path(__file__).parents[1]
NAMED = [name for asked in ISSUES.values() for text in asked.values() for name in text.split()]


def written_in(file: Path) -> list[str]:
    return re.findall(r"^(?:async )?def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)


def meant(name: str) -> list[str]:
    """The tests that a name of the table means."""
    path, _, beginning = name.partition("::")
    files = [TESTS / f"{path}.py"] if "test_" in path else sorted((TESTS / path).rglob("test_*.py"))
    return [
        f"{file.relative_to(TESTS.parent).as_posix()}::{test}"
        for file in files
        for test in written_in(file)
        if test.startswith(beginning)
    ]


def test_nothing_stands_in_the_table_twice() -> None:
    assert sorted(name for name in set(NAMED) if NAMED.count(name) > 1) == []


@pytest.mark.parametrize("name", sorted(set(NAMED)))
def test_every_name_means_tests_that_there_are_and_counts_for_some(name: str) -> None:
    counted = [test for test in meant(name) if issue_of(test) == names()[name]]
    assert counted
    assert "::" not in name or len(counted) == 1


def test_a_test_goes_before_its_file_and_a_file_before_its_folder() -> None:
    worker = "tests/integration/jobs/test_worker.py::test_"
    assert issue_of(f"{worker}a_worker_ends_when_its_supervisor_has_died") == "first light"
    assert issue_of(f"{worker}a_poison_job_is_parked_after_five_workers_and_others_proceed") == "foundation"
    assert issue_of("tests/integration/jobs/test_kills.py::test_anything[1-2]") == "first light"
    assert issue_of("tests/unit/operations/test_demo_stars.py::test_anything") == "later"
    assert issue_of("tests/unit/ballots/test_forms.py::test_anything") == ""
    assert set(LIMITED) < set(ISSUES)
