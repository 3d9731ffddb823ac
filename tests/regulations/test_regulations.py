"""The sixteen regulations: every published example is a worked case, and all of them pass."""

from pathlib import Path

import pytest
from tests.regulations.census import census, counted_parts, rulebooks
from tests.regulations.published import FOLDER, HERE, LEDGER, differences, examples

from jiceng_sdk.cases import run_cases
from jiceng_sdk.cases.mutating import survivors
from jiceng_sdk.cases.reporting import report_lines
from jiceng_sdk.cases.sources import case_files, read_source
from jiceng_sdk.rulebook import Analysis
from jiceng_sdk.rulebook.analysis import analyse
from jiceng_sdk.rulebook.burden import burden, refused
from jiceng_sdk.rulebook.reading import read_rulebook

SCORING_EXAMPLES = 104
SAMPLED = 8
BOOKS = rulebooks(HERE)
UNSEEN = rulebooks(HERE / "unseen")
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
    assert written == census([*BOOKS, *UNSEEN]), "run: python -m tests.regulations.census"


def test_only_the_points_for_log_ins_and_likes_may_not_be_published() -> None:
    findings = {path.stem: burden(read_rulebook_analysis(path)) for path in BOOKS}
    assert [stem for stem, found in findings.items() if refused(found)] == ["07-sanjin-app-caps"]
    named = {(one.rule, one.path) for one in findings["07-sanjin-app-caps"] if one.severity == "refuse"}
    assert named >= {("login", "items.logins"), ("online_time", "items.reading"), ("likes", "items.likes")}


def read_rulebook_analysis(path: Path) -> Analysis:
    return analyse(read_rulebook(path.read_text(encoding="utf-8"), path.name))


@pytest.mark.parametrize("path", UNSEEN, ids=lambda path: path.stem)
def test_an_unseen_regulation_may_be_published_and_says_nothing_twice(path: Path) -> None:
    assert burden(read_rulebook_analysis(path)) == ()


@pytest.mark.parametrize("path", [*BOOKS, *UNSEEN], ids=lambda path: path.stem)
def test_a_sample_of_one_token_changes_is_noticed_by_the_cases(path: Path) -> None:
    """One change in `SAMPLED`, always the same ones; `make soak` tries them all."""
    source = read_source(path.with_name(f"{path.stem}.cases.toml"))
    assert survivors(source, every=SAMPLED).survived == ()


@pytest.mark.soak
@pytest.mark.parametrize("path", sorted(HERE.rglob("*.cases.toml")), ids=lambda path: path.stem)
def test_every_one_token_change_is_noticed_by_the_cases(path: Path) -> None:
    assert survivors(read_source(path)).survived == ()


def test_no_part_of_the_vocabulary_serves_a_single_regulation_only_by_accident() -> None:
    parts = counted_parts(BOOKS)
    assert {part for part, books in parts.items() if len(books) == len(BOOKS)} >= {"facts", "title"}
    assert len(parts) > 40, "the census looks at too little"
