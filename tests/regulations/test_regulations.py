"""The sixteen regulations: every published example is a worked case, and all of them pass."""

from pathlib import Path

import pytest
from tests.regulations.census import census, counted_parts
from tests.regulations.published import FOLDER, HERE, LEDGER, differences, examples

from jiceng_sdk.cases import run_cases
from jiceng_sdk.cases.reporting import report_lines
from jiceng_sdk.cases.sources import case_files, read_source

SCORING_EXAMPLES = 104
BOOKS = sorted(path for path in HERE.glob("*.toml") if not path.name.endswith(".cases.toml"))
ROOT = HERE.parents[1]


@pytest.mark.parametrize("folder", [HERE], ids=["tests/regulations"])
def test_all_worked_cases_pass(folder: Path) -> None:
    report = run_cases([folder])
    assert report.fine, "\n".join(report_lines(report))
    assert report.passed > SCORING_EXAMPLES


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the regulations are not part of the repository")
def test_every_published_example_is_a_case_with_the_same_expected_values() -> None:
    cases = {
        (path.name.removesuffix(".cases.toml"), case.example): case
        for path in case_files([HERE])
        for case in read_source(path).file.cases
        if case.example
    }
    published = list(examples())
    assert len(published) == SCORING_EXAMPLES
    lacking = [f"{one.regulation} {one.id}" for one in published if (one.regulation, one.id) not in cases]
    assert lacking == []
    different = {
        f"{one.regulation} {one.id}": differences(one, cases[one.regulation, one.id]) for one in published
    }
    assert {name: found for name, found in different.items() if found} == {}
    assert len(cases) == SCORING_EXAMPLES


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the regulations are not part of the repository")
def test_every_regulation_but_the_ledger_has_its_rulebook() -> None:
    stems = {path.stem for path in FOLDER.glob("*.yaml")} - {LEDGER}
    assert {path.stem for path in BOOKS} == stems


def test_the_census_in_the_documents_is_the_one_counted() -> None:
    written = (ROOT / "docs" / "vocabulary-census.md").read_text(encoding="utf-8")
    assert written == census(BOOKS), "run: python -m tests.regulations.census"


def test_no_part_of_the_vocabulary_serves_a_single_regulation_only_by_accident() -> None:
    parts = counted_parts(BOOKS)
    assert {part for part, books in parts.items() if len(books) == len(BOOKS)} >= {"facts", "title"}
    assert len(parts) > 40, "the census looks at too little"
